const KEPT = 5_000

/** What is known of things, each as of a version of it. */
export class Remembered<Known> {
  readonly #most: number
  readonly #kept = new Map<number, { version: number | null; known: Known }>()

  /** @param most so many are kept: the ones that were asked for longest ago go first */
  constructor(most = KEPT) {
    this.#most = most
  }

  /** What is kept of this version, else what `make` says now. */
  get(id: number, version: number | null, make: () => Known): Known {
    const kept = this.#kept.get(id)
    const entry = kept && kept.version === version ? kept : { version, known: make() }
    this.#kept.delete(id)
    this.#kept.set(id, entry)
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as number)
    return entry.known
  }
}
