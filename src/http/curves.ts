import type { Run } from '../domain/run.ts'
import { curveOf } from '../metrics/curve.ts'
import { readName } from '../metrics/names.ts'
import type { Store } from '../store/store.ts'
import type { CurveView } from './contract.ts'
import { Remembered } from './remembered.ts'

/** Points of one curve that are answered at most: a chart has no more columns to show them in. */
export const MAX_POINTS = 200

type Points = CurveView['points']

/** At most `MAX_POINTS`, evenly taken, the last one always among them. What is not finite has no place in a chart. Pure. */
export function selection(points: Points): Points {
  const finite = points.filter(({ value }) => Number.isFinite(value))
  const every = Math.ceil(finite.length / MAX_POINTS)
  return finite.filter((_, index) => (finite.length - 1 - index) % every === 0)
}

/** Curves that are kept, of all runs together. */
const KEPT = 2_000

/**
 * The curve of each trial of a run that reports its metric epoch by epoch. Each is remembered until its trial reports
 * more: a page that watches a run asks for all of them every few seconds.
 */
export function curvesOf(store: Store): (run: Run) => CurveView[] {
  const known = new Remembered<Points>(KEPT)
  return ({ id: runId, settings }) => {
    const { name } = readName(settings.metric)
    const versions = store.metrics.versionsOfRun(runId)
    return store.trials.results(runId).flatMap(({ id, number }) => {
      const points = known.get(id, versions.get(id) ?? null, () =>
        selection(curveOf(store.metrics.stepsOfTrial(id, name), settings)),
      )
      return points.length === 0 ? [] : [{ trial: number, points }]
    })
  }
}
