import type { Running } from '../../src/chain/contract.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { meetsTarget } from '../../src/domain/settings.ts'
import type { Trial } from '../../src/domain/trial.ts'
import { curveOf } from '../../src/metrics/curve.ts'
import { createLossWatch } from '../../src/metrics/loss.ts'
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
 * Listens to a training, and stops it when the search has no use for the rest of it.
 * @param stop called once
 */
export function watchTraining(
  context: JobContext & Running,
  trial: Trial,
  attemptId: number,
  stop: () => void,
): { halt: Halt | null; line(text: string): void; metrics(all: readonly Metric[]): void } {
  const hasLost = createLossWatch()
  const judge = watchCurve(context, trial, attemptId)
  const end = (halt: Halt | null) => {
    if (watched.halt || !halt) return
    watched.halt = halt
    stop()
  }
  const watched = {
    halt: null as Halt | null,
    line: (text: string) =>
      end(hasLost(text) ? { kind: 'diverged', failure: diverged('its loss is no number any more') } : null),
    metrics: (all: readonly Metric[]) => end(watched.halt ? null : judge(all)),
  }
  return watched
}

/**
 * Looks at a training's curve as it grows.
 * @returns a function of all metrics of this attempt so far that says why the training is to end now; null: it goes on
 */
function watchCurve(
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
    if (hasDiverged(points)) {
      const what = `after ${last.step} epochs its ${settings.metric} is ${last.value}`
      return { kind: 'diverged', failure: diverged(what) }
    }
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

const diverged = (what: string): Failure => ({
  kind: 'user',
  code: 'diverged',
  message: `The training was ended early: ${what}.`,
  remedy:
    'Mostly the learning rate is too high or a division by zero is in the loss; the search goes on elsewhere.',
})
