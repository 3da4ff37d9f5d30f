import type { MetricView } from '../../src/http/contract.ts'

/** All that was reported of one epoch, in one row of the table. */
export interface EpochRow {
  key: string
  step: number
  attemptId: number
  /** In the order of the columns; null where it reported none. */
  metrics: (MetricView | null)[]
  /** Where those that are shown were read: each place once. */
  evidence: { place: string; text: string }[]
  isDecisive: boolean
}

export interface MetricTable {
  /** Those without an epoch: the decisive one first, then the latest. */
  single: MetricView[]
  columns: string[]
  /** The latest epoch first. */
  epochs: EpochRow[]
}

const columnOf = ({ name, split }: MetricView) => (split === 'unknown' ? name : `${name} ${split}`)

/** What a value was read from, in words: `log line 3`. */
export function placeOf({ source, line }: Pick<MetricView, 'source' | 'line'>): string {
  const number = line === null ? '' : ` ${line}`
  if (source === 'log') return line === null ? 'log' : `log line${number}`
  if (source === 'event') return `report${number}`
  return source === 'variable' ? 'variable of the script' : `${source}${number}`
}

/**
 * The metrics of a trial as a table: one row an epoch and attempt. Pure.
 * @param metrics in the order in which they were reported
 */
export function tableOf(metrics: readonly MetricView[]): MetricTable {
  const stepped = metrics.filter((metric) => metric.step !== null)
  const columns = [...new Set(stepped.map(columnOf))]
  const rows = new Map<string, MetricView[]>()
  for (const metric of stepped) {
    const key = `${metric.attemptId} ${metric.step}`
    rows.set(key, [...(rows.get(key) ?? []), metric])
  }
  const single = metrics.filter(({ step }) => step === null)
  return {
    single: [
      ...single.filter(({ decisive }) => decisive),
      ...single.filter((one) => !one.decisive).reverse(),
    ],
    columns,
    epochs: [...rows]
      .map(([key, all]) => rowOf(key, all, columns))
      .sort((a, b) => b.attemptId - a.attemptId || b.step - a.step),
  }
}

function rowOf(key: string, all: readonly MetricView[], columns: readonly string[]): EpochRow {
  const [first] = all as [MetricView]
  const metrics = columns.map((column) => chosen(all.filter((metric) => columnOf(metric) === column)))
  const evidence = new Map(
    metrics
      .filter((metric) => metric !== null)
      .map((metric) => [
        `${placeOf(metric)} ${metric.evidence}`,
        { place: placeOf(metric), text: metric.evidence },
      ]),
  )
  return {
    key,
    step: first.step as number,
    attemptId: first.attemptId,
    metrics,
    evidence: [...evidence.values()],
    isDecisive: all.some(({ decisive }) => decisive),
  }
}

/** Of several reports of one value: the decisive one, else what the script itself printed of it, else the last. */
const chosen = (own: readonly MetricView[]): MetricView | null =>
  own.find(({ decisive }) => decisive) ?? own.findLast(({ source }) => source === 'log') ?? own.at(-1) ?? null

/**
 * A name for each value, which it keeps when later ones come: those of one place that are alike are counted from the
 * oldest. Pure.
 * @param single without an epoch, the latest first
 */
export function keysOf(single: readonly MetricView[]): string[] {
  const seen = new Map<string, number>()
  return single
    .toReversed()
    .map(({ attemptId, source, line, name, split }) => {
      const key = `${attemptId} ${source} ${line} ${name} ${split}`
      const count = (seen.get(key) ?? 0) + 1
      seen.set(key, count)
      return `${key} ${count}`
    })
    .reverse()
}
