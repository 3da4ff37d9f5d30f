import { cholesky, inverseOf, solveLower, solveUpper } from './cholesky.ts'
import { type Hyperparameters, matern52, matern52Slope, type Point, squaredDifferences } from './kernel.ts'
import type { Evaluation } from './minimise.ts'

/** What was seen. */
export interface Observations {
  points: readonly Point[]
  /** About zero and of about unit variance. */
  targets: readonly number[]
  /** By column: whether it holds categories, which are equal or not, rather than numbers. */
  nominal: readonly boolean[]
  /** Trainings that each target is the mean of; 1 where absent. */
  repeats?: readonly number[] | undefined
  /** Variance of each target beyond the noise, such as for a result of an earlier commit; 0 where absent. */
  extraVariance?: readonly number[] | undefined
}

/** Normal distribution of a logarithm. */
interface Prior {
  mean: number
  sd: number
}

/**
 * The priors of log length-scales, log signal and log noise, in this order. The length-scales grow with the number of
 * columns, as the distances do, so that a wide space is taken for smooth until the data say otherwise (as in C. Hvarfner
 * et al., Vanilla Bayesian optimization performs great in high dimensions, 2024, arXiv:2402.02229).
 */
export function priorsOf(columns: number): Prior[] {
  const length = { mean: Math.log(0.5) + Math.log(Math.max(columns, 1)) / 4, sd: 0.8 }
  return [
    ...Array.from({ length: columns }, () => length),
    { mean: 0, sd: 0.5 },
    { mean: Math.log(1e-3), sd: 1.5 },
  ]
}

/** Hyperparameters from a point whose coordinates count standard deviations from the priors' means. */
export function hyperparametersAt(point: readonly number[], priors: readonly Prior[]): Hyperparameters {
  const values = priors.map(({ mean, sd }, at) => Math.exp(mean + sd * (point[at] as number)))
  const columns = priors.length - 2
  return {
    lengthScales: values.slice(0, columns),
    signal: values[columns] as number,
    noise: values[columns + 1] as number,
  }
}

/** Variance of the observation's error. */
export const errorVariance = ({ repeats, extraVariance }: Observations, noise: number, row: number): number =>
  noise / (repeats?.[row] ?? 1) + (extraVariance?.[row] ?? 0)

/**
 * Minus the log of the posterior density of the hyperparameters, up to a constant, as a function of the point that
 * `hyperparametersAt` reads, with its gradient (Rasmussen and Williams, 2006, eq. 5.8 and 5.9).
 */
export function negativeLogPosterior(
  observations: Observations,
  priors: readonly Prior[],
): (point: readonly number[]) => Evaluation {
  const { points, targets, nominal } = observations
  const size = points.length
  const columns = nominal.length
  const pairs = new Float64Array((size * (size - 1) * columns) / 2)
  for (let row = 0, at = 0; row < size; row++) {
    for (let other = 0; other < row; other++, at += columns) {
      squaredDifferences(points[row] as Point, points[other] as Point, nominal, pairs, at)
    }
  }
  const matrix = new Float64Array(size * size)
  const slopes = new Float64Array((size * (size - 1)) / 2)

  return (point) => {
    const { lengthScales, signal, noise } = hyperparametersAt(point, priors)
    const inverseSquares = lengthScales.map((length) => 1 / (length * length))
    for (let row = 0, at = 0, pair = 0; row < size; row++) {
      for (let other = 0; other < row; other++, at += columns, pair++) {
        let squared = 0
        for (let k = 0; k < columns; k++) squared += (pairs[at + k] as number) * (inverseSquares[k] as number)
        matrix[row * size + other] = signal * matern52(squared)
        slopes[pair] = signal * matern52Slope(squared)
      }
      matrix[row * size + row] = signal + errorVariance(observations, noise, row)
    }
    const factor = cholesky(matrix, size)
    if (factor === null) return { value: Number.POSITIVE_INFINITY, gradient: point.map(() => 0) }
    const weights = solveUpper(factor, size, solveLower(factor, size, Float64Array.from(targets)))
    const inverse = inverseOf(factor, size)

    let value = 0
    const byLength = new Float64Array(columns)
    let bySignal = 0
    let byNoise = 0
    for (let row = 0, at = 0, pair = 0; row < size; row++) {
      const weight = weights[row] as number
      value += (weight * (targets[row] as number)) / 2 + Math.log(factor[row * size + row] as number)
      for (let other = 0; other < row; other++, at += columns, pair++) {
        // Both triangles at once.
        const pull = (inverse[row * size + other] as number) - weight * (weights[other] as number)
        bySignal += pull * (matrix[row * size + other] as number)
        const slope = pull * (slopes[pair] as number)
        for (let k = 0; k < columns; k++)
          byLength[k] = (byLength[k] as number) + slope * (pairs[at + k] as number)
      }
      const pull = ((inverse[row * size + row] as number) - weight * weight) / 2
      bySignal += pull * signal
      byNoise += (pull * noise) / (observations.repeats?.[row] ?? 1)
    }
    const slopesByLog = [
      ...lengthScales.map((_, k) => (byLength[k] as number) * (inverseSquares[k] as number)),
      bySignal,
      byNoise,
    ]
    const gradient = slopesByLog.map((slope, at) => slope * (priors[at] as Prior).sd + (point[at] as number))
    return { value: value + point.reduce((sum, x) => sum + (x * x) / 2, 0), gradient }
  }
}
