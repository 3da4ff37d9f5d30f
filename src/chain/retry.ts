import type { Failure } from '../domain/failure.ts'
import type { Job } from '../domain/job.ts'

const MAX_TRIES = 6
const BASE_MS = 1_000
const LIMIT_MS = 60_000
/** What is away may be back any moment, and asking is cheap. */
const UNAVAILABLE_MS = 5_000

export type AfterError =
  | { action: 'retry'; at: number; countTry: boolean }
  | { action: 'fail'; failure: Failure }

/**
 * What becomes of a job that threw. User failures end the run; system failures are tried again with exponential
 * back-off, up to a limit; what is unavailable is waited for until the deadline.
 * @param deadline when its run's time is over, ms since the epoch; null: never for this job
 */
export function afterError(
  failure: Failure,
  job: Pick<Job, 'tries'>,
  deadline: number | null,
  now: number,
): AfterError {
  if (failure.kind === 'user') return { action: 'fail', failure }
  if (deadline !== null && now >= deadline) {
    return { action: 'fail', failure: { ...failure, message: `${failure.message} The run's time is over.` } }
  }
  if (failure.kind === 'unavailable') return { action: 'retry', at: now + UNAVAILABLE_MS, countTry: false }
  if (job.tries + 1 >= MAX_TRIES) {
    const remedy = [failure.remedy, 'Then push again; `hone doctor` and the server log may say more.'].join(
      ' ',
    )
    return {
      action: 'fail',
      failure: { ...failure, message: `${failure.message} (tried ${MAX_TRIES} times)`, remedy },
    }
  }
  return { action: 'retry', at: now + Math.min(BASE_MS * 2 ** job.tries, LIMIT_MS), countTry: true }
}
