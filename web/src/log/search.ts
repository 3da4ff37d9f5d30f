import type { LogSearchView } from '../../../src/http/contract.ts'
import { ApiError } from '../api.ts'
import { Listeners } from '../listeners.ts'
import type { Place } from './rows.ts'

/** Hits that are asked for before somebody walks beyond them. */
export const PAGE = 10_000
const RETRY_MS = 2000

export type SearchLog = (
  attemptId: number,
  from: number,
  limit: number,
  signal: AbortSignal,
) => Promise<LogSearchView>

/**
 * One search through the logs of a trial's attempts, in their order; it goes on where the logs grow, and after a while
 * where there was no answer.
 */
export class LogSearch {
  /** In their order. */
  hits: Place[] = []
  searching = false
  /** There may be further hits: `more` looks for them. */
  unfinished = false
  error: ApiError | null = null
  version = 0
  readonly changed = new Listeners<void>()
  readonly #search: SearchLog
  #attemptIds: readonly number[] = []
  #part = 0
  #from = 1
  #ended = false
  /** The logs have grown meanwhile. */
  #again = false
  #request = new AbortController()
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(search: SearchLog) {
    this.#search = search
  }

  /** Looks at what has not been looked at, as far as a page of hits goes. */
  async goOn(attemptIds: readonly number[]): Promise<void> {
    this.#attemptIds = attemptIds
    this.#ended = false
    if (this.unfinished) return
    this.#again = this.searching
    if (!this.searching) await this.#run()
  }

  async more(): Promise<void> {
    if (this.searching || !this.unfinished) return
    this.unfinished = false
    await this.#run()
  }

  /** Searches on at once where there was no answer. */
  async again(): Promise<void> {
    if (!this.searching && this.error !== null) await this.#run()
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#ended = true
    this.#request.abort()
    clearTimeout(this.#retry)
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry)
    this.#request = new AbortController()
    const { signal } = this.#request
    this.searching = true
    const most = this.hits.length + PAGE
    try {
      while (!signal.aborted && this.#part < this.#attemptIds.length) {
        const id = this.#attemptIds[this.#part] as number
        const { hits, next, through } = await this.#search(id, this.#from, most - this.hits.length, signal)
        if (signal.aborted) return
        const part = this.#part
        if (hits.length > 0) this.hits = [...this.hits, ...hits.map((line) => ({ part, line }))]
        this.error = null
        this.#from = next ?? Math.max(this.#from, through + 1)
        if (this.hits.length >= most) {
          this.unfinished = true
          break
        }
        if (next === null) {
          if (this.#part === this.#attemptIds.length - 1 && !this.#again) break
          if (this.#part === this.#attemptIds.length - 1) {
            this.#again = false
            continue
          }
          this.#part++
          this.#from = 1
        }
        this.#tell()
      }
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ApiError)) throw error
      this.error = error
      this.#retry = setTimeout(() => void this.again(), RETRY_MS)
    } finally {
      this.searching = false
      this.#tell()
      // Somebody came back before the request had ended.
      if (signal.aborted && !this.#ended) void this.#run()
    }
  }

  #tell(): void {
    this.version++
    this.changed.call()
  }
}
