import { isBetter } from '../../../domain/settings.ts'
import { isStillRising } from '../../curves.ts'
import { bestOf } from '../../metrics.ts'
import type { Curve } from '../../pruner.ts'
import type { Direction, Study } from '../../sampler.ts'
import { hintFor } from './hint.ts'
import { plain } from './numbers.ts'
import { endOf, wider } from './wider.ts'

/** Curves of the trainings. */
export interface Curves {
  /** Of the objective. */
  objective?: readonly Curve[] | undefined
  /** The same metric on the training data. */
  train?: readonly Curve[] | undefined
}

/** What the sentences need to know about the goal. */
export interface CurveGoal {
  target: number
  metric?: string | undefined
  epochs?: string | null | undefined
}

const show = (value: number) => plain(Number(value.toPrecision(3)))

/** The best trial's curve still gets better at its end, and the search cannot train longer by itself. */
export function longer({ space, direction, trials }: Study, goal: CurveGoal, curves: Curves): string[] {
  const best = bestOf(trials, direction)
  const curve = best && curveOf(curves.objective, best.trial.number)
  if (!best || !curve || !isStillRising(curve, direction)) return []
  const { metric = 'the metric', epochs } = goal
  const rises = `${metric} still ${direction === 'maximize' ? 'rises' : 'falls'} at the end of trial ${best.trial.number}`
  const dimension = epochs ? space[epochs] : undefined
  if (!epochs || !dimension) return [`${rises}: more epochs would probably help`]
  const value = best.trial.values[epochs]
  const more = endOf(dimension, value) === 'high' ? wider(dimension, 'high') : null
  if (!more) return []
  return [
    `${rises}, with ${epochs} at its most, ${value}: allow more with \`${hintFor(epochs, more)}\` in hone.yaml`,
  ]
}

/** Share of the way to the target that training and objective may be apart to count as equal. */
const CLOSE = 0.25

/**
 * What the distance between the training data and the data of the objective says: learnt by heart, or not learnt. Only
 * while the best trial misses the target.
 */
export function gap({ direction, trials }: Study, goal: CurveGoal, curves: Curves): string[] {
  const best = bestOf(trials, direction)
  const trained = best && curveOf(curves.train, best.trial.number)?.at(-1)?.value
  if (!best || typeof trained !== 'number' || !Number.isFinite(trained)) return []
  const { target, metric = 'the metric' } = goal
  if (meets(best.metric, target, direction)) return []
  const both = `${metric} is ${show(trained)} on the training data and ${show(best.metric)} where it counts, in trial ${best.trial.number}`
  if (meets(trained, target, direction)) {
    return [`${both}: more data, augmentation or regularisation may help more than other values`]
  }
  const isClose = Math.abs(trained - best.metric) < CLOSE * Math.abs(target - best.metric)
  return isClose ? [`${both}: a larger model or better inputs may help more than other values`] : []
}

const meets = (value: number, target: number, direction: Direction) => !isBetter(target, value, direction)

/** The points of a trial's curve, where it has one. */
export const curveOf = (curves: readonly Curve[] | undefined, trial: number) =>
  curves?.find(({ number }) => number === trial)?.points
