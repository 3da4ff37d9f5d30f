import { useQuery } from '@tanstack/react-query'
import type { AttemptView, MetricView } from '../../../src/http/contract.ts'
import { getLogLines, searchLog } from '../api.ts'
import { formatNumber } from '../format.ts'
import type { Place } from './rows.ts'
import { plainOf, spansOf } from './spans.ts'

/** What was read from a line, in words. */
export const evidenceWords = ({ name, split, value }: MetricView) =>
  `${split === 'unknown' ? '' : `${split} `}${name} ${formatNumber(value)}`

export const shows = (text: string, { evidence }: MetricView) => plainOf(spansOf(text)).includes(evidence)

/** Metrics that were read from log lines, by attempt and line. Pure. */
export function metricsByLine(metrics: readonly MetricView[]): Map<string, MetricView> {
  const found = new Map<string, MetricView>()
  for (const metric of metrics) {
    if (metric.source !== 'log' || metric.line === null) continue
    const key = `${metric.attemptId} ${metric.line}`
    if (metric.decisive || !found.get(key)?.decisive) found.set(key, metric)
  }
  return found
}

/**
 * The line that the decisive metric was read from: the one of its number where that still shows the evidence, else, as in a
 * log that was cut, the last that shows it.
 */
async function placeOf(metric: MetricView): Promise<number | null> {
  const { attemptId, evidence } = metric
  const { lines } = await getLogLines(attemptId, { from: metric.line ?? 1, count: 1 })
  if (lines[0] && shows(lines[0].text, metric)) return metric.line
  const { hits } = await searchLog(attemptId, { text: evidence, from: 1, limit: 10_000 })
  return hits.at(-1) ?? null
}

/** Where the value of a trial comes from; null while it is not known, and where it is no line of the log. */
export function useEvidence(attempts: readonly AttemptView[], metrics: readonly MetricView[]) {
  const metric = metrics.find(({ decisive, source }) => decisive && source === 'log')
  const part = attempts.findIndex(({ id }) => id === metric?.attemptId)
  const { data: line } = useQuery({
    queryKey: ['log-evidence', metric?.attemptId, metric?.line, metric?.evidence],
    queryFn: () => (metric === undefined ? null : placeOf(metric)),
    enabled: metric !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const place: Place | null = part < 0 || !line ? null : { part, line }
  return { place, metric }
}
