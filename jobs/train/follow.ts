import type { Running } from '../../src/chain/contract.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { parseSize } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { createLogReader } from '../../src/metrics/log-lines.ts'
import type { JobContext } from '../context.ts'
import { MAX_METRICS, metricBatch } from './batch.ts'
import { lostLines } from './lost-lines.ts'

/** What a log says in place of the lines that its limit left out. */
const CUT = /^\[hone\] .* not kept: /
/** Enough for a long traceback. */
const TAIL_LINES = 200

export interface FollowedLog {
  metrics: Metric[]
  /** The last lines, for failures that name no cause. */
  tail: string[]
  /** All that the training printed; null where some were cut out of what an earlier server stored. */
  lines: number | null
}

/**
 * Copies the container's log into the attempt's file from where the file ends, storing metrics soon after their lines
 * come, until the container has ended. What the file already holds is read again first: a metric is stored only once.
 * @param heard.line hears each line; `heard.metrics` a few times a second all metrics of the log so far, after they have been stored
 */
export async function followLog(
  context: JobContext & Running,
  trial: Trial,
  attempt: Attempt,
  heard: { line(text: string): void; metrics(source: 'log', all: readonly Metric[]): void },
): Promise<FollowedLog> {
  const { executor, monitor, paths, run, signal } = context
  const reader = createLogReader(run.settings.metric)
  const followed: FollowedLog = { metrics: [], tail: [], lines: 0 }
  const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
  const batch = metricBatch(context, about, 'one log', () => heard.metrics('log', followed.metrics))
  let lineNumber = 0
  let isCut = false
  const take = (text: string) => {
    lineNumber++
    heard.line(text)
    followed.tail.push(text)
    if (followed.tail.length > 2 * TAIL_LINES) followed.tail.splice(0, TAIL_LINES)
    const found = reader.read(text, lineNumber)
    if (found.length === 0) return
    followed.metrics.push(...found)
    if (followed.metrics.length > 2 * MAX_METRICS) followed.metrics.splice(0, MAX_METRICS)
    batch.add(found)
  }
  const log = await context.openLog(
    paths.attemptLog(run.id, attempt.id),
    parseSize(run.settings.logLimit) as number,
  )
  try {
    for await (const text of log.stored()) {
      if (CUT.test(text)) isCut = true
      take(text)
    }
    for await (const line of executor.logs(attempt.container, log.cursor, signal)) {
      log.append(line)
      monitor.heard(attempt.id)
      take(line.text)
      batch.flushWhenDue()
      context.logGrown(run.id, attempt.id, log.bytes, log.isHolding)
    }
    const isWhole = !isCut && lineNumber === followed.tail.length
    const end = { tail: followed.tail, lastAt: log.cursor?.at ?? null, isWhole }
    for (const line of await lostLines(context, attempt, end)) {
      log.append(line)
      take(line.text)
    }
  } finally {
    batch.stop()
    await log.close()
    context.logGrown(run.id, attempt.id, log.bytes, false)
  }
  batch.flush()
  followed.lines = isCut ? null : lineNumber
  return followed
}
