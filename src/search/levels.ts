import type { Distribution } from '../domain/detection.ts'
import type { ParameterValue } from '../domain/trial.ts'

type Numeric = Exclude<Distribution, { type: 'categorical' }>

/** Room for the last bits of a division. */
const SLACK = 1e-9

/** Distance of neighbouring values; null where a float may be any number. */
export const stepOf = ({ type, step }: Numeric): number | null => step ?? (type === 'int' ? 1 : null)

/** Number of values of a distribution; Infinity for a float without step that has room. */
export function countOf(distribution: Distribution): number {
  if (distribution.type === 'categorical') return new Set(distribution.choices).size
  const { low, high } = distribution
  if (low === high) return 1
  const step = stepOf(distribution)
  return step === null ? Number.POSITIVE_INFINITY : Math.floor((high - low) / step + SLACK) + 1
}

/**
 * The values of a distribution that can be counted, in their order: choices as they are listed, numbers upwards.
 * @param index 0 .. count - 1
 */
export function levelOf(distribution: Distribution, index: number): ParameterValue {
  if (distribution.type === 'categorical') return [...new Set(distribution.choices)][index] as ParameterValue
  const { type, low, high } = distribution
  const value = low + index * (stepOf(distribution) ?? 0)
  // Written as a person would: 0.1 + 2 * 0.1 is 0.3.
  return Math.min(type === 'int' ? value : Number(value.toPrecision(12)), high)
}

/** Where a value stands among those that can be counted; -1 for one that is none of them. */
export function indexOfLevel(distribution: Distribution, value: ParameterValue): number {
  if (distribution.type === 'categorical') return [...new Set(distribution.choices)].indexOf(value)
  if (typeof value !== 'number') return -1
  const step = stepOf(distribution)
  const index = step === null ? 0 : Math.round((value - distribution.low) / step)
  const inside = index >= 0 && index < countOf(distribution)
  return inside && levelOf(distribution, index) === value ? index : -1
}

/** Whether a value is one of the distribution's. */
export function contains(distribution: Distribution, value: ParameterValue): boolean {
  if (Number.isFinite(countOf(distribution))) return indexOfLevel(distribution, value) >= 0
  const { low, high } = distribution as Numeric
  return typeof value === 'number' && value >= low && value <= high
}

/** Whether neighbouring choices are alike: they say so, or are numbers in rising order. */
export function isOrdered(distribution: Distribution): boolean {
  if (distribution.type !== 'categorical') return true
  const { choices, ordered } = distribution
  return (
    ordered ??
    choices.every(
      (choice, index) => typeof choice === 'number' && (index === 0 || choice > Number(choices[index - 1])),
    )
  )
}
