import type { CurvePoint } from '../pruner.ts'

/**
 * Whether a training has left the numbers for good, so that it can end at once: its last value is NaN or infinite, and the
 * one before it was a number or none either. A first value alone says nothing yet: before anything is learned some
 * metrics have no value.
 */
export function hasDiverged(points: readonly CurvePoint[]): boolean {
  const last = points.at(-1)
  return points.length > 1 && last !== undefined && !Number.isFinite(last.value)
}
