import type { Executor } from '../containers/executor.ts'
import { type Capacity, capacityOf } from '../domain/slots.ts'

/** How long an engine that does not answer holds up what is known without it. */
const WITHIN_MS = 1_000
/** A machine is seldom built anew. */
const REMEMBERED_MS = 10_000

/**
 * What trainings may have of an engine, for what is told beside other things: as it said a few seconds ago at most, and null where
 * it does not answer soon. One question at a time.
 * @param now ms since the epoch
 */
export function knownCapacity(
  executor: Pick<Executor, 'info'>,
  parallel: number,
  now: () => number = Date.now,
): () => Promise<Capacity | null> {
  let at = Number.NEGATIVE_INFINITY
  let known: Promise<Capacity | null> = Promise.resolve(null)
  return () => {
    // A clock that was set back makes what is remembered no younger.
    if (Math.abs(now() - at) >= REMEMBERED_MS) {
      at = now()
      known = executor.info(WITHIN_MS).then(
        (info) => capacityOf(info, parallel),
        () => null,
      )
    }
    return known
  }
}
