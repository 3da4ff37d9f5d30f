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

  /** Keeps the first time of a problem that goes on. @param known since when, where that was known before, ms since the epoch */
  report(part: string, message: string, remedy: string, known?: number): void {
    const since = this.#problems.get(part)?.since ?? known ?? this.#now()
    this.#problems.set(part, { part, since, message, remedy })
  }

  clear(part: string): void {
    this.#problems.delete(part)
  }

  problems(): Problem[] {
    return [...this.#problems.values()]
  }
}
