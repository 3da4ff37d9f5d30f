import type { Run } from '../domain/run.ts'
import { curveOf } from '../metrics/curve.ts'
import { readName } from '../metrics/names.ts'
import type { Store } from '../store/store.ts'
import type { CurveView } from './contract.ts'

/** Points of one curve that are answered at most: a chart has no more columns to show them in. */
export const MAX_POINTS = 200

type Points = CurveView['points']

/** At most `MAX_POINTS`, evenly taken, the last one always among them. What is not finite has no place in a chart. Pure. */
export function selection(points: Points): Points {
  const finite = points.filter(({ value }) => Number.isFinite(value))
  const every = Math.ceil(finite.length / MAX_POINTS)
  return finite.filter((_, index) => (finite.length - 1 - index) % every === 0)
}

/** The curve of each trial of a run that reports its metric epoch by epoch. */
export function curvesOf(store: Store, run: Run): CurveView[] {
  const steps = store.metrics.stepsOfRun(run.id, readName(run.settings.metric).name)
  return store.trials.ofRun(run.id).flatMap(({ id, number }) => {
    const points = selection(curveOf(steps.get(id) ?? [], run.settings))
    return points.length === 0 ? [] : [{ trial: number, points }]
  })
}
