import type { Running } from '../../src/chain/contract.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import { epochsSaved } from '../../src/domain/attempt-report.ts'
import { sinceAnew, timeKept, trainedMs } from '../../src/domain/progress.ts'
import type { JobContext } from '../context.ts'
import { trainingTime } from '../progress.ts'

const MINUTE_MS = 60_000
/** Node keeps no timer of more than 24 days, and the stored time is moved along when the clock is set. */
const LOOK_MS = 15_000
/** Between the moment a deadline is counted from and that of the start. */
const LATE_MS = 1000

/** What is left to this attempt of the time of its trial, ms: what it goes on from took its part. */
function ownTime(
  { run, store }: JobContext & Running,
  { trialId, number }: Pick<Attempt, 'trialId' | 'number'>,
) {
  const earlier = sinceAnew(store.attempts.ofTrial(trialId).filter((other) => other.number < number))
  const kept = timeKept(earlier, epochsSaved(earlier.map(({ report }) => report)))
  return Math.max(0, Math.ceil(run.settings.timeLimit * MINUTE_MS) - kept)
}

/** Of the run, as it is stored: it is moved along when the clock is set. */
const deadlineOf = ({ store, run }: JobContext & Running) => store.runs.get(run.id).deadline

/** When a training that starts now is stopped, ms since the epoch. */
export function deadlineFromNow(
  context: JobContext & Running,
  attempt: Pick<Attempt, 'trialId' | 'number'>,
): number {
  const { run, now, store } = context
  const { trainingBudget } = run.settings
  const limit = Math.min(now() + ownTime(context, attempt), deadlineOf(context) ?? Number.POSITIVE_INFINITY)
  if (trainingBudget === undefined) return limit
  // Those that train now share what is left.
  const running = store.attempts.ofRun(run.id).filter(({ state }) => state === 'running').length
  const left = trainingBudget * MINUTE_MS - trainingTime(store, run)
  return Math.ceil(Math.min(limit, now() + Math.max(0, left) / Math.max(1, running)))
}

/** How long it trained, ms. @param isSeen whether it ended just now */
export function timeOf(
  { store, now }: JobContext,
  { id }: Attempt,
  status: ContainerStatus,
  isSeen: boolean,
): number {
  const { startedAt } = store.attempts.get(id)
  return startedAt === null ? 0 : trainedMs(now() - startedAt, status, isSeen)
}

/** Whether it trained for as long as it may, and ended while no server looked. */
export function ranOver({ store }: JobContext, { id }: Attempt, trainedMs: number): boolean {
  const { startedAt, deadline } = store.attempts.get(id)
  return startedAt !== null && trainedMs >= deadline - startedAt - LATE_MS
}

/** Which limit ended the training that was overdue. What is stored counts: it is moved along when the clock is set. */
export function limitOf(context: JobContext & Running, { id }: Attempt) {
  const { store, run } = context
  const attempt = store.attempts.get(id)
  if (attempt.deadline === deadlineOf(context)) return 'run'
  const ownLimit = (attempt.startedAt ?? attempt.createdAt) + ownTime(context, attempt)
  return run.settings.trainingBudget !== undefined && attempt.deadline < ownLimit - LATE_MS
    ? 'budget'
    : 'training'
}

/**
 * Stops a training once its stored deadline has passed, and again while that has no effect.
 * @returns whether it has passed, and what ends the watch
 */
export function stopWhenOver(
  { store, now, logger }: JobContext,
  { id }: Attempt,
  stop: () => void,
): { readonly isUp: boolean; end(): void } {
  let timer: NodeJS.Timeout
  let isUp = false
  const look = () => {
    let left = LOOK_MS
    try {
      left = store.attempts.get(id).deadline - now()
    } catch (error) {
      logger.warn({ err: error, attempt: id }, 'a deadline could not be looked at; it is looked at again')
    }
    isUp = left <= 0
    if (isUp) stop()
    timer = setTimeout(look, isUp ? LOOK_MS : Math.min(left, LOOK_MS))
  }
  look()
  return {
    get isUp() {
      return isUp
    },
    end: () => clearTimeout(timer),
  }
}
