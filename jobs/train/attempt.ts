import { setTimeout as delay } from 'node:timers/promises'
import type { Running } from '../../src/chain/contract.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'
import { type Attempt, STOP_GRACE_SECONDS, signalOf } from '../../src/domain/attempt.ts'
import type { AttemptEnd, ExceptionSeen } from '../../src/domain/attempt-end.ts'
import { type AttemptReport, epochsSaved } from '../../src/domain/attempt-report.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { BACK_OFF_LIMIT_MS } from '../../src/domain/remedy.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { decide } from '../../src/domain/watch.ts'
import { reached } from '../../src/fault-points.ts'
import { readMetricFiles } from '../../src/metrics/files.ts'
import { lastOf } from '../../src/metrics/report.ts'
import { classifyException, readTraceback } from '../../src/metrics/traceback.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { shmOf, startContainer } from './container.ts'
import { deadlineFromNow, limitOf, ranOver, stopWhenOver, timeOf } from './deadline.ts'
import { placeInEntry, WORKDIR, workdirOf } from './entry.ts'
import { type FollowedEvents, followEvents } from './events.ts'
import { readResultFiles } from './files.ts'
import { type FollowedLog, followLog } from './follow.ts'
import { earlierReports, lost } from './lost.ts'
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
  /** Null when the engine no longer knows the container. */
  trainedMs: number | null
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
  const container = await executor.inspect(attempt.container)
  // How long it has been silent is the monitor's to look at, again and again.
  const unheard = { silentMs: 0, silentLimitMs: Number.POSITIVE_INFINITY }
  const action = decide({ engine: 'here', attempt: attempt.state, container, ...unheard })
  if (action === 'restart') return lost(context, attempt)
  if (action === 'start') {
    await backedOff(context, attempt)
    await startContainer(context, trial, attempt, image)
  }
  const running = attempt.state === 'starting' ? markRunning(context, attempt) : attempt
  const { status, log, events, halt, timeUp } = await untilEnd(context, trial, running)
  if (status === null) return lost(context, attempt, { log, events })
  reached('exit')
  const wasOver = container?.state === 'exited'
  const trainedMs = timeOf(context, attempt, status, !wasOver)
  const overdue = wasOver ? wasStopped(status) && ranOver(context, attempt, trainedMs) : timeUp
  const result = await collect(context, trial, running, status, { log, events, overdue })
  return { ...result, trainedMs, halt: wasStopped(status) && result.end.timedOut === null ? halt : null }
}

/** Until its time has come, which is stored: a restart of the server neither shortens nor repeats the wait. */
async function backedOff({ now, signal }: JobContext & Running, { notBefore }: Attempt): Promise<void> {
  if (notBefore === null) return
  // Not for ever after a clock that was put back.
  const wait = Math.min(notBefore - now(), BACK_OFF_LIMIT_MS)
  if (wait > 0) await delay(wait, null, { signal })
}

/** The time of a training counts from here, however long its container took to come. */
const markRunning = (context: JobContext & Running, attempt: Attempt) =>
  context.store.transaction(() =>
    context.store.attempts.transition(attempt.id, 'running', { deadline: deadlineFromNow(context, attempt) }),
  )

async function untilEnd(context: JobContext & Running, trial: Trial, attempt: Attempt) {
  const { executor, monitor } = context
  // What goes wrong here is seen by the wait itself: the container goes on, or the engine is away.
  const stop = () => void executor.stop(attempt.container, STOP_GRACE_SECONDS).catch(() => {})
  const time = stopWhenOver(context, attempt, stop)
  const watched = watchTraining(context, trial, attempt.id, stop)
  const events = followEvents(context, trial, attempt, (all) => watched.metrics('events', all))
  try {
    const [status, log] = await together(context.signal, [
      (signal) => monitor.watch(attempt.container, signal),
      (signal) => followLog({ ...context, signal }, trial, attempt, watched),
    ])
    return { status, log, events: await events.finish(), halt: watched.halt, timeUp: time.isUp }
  } finally {
    time.end()
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

async function collect(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  status: ContainerStatus,
  { log, events, overdue }: { log: FollowedLog; events: FollowedEvents; overdue: boolean },
): Promise<Omit<AttemptResult, 'halt' | 'trainedMs'>> {
  const { executor, signal, git, paths, run } = context
  const { entry } = run.detection as RunDetection
  // Hone's own time of the start is moved along when the clock is set back, as the times of new files are.
  const started = context.store.attempts.get(attempt.id).startedAt ?? Number.POSITIVE_INFINITY
  const startedAt = Math.min(status.startedAt ?? attempt.createdAt, started)
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
      timedOut: overdue && status.exitCode !== 0 ? limitOf(context, attempt) : null,
      silent: wasStopped(status) && wasSilent(context, attempt),
      exception,
      logTail: log.tail,
      linesLost: linesLost(context, log, events),
      report,
      epochsSaved: epochsSaved([...earlierReports(context, attempt), report]),
      shm: await shmOf(context, attempt),
      gone: null,
    },
    metrics,
    unstored: [...log.metrics.slice(-MAX_LATE), ...events.worthStoring.slice(-MAX_LATE), ...files],
    report,
  }
}

/**
 * Lines that no engine can give any more. What a container prints while its engine is dead waits in a pipe, and is gone when it
 * ends before the engine is back. Only asked where that may be: a script can also print to where no log is.
 */
function linesLost({ job }: Running, log: FollowedLog, { printed }: FollowedEvents): number {
  const wasAway = job.failure?.code === 'engine-away'
  return wasAway && log.lines !== null && printed !== null ? Math.max(0, printed - log.lines) : 0
}

/** Whether the monitor stopped it for its silence: stored before it did. */
function wasSilent({ store, run }: JobContext & Running, { id }: Attempt): boolean {
  return store.attempts.get(id).pulse.silentMs >= run.settings.silentLimit * 60_000
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
