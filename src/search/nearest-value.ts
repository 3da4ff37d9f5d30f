import type { Distribution } from '../domain/detection.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { axisOf } from './encode/axis.ts'
import { contains } from './levels.ts'

/**
 * The value of the distribution that is nearest to another one: within the bounds, on the steps, whole where it has to be.
 * @returns null where nothing of its kind is in the distribution, such as a text for a number
 */
export function nearestValue(distribution: Distribution, value: ParameterValue): ParameterValue | null {
  if (contains(distribution, value)) return value
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const axis = axisOf(distribution)
  const isNumeric =
    distribution.type !== 'categorical' || distribution.choices.every((choice) => typeof choice === 'number')
  return isNumeric && !axis.nominal ? axis.valueAt(axis.pointOf(value)) : null
}
