import type { Distribution } from '../../domain/detection.ts'
import type { ParameterValue } from '../../domain/trial.ts'
import { countOf, isOrdered, stepOf } from '../levels.ts'
import { decode } from '../space.ts'

/** How the values of one hyperparameter lie on the unit interval. */
export interface Axis {
  /** Whether the values have no order: their points tell them apart, and nothing else. */
  nominal: boolean
  /** The point of a value; of one outside of the bounds, the nearest. */
  pointOf(value: ParameterValue): number
  /** A value of the distribution, which `pointOf` leads back to. */
  valueAt(point: number): ParameterValue
  /** The point that stands for no value. */
  absent: number
}

type Range = Exclude<Distribution, { type: 'categorical' }>
type Choice = Extract<Distribution, { type: 'categorical' }>

/** @throws RangeError for a distribution that holds nothing, or a logarithmic one that reaches zero */
export function axisOf(distribution: Distribution): Axis {
  if (distribution.type !== 'categorical') return rangeAxis(distribution)
  return isOrdered(distribution) ? ordinalAxis(distribution) : nominalAxis(distribution)
}

/** Where a value lies between two bounds; 0.5 for what is no number. */
function share(value: ParameterValue, from: number, to: number, log: boolean): number {
  const number = typeof value === 'number' ? value : Number.NaN
  if (Number.isNaN(number) || from === to) return 0.5
  const inside = Math.min(Math.max(number, from), to)
  return log ? Math.log(inside / from) / Math.log(to / from) : (inside - from) / (to - from)
}

/** As `decode` of the space has it: what has steps gets half a step of room beyond its ends. */
function rangeAxis(distribution: Range): Axis {
  const { low, log } = distribution
  const step = stepOf(distribution)
  const last = step === null ? distribution.high : low + (countOf(distribution) - 1) * step
  const margin = step === null ? 0 : (log ? Math.min(step, low) : step) / 2
  return {
    nominal: false,
    pointOf: (value) => share(value, low - margin, last + margin, log),
    valueAt: (point) => decode(point, distribution),
    absent: 0.5,
  }
}

function nominalAxis({ choices }: Choice): Axis {
  const values = [...new Set(choices)]
  return {
    nominal: true,
    // One that is not among them is unlike all of them.
    pointOf: (value) => (values.includes(value) ? (values.indexOf(value) + 0.5) / values.length : 1),
    valueAt: (point) => decode(point, { type: 'categorical', choices: values }),
    absent: 0,
  }
}

/** The choices from end to end, spaced by their values where those rise, else evenly; each gets what is nearest to it. */
function ordinalAxis({ choices }: Choice): Axis {
  const values = [...new Set(choices)]
  if (values.length === 0) throw new RangeError('A categorical distribution needs at least one choice')
  const numbers = risingNumbers(values) ?? values.map((_, index) => index)
  const spaced = numbers.length > 1 ? numbers : [0, 1]
  const log = isLogarithmic(spaced)
  const place = (number: ParameterValue) => share(number, spaced[0] as number, spaced.at(-1) as number, log)
  const points = numbers.map(place)
  const isByValue = risingNumbers(values) !== null
  return {
    nominal: false,
    pointOf: (value) => points[values.indexOf(value)] ?? (isByValue ? place(value) : 0.5),
    valueAt(point) {
      const distances = points.map((other) => Math.abs(other - point))
      return values[distances.indexOf(Math.min(...distances))] as ParameterValue
    },
    absent: 0.5,
  }
}

function risingNumbers(values: readonly ParameterValue[]): number[] | null {
  const numbers = values.filter((value) => typeof value === 'number')
  const rising = numbers.every((value, at) => at === 0 || value > (numbers[at - 1] as number))
  return numbers.length === values.length && rising ? numbers : null
}

/** Whether the logarithms are spaced more evenly than the numbers, as of 16, 32, 64. */
function isLogarithmic(numbers: readonly number[]): boolean {
  const unevenness = (values: readonly number[]) => {
    const gaps = values.slice(1).map((value, at) => value - (values[at] as number))
    return Math.max(...gaps) / Math.min(...gaps)
  }
  return (numbers[0] as number) > 0 && unevenness(numbers.map(Math.log)) < unevenness(numbers) - 1e-9
}
