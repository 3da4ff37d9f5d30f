import type { Running } from '../../src/chain/contract.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { AttemptEnd, ExceptionSeen } from '../../src/domain/remedy.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { parseEvents } from '../../src/metrics/events.ts'
import { readMetricFiles } from '../../src/metrics/files.ts'
import { classifyException, readTraceback } from '../../src/metrics/traceback.ts'
import type { JobContext } from '../context.ts'
import { readContainerFile, readResultFiles } from './collect.ts'
import { startContainer, WORKDIR } from './container.ts'
import { type FollowedLog, followLog } from './follow.ts'

const STOP_GRACE_SECONDS = 10

export interface AttemptResult {
  /** Null when the engine no longer knows the container. */
  status: ContainerStatus | null
  end: AttemptEnd
  metrics: Metric[]
  /** Absolute paths that the training wrote. */
  changed: string[]
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
  const { executor, store } = context
  const there = await executor.inspect(attempt.container)
  if (there === null && attempt.state === 'running') return lost()
  if (there === null || there.state === 'created') await startContainer(context, trial, attempt, image)
  if (attempt.state === 'starting') store.transaction(() => store.attempts.transition(attempt.id, 'running'))

  const { status, timedOut, log } = await untilEnd(context, trial, attempt)
  if (status === null) return lost(log)
  return collect(context, attempt, status, timedOut, log)
}

async function untilEnd(context: JobContext & Running, trial: Trial, attempt: Attempt) {
  const { executor, monitor, signal, now } = context
  let timedOut = false
  const timer = setTimeout(
    () => {
      timedOut = true
      // What goes wrong here is seen by the wait itself: the container goes on, or the engine is away.
      void executor.stop(attempt.container, STOP_GRACE_SECONDS).catch(() => {})
    },
    Math.max(0, attempt.deadline - now()),
  )
  try {
    const [status, log] = await Promise.all([
      monitor.watch(attempt.container, signal),
      followLog(context, trial, attempt),
    ])
    return { status, timedOut, log }
  } finally {
    clearTimeout(timer)
  }
}

async function collect(
  context: JobContext & Running,
  attempt: Attempt,
  status: ContainerStatus,
  timedOut: boolean,
  log: FollowedLog,
): Promise<AttemptResult> {
  const { executor, runtime } = context
  const changed = await executor.changes(attempt.container)
  const events = parseEvents((await readContainerFile(executor, attempt.container, runtime.events)) ?? '')
  const files = readMetricFiles(await readResultFiles(executor, attempt.container, changed))
  const exception =
    status.exitCode === 0 ? null : seen(events.exception ?? readTraceback(log.tail, isUserFile))
  return {
    status,
    end: {
      exitCode: status.exitCode,
      outOfMemory: status.outOfMemory,
      timedOut: timedOut && status.exitCode !== 0,
      exception,
      logTail: log.tail,
    },
    metrics: [...log.metrics, ...events.metrics, ...files],
    changed,
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

const lost = (log?: FollowedLog): AttemptResult => ({
  status: null,
  end: { exitCode: null, outOfMemory: false, timedOut: false, exception: null, logTail: log?.tail ?? [] },
  metrics: log?.metrics ?? [],
  changed: [],
})
