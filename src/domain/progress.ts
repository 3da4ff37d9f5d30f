import type { Attempt } from './attempt.ts'
import type { AttemptReport } from './attempt-report.ts'

/** How far an attempt came: epochs in a checkpoint, and the last step that it reported; null where it did not say. */
interface Reached {
  saved: number | null
  reported: number | null
}

const reachedBy = (report: AttemptReport | null): Reached => ({
  saved: report?.checkpoint?.step ?? null,
  reported: report?.last?.step ?? null,
})

const further = (a: number | null, b: number | null) => a !== null && (b === null || a > b)
const most = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b))

export type PastAttempt = Pick<Attempt, 'state' | 'report' | 'failure'>

/** One that the search stopped, and lets go on, did not crash. */
const hasCrashed = ({ state }: PastAttempt) => state !== 'stopped'

/**
 * Crashes before the present one since the training last got further than ever before: in epochs that were saved, or in
 * steps that were reported. Each of them was followed by a restart. Pure.
 * @param earlier its attempts before the present one, oldest first
 * @param present what the one that has just ended told
 * @param counts which of the earlier ones count
 */
export function crashesWithoutProgress(
  earlier: readonly PastAttempt[],
  present: AttemptReport | null,
  counts: (attempt: PastAttempt) => boolean = hasCrashed,
): number {
  let best: Reached = { saved: null, reported: null }
  let crashes = 0
  const look = (report: AttemptReport | null) => {
    const reached = reachedBy(report)
    if (further(reached.saved, best.saved) || further(reached.reported, best.reported)) crashes = 0
    best = { saved: most(best.saved, reached.saved), reported: most(best.reported, reached.reported) }
  }
  for (const attempt of earlier) {
    look(attempt.report)
    if (counts(attempt)) crashes++
  }
  look(present)
  return crashes
}

/**
 * How long a training took, ms: by Hone's clock where Hone saw it end, else by its engine's, but never longer than Hone knows
 * of it. So nobody who sets a clock meanwhile takes or gives a training time. Pure.
 * @param sinceStartMs from its start to now, by Hone's clock
 * @param container when it ran, by its engine's clock
 * @param isSeen whether it ended just now
 */
export function trainedMs(
  sinceStartMs: number,
  { startedAt, endedAt }: { startedAt: number | null; endedAt: number | null },
  isSeen: boolean,
): number {
  if (isSeen || startedAt === null || endedAt === null) return Math.max(0, sinceStartMs)
  return Math.max(0, Math.min(endedAt - startedAt, sinceStartMs))
}

/** The code of an attempt's failure whose checkpoints went with its container. */
export const CHECKPOINTS_LOST = 'checkpoints-lost'

/** Those that a further attempt can go on from: of what was lost with its checkpoints nothing is left. Pure. */
export function sinceAnew<A extends Pick<Attempt, 'failure'>>(attempts: readonly A[]): A[] {
  return attempts.slice(attempts.findLastIndex(({ failure }) => failure?.code === CHECKPOINTS_LOST) + 1)
}

type Timed = Pick<Attempt, 'startedAt' | 'endedAt' | 'engineEndedAt' | 'report'>

/**
 * Time of earlier attempts that a training goes on from, whole ms: up to each one's last checkpoint. What a crash took away
 * is not held against it. Pure.
 * @param epochsSaved null where the next attempt begins anew
 */
export function timeKept(earlier: readonly Timed[], epochsSaved: number | null): number {
  if (epochsSaved === null) return 0
  const kept = earlier.reduce((sum, { startedAt, endedAt, engineEndedAt, report }) => {
    if (startedAt === null || endedAt === null || !report?.checkpoint) return sum
    // Both by the clock of the engine, which may be hours from Hone's.
    const lost = Math.max(0, (engineEndedAt ?? endedAt) - report.checkpoint.at)
    return sum + Math.max(0, endedAt - startedAt - lost)
  }, 0)
  // The runtime tells times in parts of a millisecond, which the store refuses.
  return Math.round(kept)
}
