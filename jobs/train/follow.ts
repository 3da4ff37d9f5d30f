import type { Running } from '../../src/chain/contract.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { parseSize } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { createLogReader } from '../../src/metrics/log-lines.ts'
import type { JobContext } from '../context.ts'

/** Enough for a long traceback. */
const TAIL_LINES = 200

export interface FollowedLog {
  metrics: Metric[]
  /** The last lines, for failures that name no cause. */
  tail: string[]
}

/**
 * Copies the container's log into the attempt's file from where the file ends, storing metrics as their lines come,
 * until the container has ended. What the file already holds is read again first: a metric is stored only once.
 */
export async function followLog(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
): Promise<FollowedLog> {
  const { executor, store, paths, run, signal } = context
  const reader = createLogReader(run.settings.metric)
  const followed: FollowedLog = { metrics: [], tail: [] }
  let lineNumber = 0
  const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
  const take = (text: string) => {
    lineNumber++
    followed.tail.push(text)
    if (followed.tail.length > TAIL_LINES) followed.tail.shift()
    const found = reader.read(text, lineNumber)
    if (found.length === 0) return
    followed.metrics.push(...found)
    store.transaction(() => {
      for (const metric of found) store.metrics.insert(about, metric)
    })
  }
  const path = paths.attemptLog(run.id, attempt.id)
  const limit = parseSize(run.settings.logLimit) as number
  const log = await context.openLog(path, limit)
  try {
    for await (const text of log.stored()) take(text)
    for await (const line of executor.logs(attempt.container, log.cursor, signal)) {
      log.append(line)
      take(line.text)
      context.logGrown(run.id, attempt.id, log.bytes)
    }
  } finally {
    await log.close()
    context.logGrown(run.id, attempt.id, log.bytes)
  }
  return followed
}
