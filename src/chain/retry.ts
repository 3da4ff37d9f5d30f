import type { Failure } from '../domain/failure.ts'
import { failsSince, type Job } from '../domain/job.ts'

const MAX_TRIES = 6
const BASE_MS = 1_000
const LIMIT_MS = 60_000
/** What has failed for hours is asked for less often. */
const PATIENT_LIMIT_MS = 5 * 60_000
/** What is away may be back any moment, and asking is cheap. */
const UNAVAILABLE_MS = 5_000
const DAY_MS = 86_400_000

export type AfterError =
  | { action: 'retry'; at: number; countTry: boolean }
  | { action: 'fail'; failure: Failure }

/**
 * How long a job is tried again: until its run's time is over (ms since the epoch; null: it has no end), and after a system failure a
 * number of times; or, with `patienceMs`, for so long after its first system
 * failure, whatever else came in between, and whatever the run's time and the number of tries.
 */
export interface Patience {
  deadline: number | null
  patienceMs: number | null
  /** When what is unavailable is there again, ms since the epoch; null: nobody knows. */
  until?: number | null
}

/**
 * What becomes of a job that threw. User failures end the run; system failures are tried again with exponential
 * back-off, up to a limit; what is unavailable is waited for until the deadline.
 * @param now ms since the epoch
 */
export function afterError(
  failure: Failure,
  job: Pick<Job, 'tries' | 'failingSince'>,
  { deadline, patienceMs, until = null }: Patience,
  now: number,
): AfterError {
  if (failure.kind === 'user') return { action: 'fail', failure }
  if (patienceMs === null && deadline !== null && now >= deadline) {
    return { action: 'fail', failure: { ...failure, message: `${failure.message} The run's time is over.` } }
  }
  if (failure.kind === 'unavailable')
    return { action: 'retry', at: until ?? now + UNAVAILABLE_MS, countTry: false }
  const isOver =
    patienceMs === null
      ? job.tries + 1 >= MAX_TRIES
      : now - (failsSince(job, failure, now) ?? now) >= patienceMs
  if (isOver) {
    const tried = patienceMs === null ? `${MAX_TRIES} times` : `for ${Math.round(patienceMs / DAY_MS)} days`
    const remedy = [failure.remedy, 'Then push again; `hone doctor` and the server log may say more.'].join(
      ' ',
    )
    return { action: 'fail', failure: { ...failure, message: `${failure.message} (tried ${tried})`, remedy } }
  }
  const most = patienceMs === null ? LIMIT_MS : PATIENT_LIMIT_MS
  return { action: 'retry', at: now + Math.min(BASE_MS * 2 ** job.tries, most), countTry: true }
}
