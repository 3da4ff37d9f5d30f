import type { Running } from '../../src/chain/contract.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'
import { type Attempt, signalOf } from '../../src/domain/attempt.ts'
import { type AttemptReport, epochsSaved } from '../../src/domain/attempt-report.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { AttemptEnd, ExceptionSeen } from '../../src/domain/remedy.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { reached } from '../../src/fault-points.ts'
import { readMetricFiles } from '../../src/metrics/files.ts'
import { lastOf } from '../../src/metrics/report.ts'
import { classifyException, readTraceback } from '../../src/metrics/traceback.ts'
import type { JobContext } from '../context.ts'
import { trainingTime } from '../progress.ts'
import type { RunDetection } from '../schemas.ts'
import { STOP_GRACE_SECONDS, startContainer } from './container.ts'
import { placeInEntry, WORKDIR, workdirOf } from './entry.ts'
import { type FollowedEvents, followEvents } from './events.ts'
import { readResultFiles } from './files.ts'
import { type FollowedLog, followLog } from './follow.ts'
import { type Halt, watchTraining } from './watch.ts'

/** Of one source, at the end of an attempt; what the log reported before is stored already. */
const MAX_LATE = 1_000

export interface AttemptResult {
  /** Null when the engine no longer knows the container. */
  status: ContainerStatus | null
  end: AttemptEnd
  metrics: Metric[]
  /** Of these, what may not be in the store yet. */
  unstored: Metric[]
  /** Why the search ended the training; null when it came to its end in another way. */
  halt: Halt | null
  /** Null where the runtime told nothing. */
  report: AttemptReport | null
}

/**
 * Brings one attempt to its end, from wherever it is: not yet created, created, running since an earlier server, or
 * ended while no server ran.
 */
export async function runAttempt(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  image: string,
): Promise<AttemptResult> {
  const { executor } = context
  const there = await executor.inspect(attempt.container)
  if (there === null && attempt.state === 'running') return lost(context, attempt)
  if (there === null || there.state === 'created') await startContainer(context, trial, attempt, image)
  const running = attempt.state === 'starting' ? markRunning(context, attempt) : attempt
  const { status, log, events, halt, timeUp } = await untilEnd(context, trial, running)
  if (status === null) return lost(context, attempt, { log, events })
  reached('exit')
  const overdue = there?.state === 'exited' ? ranOver(context, attempt, status) : timeUp
  const result = await collect(context, trial, running, status, { log, events, overdue })
  return { ...result, halt: wasStopped(status) && result.end.timedOut === null ? halt : null }
}

/** When a training that starts now is stopped, ms since the epoch. */
export function deadlineFromNow({ run, now, store }: JobContext & Running): number {
  const { timeLimit, trainingBudget } = run.settings
  const { deadline } = store.runs.get(run.id)
  const limit = Math.min(now() + timeLimit * 60_000, deadline ?? Number.POSITIVE_INFINITY)
  if (trainingBudget === undefined) return limit
  // Those that train now share what is left.
  const running = store.attempts.ofRun(run.id).filter(({ state }) => state === 'running').length
  const left = trainingBudget * 60_000 - trainingTime(store, run)
  return Math.ceil(Math.min(limit, now() + Math.max(0, left) / Math.max(1, running)))
}

/** The time of a training counts from here, however long its container took to come. */
const markRunning = (context: JobContext & Running, attempt: Attempt) =>
  context.store.transaction(() =>
    context.store.attempts.transition(attempt.id, 'running', { deadline: deadlineFromNow(context) }),
  )

async function untilEnd(context: JobContext & Running, trial: Trial, attempt: Attempt) {
  const { executor, monitor, now } = context
  // What goes wrong here is seen by the wait itself: the container goes on, or the engine is away.
  const stop = () => void executor.stop(attempt.container, STOP_GRACE_SECONDS).catch(() => {})
  let timeUp = false
  const onDeadline = () => {
    timeUp = true
    stop()
  }
  const timer = setTimeout(onDeadline, Math.max(0, attempt.deadline - now()))
  const watched = watchTraining(context, trial, attempt.id, stop)
  const events = followEvents(context, trial, attempt, (all) => watched.metrics('events', all))
  try {
    const [status, log] = await together(context.signal, [
      (signal) => monitor.watch(attempt.container, signal),
      (signal) => followLog({ ...context, signal }, trial, attempt, watched),
    ])
    return { status, log, events: await events.finish(), halt: watched.halt, timeUp }
  } finally {
    clearTimeout(timer)
    await events.stop()
  }
}

/** Both, or the first error once both have ended: neither goes on beside the next try. */
async function together<A, B>(
  outer: AbortSignal,
  [first, second]: [(signal: AbortSignal) => Promise<A>, (signal: AbortSignal) => Promise<B>],
): Promise<[A, B]> {
  const inner = new AbortController()
  const signal = AbortSignal.any([outer, inner.signal])
  const both = [first(signal), second(signal)] as const
  try {
    return await Promise.all(both)
  } catch (error) {
    inner.abort(error)
    await Promise.allSettled(both)
    throw error
  }
}

/** Not one that ended by itself before the stop came: what it came to, or failed of, counts. */
const wasStopped = ({ exitCode, outOfMemory }: ContainerStatus) =>
  !outOfMemory && exitCode !== null && ['SIGTERM', 'SIGKILL'].includes(signalOf(exitCode) ?? '')

/** Between the moment a deadline is counted from and that of the start. */
const LATE_MS = 1000

/**
 * Whether it trained for as long as it may, and ended while no server looked. Durations are compared, the one by the clock of
 * the engine and the other by Hone's own: the two may be hours apart.
 */
function ranOver({ store }: JobContext, { id }: Attempt, { startedAt, endedAt }: ContainerStatus): boolean {
  const attempt = store.attempts.get(id)
  if (startedAt === null || endedAt === null || attempt.startedAt === null) return false
  return endedAt - startedAt >= attempt.deadline - attempt.startedAt - LATE_MS
}

/** Which limit ended the training that was overdue. What is stored counts: it is moved along when the clock is set. */
function limitOf({ store, run: { id, settings } }: JobContext & Running, attemptId: number) {
  const attempt = store.attempts.get(attemptId)
  if (attempt.deadline === store.runs.get(id).deadline) return 'run'
  const ownLimit = (attempt.startedAt ?? attempt.createdAt) + settings.timeLimit * 60_000
  return settings.trainingBudget !== undefined && attempt.deadline < ownLimit - LATE_MS
    ? 'budget'
    : 'training'
}

async function collect(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  status: ContainerStatus,
  { log, events, overdue }: { log: FollowedLog; events: FollowedEvents; overdue: boolean },
): Promise<Omit<AttemptResult, 'halt'>> {
  const { executor, signal, git, paths, run } = context
  const { entry } = run.detection as RunDetection
  const startedAt = status.startedAt ?? attempt.createdAt
  const folders = [workdirOf(entry), WORKDIR]
  const texts = await readResultFiles(executor, attempt.container, folders, startedAt, signal)
  const files = readMetricFiles(texts)
  const metrics = [...log.metrics, ...events.metrics, ...files]
  const report = { ...events.report, last: lastOf(metrics, run.settings.metric) }
  const thrown = status.exitCode === 0 ? null : seen(events.exception ?? readTraceback(log.tail, isUserFile))
  const exception =
    thrown &&
    (await placeInEntry(thrown, entry, () => git.readFile(paths.workspace(run.id), trial.sha, entry)))
  return {
    status,
    end: {
      exitCode: status.exitCode,
      outOfMemory: status.outOfMemory,
      timedOut: overdue && status.exitCode !== 0 ? limitOf(context, attempt.id) : null,
      exception,
      logTail: log.tail,
      epochsSaved: epochsSaved([...earlierReports(context, attempt), report]),
    },
    metrics,
    unstored: [...log.metrics.slice(-MAX_LATE), ...events.worthStoring.slice(-MAX_LATE), ...files],
    report,
  }
}

const isUserFile = (path: string) => path.startsWith(`${WORKDIR}/`) || !path.startsWith('/')

function seen(
  exception: {
    error: string
    message: string
    file?: string | null | undefined
    line?: number | null | undefined
    traceback?: string | null | undefined
  } | null,
): ExceptionSeen | null {
  if (!exception) return null
  const { error, message, file, line, traceback } = exception
  return {
    error,
    message,
    file: file?.replace(`${WORKDIR}/`, '') ?? null,
    line: line ?? null,
    traceback: traceback ?? null,
    cause: classifyException(error, message),
  }
}

const earlierReports = ({ store }: JobContext, { trialId, id }: Attempt) =>
  store.attempts.ofTrial(trialId).flatMap((other) => (other.id === id ? [] : [other.report]))

function lost(
  context: JobContext,
  attempt: Attempt,
  heard?: { log: FollowedLog; events: FollowedEvents },
): AttemptResult {
  const { log, events } = heard ?? {}
  // Without a Python in it nothing could be read any more.
  const report = events?.report.python ? events.report : attempt.report
  return {
    status: null,
    end: {
      exitCode: null,
      outOfMemory: false,
      timedOut: null,
      exception: null,
      logTail: log?.tail ?? [],
      epochsSaved: epochsSaved([...earlierReports(context, attempt), report]),
    },
    metrics: [...(log?.metrics ?? []), ...(events?.metrics ?? [])],
    unstored: [],
    halt: null,
    report,
  }
}
