/** Why a size stays in a program that could not be followed to its end. */
export const TOO_LARGE = 'the program is too large to follow'

/** Elements of a list; more are data, no layers. */
export const LONGEST = 4096
/** Factors of a size, and literals that it is computed from. */
export const FACTORS = 64
/** Characters of the form of a size. */
export const CHARACTERS = 10_000
/** One is about what an expression takes: some microseconds. More than any program needs whose models a person can read. */
const UNITS = 55_000

/** The work that may be spent on one program. It is counted, not timed, so that every machine finds the same. */
export class Work {
  private left: number

  constructor(units = UNITS) {
    this.left = units
  }

  /** There was more to do than could be done. */
  get exhausted(): boolean {
    return this.left < 0
  }

  /** @returns false when there was too much of it */
  spend(units = 1): boolean {
    this.left -= units
    return this.left >= 0
  }

  /** Spends for a look at each of many values, which takes far less than an expression. */
  look(values: number): boolean {
    return this.spend(values / 8)
  }

  /** Nothing more is done. */
  stop(): void {
    this.left = Number.NEGATIVE_INFINITY
  }
}
