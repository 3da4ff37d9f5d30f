/** A list of those who want to be told. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>()

  /** @returns a function that takes the listener off again */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  call(value: T): void {
    for (const listener of this.#all) listener(value)
  }
}
