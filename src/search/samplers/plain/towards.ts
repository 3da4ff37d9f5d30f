import type { ParameterValue } from '../../../domain/trial.ts'
import { countOf, levelOf, stepOf } from '../../levels.ts'
import type { Dimension } from '../../sampler.ts'

/** Room for the last bits of a division. */
const SLACK = 1e-9

/** The distinct choices; none for a range. */
export const choicesOf = (dimension: Dimension): ParameterValue[] =>
  dimension.type === 'categorical' ? [...new Set(dimension.choices)] : []

/**
 * The first number of a dimension at or beyond a target, seen from a value; its last one where the target is outside.
 * @returns null where there is nothing in that direction
 */
export function towards(dimension: Dimension, from: number, target: number): number | null {
  const up = target > from
  if (target === from || !Number.isFinite(target)) return null
  if (dimension.type === 'categorical') {
    const beyond = choicesOf(dimension)
      .map(Number)
      .filter((choice) => (up ? choice > from : choice < from))
      .sort((a, b) => (up ? a - b : b - a))
    return beyond.find((choice) => (up ? choice >= target : choice <= target)) ?? beyond.at(-1) ?? null
  }
  const { low, high } = dimension
  const step = stepOf(dimension)
  // 0.1 + 0.2 is 0.3.
  if (step === null) return differing(from, Math.min(Math.max(Number(target.toPrecision(12)), low), high))
  const place = (target - low) / step
  const index = up ? Math.ceil(place - SLACK) : Math.floor(place + SLACK)
  const last = countOf(dimension) - 1
  return differing(from, Number(levelOf(dimension, Math.min(Math.max(index, 0), last))))
}

const differing = (from: number, to: number) => (to === from ? null : to)
