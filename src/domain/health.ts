export interface Problem {
  /** `engine`, `disk`, `mail`, ... */
  part: string
  /** ms since the epoch. */
  since: number
  message: string
  remedy: string
}

/** What is wrong with the surroundings right now: each part says so itself, and says when it is over. */
export class Health {
  readonly #problems = new Map<string, Problem>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Keeps the first time of a problem that goes on. */
  report(part: string, message: string, remedy: string): void {
    const since = this.#problems.get(part)?.since ?? this.#now()
    this.#problems.set(part, { part, since, message, remedy })
  }

  clear(part: string): void {
    this.#problems.delete(part)
  }

  problems(): Problem[] {
    return [...this.#problems.values()]
  }
}
