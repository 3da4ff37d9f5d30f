import type { Running } from '../../src/chain/contract.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { meetsTarget } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { curveOf } from '../../src/metrics/curve.ts'
import type { CurvePoint } from '../../src/search/pruner.ts'
import { hasDiverged, prunerFor } from '../../src/search/pruners/index.ts'
import type { JobContext } from '../context.ts'
import { curvesOf } from '../study.ts'

/** Why the search ends a training before its end. */
export type Halt =
  | { kind: 'pruned'; reason: string }
  | { kind: 'diverged'; failure: Failure }
  /** The epoch that meets the target. */
  | { kind: 'target'; metric: Metric }

/**
 * Looks at a training's curve as it grows.
 * @returns a function of all metrics of this attempt so far that says why the training is to end now; null: it goes on
 */
export function watchCurve(
  { store, run }: JobContext & Running,
  trial: Trial,
  attemptId: number,
): (metrics: readonly Metric[]) => Halt | null {
  const { settings } = run
  const pruner = prunerFor(settings.pruner, settings.trials)
  const earlier = store.metrics.ofTrial(trial.id).filter((metric) => metric.attemptId !== attemptId)
  let seen = 0
  return (metrics) => {
    const points = curveOf([...earlier, ...metrics], settings)
    const last = points.at(-1)
    if (!last || last.step === seen) return null
    seen = last.step
    if (hasDiverged(points)) return { kind: 'diverged', failure: diverged(last, settings.metric) }
    if (settings.stopAtTarget && meetsTarget(last.value, settings)) {
      const metric = metrics.findLast(({ step, value }) => step !== null && value === last.value)
      if (metric) return { kind: 'target', metric }
    }
    // The user's own values are what all others are compared with; a confirmation has to come to its end.
    if (trial.number === 0 || trial.repeats !== null) return null
    const others = curvesOf(store, run, store.trials.ofRun(run.id)).filter(
      ({ number }) => number !== trial.number,
    )
    const pruning = pruner.shouldPrune(
      { number: trial.number, state: 'running', points },
      others,
      settings.direction,
    )
    return pruning && { kind: 'pruned', reason: pruning.reason }
  }
}

const diverged = ({ step, value }: CurvePoint, metric: string): Failure => ({
  kind: 'user',
  code: 'diverged',
  message: `The training was ended after ${step} epochs: its ${metric} is ${value}.`,
  remedy:
    'Mostly the learning rate is too high or a division by zero is in the loss; the search goes on elsewhere.',
})
