import { baseName } from './names.ts'
import type { PastTrial, SearchSpace, Values } from './sampler.ts'
import { matters } from './space.ts'

/** Words in names of hyperparameters that more memory is needed for, the larger they are. */
const SIZES =
  /(^|_)(n|num|max)?_?(batch(_?size)?|hidden|units|neurons|filters?|channels?|width|depth|layers?|blocks?|dim|d_model|model|heads?|nheads|embed(ding)?|seq(uence)?|context|leaves|bin|estimators|components)_?\d*(_?(sizes?|dim|units|channels?|layers?|len(gth)?))?$/

const isSize = (space: SearchSpace, name: string) =>
  SIZES.test(baseName(name).toLowerCase()) &&
  (space[name]?.type !== 'categorical' || space[name].choices.every((choice) => typeof choice === 'number'))

/** Whether a training with these values needs no less memory than one with the others, as far as names tell. */
function needsNoLess(space: SearchSpace, values: Readonly<Values>, than: Readonly<Values>): boolean {
  return Object.entries(space).every(([name, { type }]) => {
    if (!matters(space, than, name)) return true
    if (isSize(space, name)) {
      return matters(space, values, name) && Number(values[name]) >= Number(than[name])
    }
    return type !== 'categorical' || values[name] === than[name]
  })
}

/**
 * Whether these values are at least as big, in all that memory goes for, as those of a trial that ran out of it: there is no
 * use in a training. A trial that was bigger still and came to its end tells that something else was the matter. Pure.
 */
export function isTooBig(
  space: SearchSpace,
  trials: readonly PastTrial[],
  values: Readonly<Values>,
): boolean {
  if (!Object.keys(space).some((name) => isSize(space, name))) return false
  return trials.some(
    (trial) =>
      trial.outOfMemory === true &&
      needsNoLess(space, values, trial.values) &&
      !trials.some((other) => other.state === 'completed' && needsNoLess(space, other.values, trial.values)),
  )
}
