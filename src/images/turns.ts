/** Lets so many work at a time; the others wait in the order in which they came. */
export class Turns {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.#free = most
  }

  /**
   * @param waits called when the work cannot begin at once
   * @throws the signal's reason when it aborts before the turn has come
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, waits: () => void): Promise<T> {
    if (this.#free === 0) {
      waits()
      await this.#turn(signal)
    } else this.#free--
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      this.#next()
    }
  }

  /** Resolves when somebody has handed over. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(come)
        reject(signal.reason)
      }
      const come = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      if (signal.aborted) return reject(signal.reason)
      this.#waiting.add(come)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #next(): void {
    const [first] = this.#waiting
    if (first === undefined) this.#free++
    else {
      this.#waiting.delete(first)
      first()
    }
  }
}
