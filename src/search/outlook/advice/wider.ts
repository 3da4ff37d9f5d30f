import type { Distribution } from '../../../domain/detection.ts'
import { isOrdered } from '../../levels.ts'
import { rough } from './numbers.ts'

export type End = 'low' | 'high'

/** Part of the range that counts as its end. */
const MARGIN = 0.03
/** A logarithmic range grows by a third of its decades, within these factors; a linear one by half of its width. */
const FACTORS = { least: 2, most: 10, share: 1 / 3 }

type Numeric = Exclude<Distribution, { type: 'categorical' }>

/** The end of its range at which a value lies; null for one in between, and where there is only one value. */
export function endOf(distribution: Distribution, value: unknown): End | null {
  if (typeof value !== 'number') return null
  if (distribution.type === 'categorical') {
    const { choices } = distribution
    if (!isOrdered(distribution) || choices.length < 2) return null
    if (value === choices[0]) return 'low'
    return value === choices.at(-1) ? 'high' : null
  }
  const { low, high, log } = distribution
  if (!(high > low)) return null
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  if (share <= MARGIN) return 'low'
  return share >= 1 - MARGIN ? 'high' : null
}

/**
 * The distribution with room beyond one end. What lay within 0 and 1 stays there, and what was positive stays so.
 * @returns null where there is no room
 */
export function wider(distribution: Distribution, end: End): Distribution | null {
  if (distribution.type === 'categorical') return withChoice(distribution.choices, end)
  const bound = distribution.log ? logBound(distribution, end) : linearBound(distribution, end)
  const { low, high, type, step } = distribution
  const whole = type === 'int' ? Math.round(bound) : bound
  const next = step === undefined ? whole : low + Math.round((whole - low) / step) * step
  const limited = limit(Number(next.toPrecision(12)), distribution, end)
  return limited === (end === 'low' ? low : high) ? null : { ...distribution, [end]: limited }
}

function logBound({ low, high }: Numeric, end: End): number {
  const factor = Math.min(Math.max((high / low) ** FACTORS.share, FACTORS.least), FACTORS.most)
  return rough(end === 'low' ? low / factor : high * factor)
}

function linearBound({ low, high }: Numeric, end: End): number {
  const room = (high - low) / 2
  return Number((end === 'low' ? low - room : high + room).toPrecision(2))
}

function limit(bound: number, { type, low, high, log }: Numeric, end: End): number {
  const isShare = type === 'float' && low >= 0 && high <= 1
  // A momentum of 1 forgets nothing: half of what is left.
  const most = high < 1 && !log ? Number(((1 + high) / 2).toPrecision(3)) : 1
  if (end === 'high') return isShare ? Math.min(bound, most) : Math.max(bound, high)
  if (type === 'int' && low >= 1) return Math.max(bound, 1)
  return low >= 0 && !log ? Math.max(bound, 0) : Math.min(bound, low)
}

function withChoice(choices: readonly (string | number | boolean)[], end: End): Distribution | null {
  const numbers = choices.filter((choice) => typeof choice === 'number')
  const [last, before] = end === 'low' ? numbers : numbers.toReversed()
  if (last === undefined || before === undefined || numbers.length < choices.length) return null
  const ratio = last / before
  const next = last > 0 && before > 0 ? last * ratio : last + (last - before)
  const rounded = numbers.every(Number.isInteger) ? Math.round(next) : Number(next.toPrecision(2))
  if (end === 'low' ? rounded >= last || (last > 0 && rounded <= 0) : rounded <= last) return null
  return { type: 'categorical', choices: end === 'low' ? [rounded, ...numbers] : [...numbers, rounded] }
}
