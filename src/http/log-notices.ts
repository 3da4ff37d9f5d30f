import type { LogNotice } from './contract.ts'

export interface Notice extends LogNotice {
  runId: number
}

interface Pending {
  latest: Notice
  told: number
}

/**
 * Tells the live streams that a log has grown: the first time at once, then at most once in `intervalMs` for each
 * attempt, the last growth always.
 */
export class LogNotices {
  readonly #listeners = new Set<(notice: Notice) => void>()
  readonly #waiting = new Map<number, Pending>()
  readonly #intervalMs: number

  constructor(intervalMs = 200) {
    this.#intervalMs = intervalMs
  }

  /** @param bytes size of the log now */
  grown(runId: number, attemptId: number, bytes: number): void {
    const notice = { runId, attemptId, bytes }
    const pending = this.#waiting.get(attemptId)
    if (pending) {
      pending.latest = notice
      return
    }
    this.#tell(notice)
  }

  /** @returns a function that ends it */
  subscribe(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(notice: Notice): void {
    for (const listener of this.#listeners) listener(notice)
    const pending = { latest: notice, told: notice.bytes }
    this.#waiting.set(notice.attemptId, pending)
    setTimeout(() => {
      this.#waiting.delete(notice.attemptId)
      if (pending.latest.bytes !== pending.told) this.#tell(pending.latest)
    }, this.#intervalMs).unref()
  }
}
