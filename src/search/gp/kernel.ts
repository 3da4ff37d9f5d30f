/** A point of the unit cube, as an encoding makes it. */
export type Point = readonly number[]

/** What the fit finds. */
export interface Hyperparameters {
  /** One a column, in units of the cube; the longer, the less the column matters. */
  lengthScales: readonly number[]
  /** Variance of the function. */
  signal: number
  /** Variance of one observation around it. */
  noise: number
}

const ROOT5 = Math.sqrt(5)

/**
 * The squared distance of two points by column: of a nominal one 0 where the values are equal, else 1.
 * Written to `into` from `at` on.
 */
export function squaredDifferences(
  a: Point,
  b: Point,
  nominal: readonly boolean[],
  into: Float64Array,
  at: number,
): void {
  for (let column = 0; column < nominal.length; column++) {
    const difference = (a[column] as number) - (b[column] as number)
    into[at + column] = nominal[column] ? Number(difference !== 0) : difference * difference
  }
}

/**
 * Matern's correlation with nu = 5/2 (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, eq. 4.17).
 * @param squared the squared distance, in length-scales
 */
export function matern52(squared: number): number {
  const distance = ROOT5 * Math.sqrt(squared)
  return (1 + distance + (5 / 3) * squared) * Math.exp(-distance)
}

/** Minus two times the derivative of the correlation by the squared distance. */
export function matern52Slope(squared: number): number {
  const distance = ROOT5 * Math.sqrt(squared)
  return (5 / 3) * (1 + distance) * Math.exp(-distance)
}

/** Covariance of two points of the noise-free function. */
export function covariance(
  a: Point,
  b: Point,
  { lengthScales, signal }: Hyperparameters,
  nominal: readonly boolean[],
): number {
  let squared = 0
  for (let column = 0; column < lengthScales.length; column++) {
    const difference = (a[column] as number) - (b[column] as number)
    const length = lengthScales[column] as number
    if (difference !== 0) squared += (nominal[column] ? 1 : difference * difference) / (length * length)
  }
  return signal * matern52(squared)
}
