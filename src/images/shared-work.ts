export type Progress = (line: string) => void

interface Shared {
  promise: Promise<unknown>
  listeners: Set<Progress>
  abort: AbortController
}

/** Callers that want the same thing at the same time share one piece of work; it is given up when all of them left. */
export class SharedWork {
  readonly #running = new Map<string, Shared>()

  /**
   * @param key the same for the same work
   * @param start gets a progress that all callers hear, and a signal that aborts when the last one has left
   */
  async run<T>(
    key: string,
    start: (progress: Progress, signal: AbortSignal) => Promise<T>,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted()
    const shared = this.#running.get(key) ?? this.#start(key, start)
    // Of its own: one function may come from two callers.
    const listener: Progress = (line) => progress(line)
    shared.listeners.add(listener)
    let abort = () => {}
    const left = new Promise<never>((_, reject) => {
      abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
    })
    try {
      return (await Promise.race([shared.promise, left])) as T
    } finally {
      signal?.removeEventListener('abort', abort)
      shared.listeners.delete(listener)
      if (shared.listeners.size === 0) {
        // Somebody who comes now starts anew.
        if (this.#running.get(key) === shared) this.#running.delete(key)
        shared.abort.abort(signal?.reason)
      }
    }
  }

  #start(key: string, start: (progress: Progress, signal: AbortSignal) => Promise<unknown>): Shared {
    const listeners = new Set<Progress>()
    const abort = new AbortController()
    const promise = start((line) => {
      for (const listener of listeners) tell(listener, line)
    }, abort.signal)
    const shared = { promise, listeners, abort }
    this.#running.set(key, shared)
    promise
      .catch(() => {})
      .finally(() => {
        if (this.#running.get(key) === shared) this.#running.delete(key)
      })
    return shared
  }
}

/** One who cannot take a line, as with a full disk, must not end the work of all; the next line comes soon. */
function tell(listener: Progress, line: string): void {
  try {
    listener(line)
  } catch {
    // Progress is only told, never needed.
  }
}
