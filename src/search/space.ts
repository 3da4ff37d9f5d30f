import type { Distribution } from '../domain/detection.ts'
import type { ParameterValue } from '../domain/trial.ts'
import type { SearchSpace } from './sampler.ts'

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

/**
 * A point of the unit interval as a value of the distribution. Floats are rounded as a person would write them, to about a
 * thousand steps over the range, except where that would leave the bounds.
 * @throws RangeError for a distribution that holds nothing, or a logarithmic one that reaches zero
 */
export function decode(point: number, distribution: Distribution): ParameterValue {
  if (distribution.type === 'categorical') {
    const { choices } = distribution
    const choice = choices[clamp(Math.floor(point * choices.length), 0, choices.length - 1)]
    if (choice === undefined) throw new RangeError('A categorical distribution needs at least one choice')
    return choice
  }
  const { type, low, high, log } = distribution
  if (!(low <= high) || (log && low <= 0)) throw new RangeError(`No values between ${low} and ${high}`)
  // Each integer gets the unit around it, so that the ends come as often as the rest.
  const margin = type === 'int' ? 0.5 : 0
  const [from, to] = [low - margin, high + margin]
  const value = log ? from * (to / from) ** point : from + (to - from) * point
  return clamp(type === 'int' ? Math.round(value) : rounded(value, low, high, log), low, high)
}

/** Three significant digits on a logarithmic scale, else three of the width of the range. */
function rounded(value: number, low: number, high: number, log: boolean): number {
  if (log || low === high) return Number(value.toPrecision(3))
  const exponent = 3 - Math.ceil(Math.log10(high - low))
  return Number((Math.round(value * 10 ** exponent) / 10 ** exponent).toPrecision(12))
}

/** Number of values of a distribution; Infinity for a float that has room. */
function sizeOf(distribution: Distribution): number {
  if (distribution.type === 'categorical') return new Set(distribution.choices).size
  const { type, low, high } = distribution
  if (type === 'int') return high - low + 1
  return low === high ? 1 : Number.POSITIVE_INFINITY
}

/** Number of combinations. */
export const sizeOfSpace = (space: SearchSpace): number =>
  Object.values(space).reduce((size, distribution) => size * sizeOf(distribution), 1)

/** The nth combination of a finite space, counted in mixed radix, the first name the fastest. */
export function combination(space: SearchSpace, index: number): Record<string, ParameterValue> {
  let rest = index
  const values: Record<string, ParameterValue> = {}
  for (const [name, distribution] of Object.entries(space)) {
    const size = sizeOf(distribution)
    const digit = rest % size
    rest = Math.floor(rest / size)
    values[name] =
      distribution.type === 'categorical'
        ? ([...new Set(distribution.choices)][digit] as ParameterValue)
        : distribution.low + digit
  }
  return values
}

/** Equal for equal values of the space's hyperparameters, whatever else the values hold. */
export const keyOf = (space: SearchSpace, values: Record<string, ParameterValue>): string =>
  JSON.stringify(Object.keys(space).map((name) => values[name] ?? null))
