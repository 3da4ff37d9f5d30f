import type { Running } from '../../src/chain/contract.ts'
import { toFailure } from '../../src/domain/failure.ts'
import type { Conclusion } from '../../src/domain/run.ts'
import { bestTrial, shouldStop } from '../../src/search/stop.ts'
import type { JobContext } from '../context.ts'
import { progressOf } from '../progress.ts'
import { studyOf } from '../study.ts'

/**
 * Whether a training waited, for a slot or for the engine, until its run's time was over, and the run has something to tell
 * without it: a value, or others that may still bring one. Where it has not, what was waited for is why the run failed.
 * @param error what the training was ended by
 */
export function isTimeOver(context: JobContext & Running, error: unknown): boolean {
  const { store, run, signal } = context
  if (signal.aborted || toFailure(error).kind !== 'unavailable') return false
  const study = studyOf(store, run)
  const { nowMs, deadlineMs, inFlight } = progressOf(context, study, null)
  if (deadlineMs === null || nowMs < deadlineMs) return false
  return inFlight > 0 || bestTrial(study.trials, run.settings) !== null
}

/** Takes back the trial of such a training, and says how the run ends if it ends here. Inside a transaction. */
export function giveUpForTime(context: JobContext & Running, trialId: number): Conclusion | null {
  const { store, run } = context
  store.cancelTrial(trialId)
  const study = studyOf(store, run)
  return shouldStop(study.trials, run.settings, progressOf(context, study, null))
}
