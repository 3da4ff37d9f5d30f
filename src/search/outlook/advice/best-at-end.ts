import type { Distribution } from '../../../domain/detection.ts'
import { meetsTarget } from '../../../domain/settings.ts'
import { bestOf, metricOf } from '../../metrics.ts'
import type { Study } from '../../sampler.ts'
import { matters } from '../../space.ts'
import { type CurveGoal, type Curves, curveOf } from './curves.ts'
import { hintFor } from './hint.ts'
import { plain } from './numbers.ts'
import type { Told } from './range-ends.ts'
import { type End, endOf, wider } from './wider.ts'

/**
 * While the target is missed: hyperparameters whose range ends exactly where the best trial is, so that nobody knows what
 * lies beyond; each with what to write into hone.yaml. Unlike `beyondRanges` it takes no model, and promises nothing.
 * Epochs only where the best trial has no curve: that says whether more of them help, and `longer` tells it.
 */
export function bestAtEnds(study: Study, goal: CurveGoal, curves: Curves): Told[] {
  const { space, direction, trials } = study
  const best = bestOf(trials, direction)
  if (!best || meetsTarget(best.metric, { target: goal.target, direction }) || isAllEqual(study)) return []
  const { number, values } = best.trial
  const isTold = curveOf(curves.objective, number) !== undefined
  return Object.entries(space).flatMap(([name, dimension]) => {
    if (!matters(space, values, name) || (name === goal.epochs && isTold)) return []
    const end = veryEndOf(dimension, values[name])
    const more = end && wider(dimension, end)
    if (!more) return []
    const sentence = `the range of ${name} ends at ${plain(values[name] as number)}, where the best trial, ${number}, is: to try ${end === 'high' ? 'more' : 'less'}, write \`${hintFor(name, more)}\` in hone.yaml`
    return [{ name, sentence }]
  })
}

/** Where all trials gave the same, none of them is the best. */
function isAllEqual({ trials }: Study): boolean {
  const metrics = trials.flatMap((trial) => metricOf(trial) ?? [])
  return metrics.every((metric) => metric === metrics[0])
}

/** The end that a value is, of a range with values in between: the best of two is always at an end. */
function veryEndOf(dimension: Distribution, value: unknown): End | null {
  const end = endOf(dimension, value)
  if (end === null) return null
  if (dimension.type === 'categorical') return dimension.choices.length > 2 ? end : null
  const { type, low, high, step = type === 'int' ? 1 : 0 } = dimension
  const bound = end === 'low' ? low : high
  return high - low >= 2 * step && plain(value as number) === plain(bound) ? end : null
}
