import type { CurvePoint } from '../domain/curve.ts'
import { SPLITS, type StepMetric, trusted } from '../domain/metric.ts'
import type { Settings } from '../domain/settings.ts'
import { readName } from './names.ts'

type Stepped = StepMetric & { step: number }

/**
 * The objective by step. Of the splits that have steps the most trustworthy counts, unless the settings name one; of the
 * sources (log, events) the one with the most steps, for they may count from different numbers; what was only found in variables
 * where there is nothing else. Where a step comes twice, as after a restart from a checkpoint, the later value counts.
 * @param metrics of all attempts of a trial, in the order in which they were reported
 * @returns by rising step, counted from 1 also where the script counts from 0; NaN and infinities are kept
 */
export function curveOf(metrics: readonly StepMetric[], settings: Pick<Settings, 'metric'>): CurvePoint[] {
  const wanted = readName(settings.metric)
  const names = new Map<string, boolean>()
  const isWanted = (name: string) => {
    const known = names.get(name) ?? readName(name).name === wanted.name
    names.set(name, known)
    return known
  }
  const named = metrics.filter(
    (metric): metric is Stepped =>
      metric.step !== null &&
      metric.step >= 0 &&
      isWanted(metric.name) &&
      (!wanted.split || metric.split === wanted.split),
  )
  const own = trusted(named)
  const split = SPLITS.find((candidate) => own.some((metric) => metric.split === candidate))
  const points = longest(own.filter((metric) => metric.split === split))
  const shift = points.has(0) ? 1 : 0
  return [...points].map(([step, value]) => ({ step: step + shift, value })).sort((a, b) => a.step - b.step)
}

/** The values by step of the source that has the most of them; events before the log, which rounds. */
function longest(metrics: readonly Stepped[]): Map<number, number> {
  const sources = { event: new Map(), log: new Map(), file: new Map(), variable: new Map() } as const
  for (const { source, step, value } of metrics) (sources[source] as Map<number, number>).set(step, value)
  return Object.values(sources).reduce((most, points) => (points.size > most.size ? points : most))
}
