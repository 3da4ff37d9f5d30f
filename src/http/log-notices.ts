import type { LogNotice } from './contract.ts'

export interface Notice extends LogNotice {
  runId: number
}

interface Pending {
  latest: Notice
  told: Notice
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

  /**
   * @param bytes size of the log now
   * @param held whether later lines come when the attempt has ended
   */
  grown(runId: number, attemptId: number, bytes: number, held = false): void {
    const notice = { runId, attemptId, bytes, held }
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
    const pending = { latest: notice, told: notice }
    this.#waiting.set(notice.attemptId, pending)
    setTimeout(() => {
      this.#waiting.delete(notice.attemptId)
      const { latest, told } = pending
      if (latest.bytes !== told.bytes || latest.held !== told.held) this.#tell(latest)
    }, this.#intervalMs).unref()
  }
}
