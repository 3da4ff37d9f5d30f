/** The metric after an epoch or boosting round. */
export interface CurvePoint {
  /** Counted from 1; rises along a curve. */
  step: number
  /** NaN and infinities as reported. */
  value: number
}
