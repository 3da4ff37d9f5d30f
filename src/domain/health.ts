import type { Disks } from './disk.ts'

export interface Problem {
  /** `engine`, `disk`, `mail`, ... */
  part: string
  /** ms since the epoch. */
  since: number
  message: string
  remedy: string
}

/** What is known of the surroundings beside what is wrong with them; each part tells it as it sees it. */
export interface Facts {
  /** `at`: when it answered last, ms since the epoch; `version` null until it was asked. */
  engine?: { version: string | null; at: number }
  disks?: Disks
  /** The last webhook request that did not carry its project's signature. */
  badSignature?: { project: string; at: number }
}

/** What is wrong with the surroundings right now: each part says so itself, and says when it is over. */
export class Health {
  readonly #problems = new Map<string, Problem>()
  readonly #facts: Facts = {}
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

  know<Part extends keyof Facts>(part: Part, fact: Required<Facts>[Part]): void {
    this.#facts[part] = fact
  }

  facts(): Readonly<Facts> {
    return this.#facts
  }

  problems(): Problem[] {
    return [...this.#problems.values()]
  }
}
