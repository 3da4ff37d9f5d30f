import type { Store } from '../../src/store/store.ts'

/**
 * Keeps account of an engine that does not answer. What passes while no server runs is not held against anyone: a machine
 * that was off over the weekend starts its engine a little later than Hone.
 */
export class EngineAway {
  readonly #store: Store
  readonly #steady: () => number
  readonly #limitMs: number
  #lastLook: number | null = null

  constructor(store: Store, { limitMs, steady }: { limitMs: number; steady: () => number }) {
    this.#store = store
    this.#limitMs = limitMs
    this.#steady = steady
  }

  /** It did not answer. @returns since when, ms since the epoch */
  missed(): number {
    const { engineAway, now } = this.#store
    const at = this.#steady()
    const { since, awayMs } = engineAway.get() ?? { since: now(), awayMs: 0 }
    const elapsed = this.#lastLook === null ? 0 : at - this.#lastLook
    this.#lastLook = at
    engineAway.set({ since, awayMs: awayMs + elapsed })
    return since
  }

  /** It answered. */
  back(): void {
    this.#lastLook = null
    if (this.#store.engineAway.get()) this.#store.engineAway.clear()
  }

  /** Whether it has been away for longer than runs wait for it. */
  get isTooLong(): boolean {
    return (this.#store.engineAway.get()?.awayMs ?? 0) >= this.#limitMs
  }
}
