import { lastStep } from '../curves.ts'
import type { Curve } from '../pruner.ts'

/** Of what has come so far, too little is left to be saved. */
const NEARLY_ALL = 2 / 3

/** Whether a training has two thirds of the longest that came to its end behind it; false while none has. */
export function isNearItsEnd({ points }: Curve, others: readonly Curve[]): boolean {
  const lengths = others.flatMap((other) => (other.state === 'completed' ? [lastStep(other.points)] : []))
  return lengths.length > 0 && lastStep(points) > NEARLY_ALL * Math.max(...lengths)
}

/** A value as a person reads it. */
export const show = (value: number): string => String(Number(value.toPrecision(4)))
