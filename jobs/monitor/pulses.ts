import type { Executor } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import { type Pulse, pulseAfter } from '../../src/domain/pulse.ts'
import type { Store } from '../../src/store/store.ts'

/** So many looks in the time that a training may be silent, but neither more nor less often than these. */
const LOOKS = 10
const OFTEN_MS = 1_000
const SELDOM_MS = 30_000
/** Dashboards hear of a silence each time that it has grown by as much. */
const TOLD_MS = 60_000

interface Parts {
  store: Store
  executor: Pick<Executor, 'usage'>
  /** A clock that nobody sets, ms. */
  steady: () => number
}

/** Feels the pulse of running attempts; what it finds is stored, so that a restart of the server does not begin anew. */
export class Pulses {
  readonly #parts: Parts
  /** When each attempt was last looked at, by the steady clock. */
  readonly #looked = new Map<number, number>()
  readonly #heard = new Set<number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** It has written to its log, or reported something. */
  heard(attemptId: number): void {
    this.#heard.add(attemptId)
  }

  /**
   * Its pulse after a look; as it was before where the last look was just now, or the engine does not tell what it uses: what
   * is not known is neither silence nor a sign of life.
   */
  async feel({ id, container, pulse }: Attempt, limitMs: number): Promise<Pulse> {
    const { store, executor, steady } = this.#parts
    const last = this.#looked.get(id)
    const every = Math.min(SELDOM_MS, Math.max(OFTEN_MS, limitMs / LOOKS))
    if (last !== undefined && steady() - last < every) return pulse
    // Of one container; whether the engine itself is away, the next list of all tells.
    const usage = await executor.usage(container).catch(() => undefined)
    const at = steady()
    const heard = this.#heard.delete(id)
    this.#looked.set(id, at)
    if (usage === undefined && !heard) return pulse
    const now = pulseAfter(pulse, heard, usage ?? null, last === undefined ? 0 : at - last)
    const minutes = ({ silentMs }: Pulse) => Math.floor(silentMs / TOLD_MS)
    store.transaction(() => store.attempts.feel(id, now, minutes(now) !== minutes(pulse)))
    return now
  }

  /** The engine could not be asked: the time since the last look is not known. */
  skip(): void {
    this.#looked.clear()
  }

  /** Forgets all attempts but these. */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const id of this.#looked.keys()) if (!ids.has(id)) this.#looked.delete(id)
    for (const id of this.#heard) if (!ids.has(id)) this.#heard.delete(id)
  }
}
