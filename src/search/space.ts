import { isMattering } from '../domain/conditions.ts'
import type { Distribution } from '../domain/detection.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { countOf, levelOf, stepOf } from './levels.ts'
import type { SearchSpace, Values } from './sampler.ts'

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

/**
 * A point of the unit interval as a value of the distribution. Floats without a step are rounded as a person would write
 * them, to about a thousand steps over the range, except where that would leave the bounds.
 * @throws RangeError for a distribution that holds nothing, or a logarithmic one that reaches zero
 */
export function decode(point: number, distribution: Distribution): ParameterValue {
  if (distribution.type === 'categorical') {
    const { choices } = distribution
    const choice = choices[clamp(Math.floor(point * choices.length), 0, choices.length - 1)]
    if (choice === undefined) throw new RangeError('A categorical distribution needs at least one choice')
    return choice
  }
  const { low, high, log } = distribution
  if (!(low <= high) || (log && low <= 0)) throw new RangeError(`No values between ${low} and ${high}`)
  const step = stepOf(distribution)
  if (step === null) {
    const value = log ? low * (high / low) ** point : low + (high - low) * point
    return clamp(rounded(value, low, high, log), low, high)
  }
  // Each value gets the room around it, so that the ends come as often as the rest.
  const last = countOf(distribution) - 1
  const margin = log ? Math.min(step, low) / 2 : step / 2
  const [from, to] = [low - margin, low + last * step + margin]
  const value = log ? from * (to / from) ** point : from + (to - from) * point
  return levelOf(distribution, clamp(Math.round((value - low) / step), 0, last))
}

/** Three significant digits on a logarithmic scale, else three of the width of the range. */
function rounded(value: number, low: number, high: number, log: boolean): number {
  if (log || low === high) return Number(value.toPrecision(3))
  const exponent = 3 - Math.ceil(Math.log10(high - low))
  return Number((Math.round(value * 10 ** exponent) / 10 ** exponent).toPrecision(12))
}

const own = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined

/** Whether a hyperparameter matters under these values; what the space does not hold turns nothing off. */
export function matters(space: SearchSpace, values: Readonly<Values>, name: string): boolean {
  if (!own(space, name)?.condition) return true
  const valueUnder = (other: string) => (Object.hasOwn(space, other) ? own(values, other) : undefined)
  return isMattering(name, (other) => own(space, other)?.condition, valueUnder)
}

/** Equal for values that are the same trial: those of the space's hyperparameters, as far as they matter. */
export const keyOf = (space: SearchSpace, values: Readonly<Values>): string =>
  JSON.stringify(
    Object.keys(space).map((name) => (matters(space, values, name) ? (own(values, name) ?? null) : null)),
  )

/** Whether the values have all of a forbidden combination; what does not matter is none of them. */
export const isForbidden = (
  space: SearchSpace,
  forbidden: readonly Readonly<Values>[] | undefined,
  values: Readonly<Values>,
): boolean =>
  (forbidden ?? []).some((combination) =>
    Object.entries(combination).every(
      ([name, value]) => own(values, name) === value && matters(space, values, name),
    ),
  )
