import type { Running } from '../../src/chain/contract.ts'
import type { Metric } from '../../src/domain/metric.ts'
import type { JobContext } from '../context.ts'

/** Of one source: as many are stored, and as many of the last ones are kept for the decision. */
export const MAX_METRICS = 5_000
const FLUSH_MS = 200

/**
 * Stores metrics a few times a second, many in one transaction, up to a number for one attempt.
 * @param source what they are read from, in words
 * @param stored called after each transaction
 */
export function metricBatch(
  { store, progress }: JobContext & Running,
  about: { runId: number; trialId: number; attemptId: number },
  source: string,
  stored: () => void = () => {},
) {
  let waiting: Metric[] = []
  let count = 0
  let last = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let failed: unknown = null
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    last = performance.now()
    store.transaction(() => {
      for (const metric of waiting) store.metrics.insert(about, metric)
    })
    if (waiting.length === 0) return
    waiting = []
    stored()
  }
  return {
    add(found: readonly Metric[]): void {
      if (count >= MAX_METRICS || found.length === 0) return
      count += found.length
      waiting.push(...found)
      if (count >= MAX_METRICS)
        progress(`More than ${MAX_METRICS} metrics in ${source}: the later ones are not shown.`)
      timer ??= setTimeout(() => {
        try {
          flush()
        } catch (error) {
          failed = error
        }
      }, FLUSH_MS)
    },
    /** For a log that comes so fast that timers starve. @throws what went wrong when a timer flushed */
    flushWhenDue(): void {
      if (failed) throw failed
      if (waiting.length > 0 && performance.now() - last >= FLUSH_MS) flush()
    },
    flush,
    stop: () => clearTimeout(timer),
  }
}
