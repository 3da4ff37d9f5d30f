import type { ParameterValue } from '../../../src/domain/trial.ts'
import type { Dimension, SearchSpace, Values } from '../../../src/search/sampler.ts'

/** Whether a value is one of the dimension's: of its type, within its bounds, on its steps. */
export function isInside(value: ParameterValue | undefined, dimension: Dimension): boolean {
  if (dimension.type === 'categorical') return dimension.choices.includes(value as string)
  const { type, low, high, step } = dimension
  if (typeof value !== 'number' || !(value >= low && value <= high)) return false
  if (type === 'int' && !Number.isInteger(value)) return false
  const steps = step === undefined ? 0 : (value - low) / step
  return Math.abs(steps - Math.round(steps)) < 1e-6
}

function matters(space: SearchSpace, values: Values, name: string): boolean {
  const condition = space[name]?.condition
  if (!condition) return true
  const value = values[condition.name]
  return value !== undefined && condition.values.includes(value) && matters(space, values, condition.name)
}

/** Equal for trials that are the same in what matters. */
export const signatureOf = (space: SearchSpace, values: Values): string =>
  JSON.stringify(Object.keys(space).map((name) => matters(space, values, name) && { is: values[name] }))

/** Whether the values have none of the forbidden combinations. */
export const isAllowed = (space: SearchSpace, forbidden: readonly Values[], values: Values): boolean =>
  !forbidden.some((combination) =>
    Object.entries(combination).every(
      ([name, value]) => values[name] === value && matters(space, values, name),
    ),
  )
