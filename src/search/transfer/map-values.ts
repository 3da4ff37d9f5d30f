import { nearestValue } from '../nearest-value.ts'
import type { SearchSpace, Values } from '../sampler.ts'
import { matters } from '../space.ts'
import { matchNames } from './names.ts'

/** Part of both spaces that has to be the same hyperparameters for their searches to tell anything about one another. */
const ALIKE = 0.5

/** Whether at least half of the hyperparameters, of the larger of both spaces, are the same by name. */
export function areAlike(present: SearchSpace, earlier: SearchSpace): boolean {
  const size = Math.max(Object.keys(present).length, Object.keys(earlier).length)
  return size > 0 && matchNames(present, earlier).size >= ALIKE * size
}

/**
 * Values of an earlier source in the present space: by name, moved to the nearest value that a distribution has.
 * @param own the user's own values, for hyperparameters that are new or had a value of another kind
 */
export function mapValues(
  present: SearchSpace,
  earlier: SearchSpace,
  values: Readonly<Values>,
  own: Readonly<Values>,
): Values {
  const names = matchNames(present, earlier)
  const mapped: Values = {}
  for (const [name, dimension] of Object.entries(present)) {
    const before = values[names.get(name) ?? '']
    const value = (before === undefined ? null : nearestValue(dimension, before)) ?? own[name]
    if (value !== undefined) mapped[name] = value
  }
  return mapped
}

/**
 * Whether the present space has these values of an earlier source too, as far as it has the hyperparameters and they mattered
 * there; numbers among choices and between steps may be moved.
 */
export function isWithin(present: SearchSpace, earlier: SearchSpace, values: Readonly<Values>): boolean {
  return [...matchNames(present, earlier)].every(([name, before]) => {
    const value = values[before]
    const dimension = present[name]
    if (value === undefined || !dimension || !matters(earlier, values, before)) return true
    if (dimension.type === 'categorical') return nearestValue(dimension, value) !== null
    return typeof value === 'number' && value >= dimension.low && value <= dimension.high
  })
}
