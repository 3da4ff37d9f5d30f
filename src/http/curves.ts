import { type Metric, SPLITS } from '../domain/metric.ts'
import type { Run } from '../domain/run.ts'
import { readName } from '../metrics/names.ts'
import type { Store } from '../store/store.ts'
import type { CurveView } from './contract.ts'

/** Points of one curve that are answered at most: a chart has no more columns to show them in. */
export const MAX_POINTS = 200

type Points = CurveView['points']

/**
 * A metric by its steps: of the most trustworthy split that reports any; the last value where a step was reported twice,
 * as after a restart. What is not finite has no place in a chart. Pure.
 * @param metrics in the order in which they were reported
 * @param objective by the name that it has in the settings, such as `accuracy` or `val_loss`
 */
export function pointsOf(metrics: readonly Metric[], objective: string): Points {
  const wanted = readName(objective)
  const own = metrics.filter(
    ({ name, split, step }) =>
      step !== null && readName(name).name === wanted.name && (!wanted.split || split === wanted.split),
  )
  const best = SPLITS.find((split) => own.some((metric) => metric.split === split))
  const bySteps = new Map<number, number>()
  for (const { split, step, value } of own) {
    if (split === best && step !== null && Number.isFinite(value)) bySteps.set(step, value)
  }
  const points = [...bySteps].map(([step, value]) => ({ step, value }))
  return selection(points.sort((a, b) => a.step - b.step))
}

/** Evenly taken, the last one always among them. */
function selection(points: Points): Points {
  const every = Math.ceil(points.length / MAX_POINTS)
  return points.filter((_, index) => (points.length - 1 - index) % every === 0)
}

/** The curve of each trial of a run that reports its metric epoch by epoch. */
export const curvesOf = (store: Store, run: Run): CurveView[] =>
  store.trials.ofRun(run.id).flatMap(({ id, number }) => {
    const points = pointsOf(store.metrics.ofTrial(id), run.settings.metric)
    return points.length === 0 ? [] : [{ trial: number, points }]
  })
