import type { Query, QueryClient, QueryKey } from '@tanstack/react-query'

/** Queries are refreshed at most this often, however many events come. */
const REFRESH_MS = 250

/**
 * Asks again for what events have made stale, and takes no request back for it: one that is under way ends, and is
 * followed by another, since its answer may be older than the event. So a page behind a slow answer goes on too.
 */
export class Refresh {
  readonly #client: QueryClient
  readonly #unsubscribe: () => void
  #stale: QueryKey[] = []
  /** Stale, and under way with a request that began before. */
  readonly #waiting = new Set<Query>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: QueryClient) {
    this.#client = client
    this.#unsubscribe = client.getQueryCache().subscribe(({ type, query }) => {
      if (!this.#waiting.has(query)) return
      if (type === 'removed') this.#waiting.delete(query)
      else if (query.state.fetchStatus === 'idle') this.#schedule()
    })
  }

  /** @param keys beginnings of keys of queries; `[]` stands for all */
  mark(keys: readonly QueryKey[]): void {
    if (keys.length === 0) return
    this.#stale.push(...keys)
    this.#schedule()
  }

  /** Nothing is asked for any more. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#unsubscribe()
  }

  #schedule() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#flush()
    }, REFRESH_MS)
  }

  #flush() {
    for (const queryKey of this.#stale) {
      for (const query of this.#client.getQueryCache().findAll({ queryKey })) this.#waiting.add(query)
    }
    this.#stale = []
    for (const query of this.#waiting) {
      if (query.state.fetchStatus === 'fetching') continue
      this.#waiting.delete(query)
      void this.#client.invalidateQueries({ queryKey: query.queryKey, exact: true })
    }
  }
}
