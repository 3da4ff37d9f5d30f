import { cholesky, solveLower, solveUpper } from './cholesky.ts'
import { covariance, type Hyperparameters, type Point } from './kernel.ts'
import {
  errorVariance,
  hyperparametersAt,
  negativeLogPosterior,
  type Observations,
  priorsOf,
} from './likelihood.ts'
import { minimise } from './minimise.ts'

export type { Hyperparameters, Observations, Point }

/** Of the noise-free function, in the units of the targets. */
export interface Prediction {
  mean: number
  variance: number
}

/** A Gaussian process of mean zero, conditioned on observations. */
export interface GaussianProcess extends Hyperparameters {
  predict(points: readonly Point[]): Prediction[]
  /** The means alone: the variance is most of the work. */
  means(points: readonly Point[]): number[]
  /** The joint distribution at a few points; the covariance by rows. */
  joint(points: readonly Point[]): { means: number[]; covariance: number[][] }
}

/** Two starts, in standard deviations from the priors' means: the means; half as long and with more noise. */
const STARTS = [
  { length: 0, noise: 0 },
  { length: -0.8, noise: 1.5 },
]

/** Of log density; a search that gains less in a step has arrived. */
const GAIN = 0.01

/**
 * Fits the hyperparameters to the observations: the most probable ones under their priors.
 * @param iterations at most, for each of the two starts
 * @returns the priors' means when there are no observations
 */
export function fitHyperparameters(observations: Observations, iterations = 60): Hyperparameters {
  const columns = observations.nominal.length
  const priors = priorsOf(columns)
  const evaluate = negativeLogPosterior(observations, priors)
  const found = STARTS.map(({ length, noise }) =>
    minimise(evaluate, [...Array.from({ length: columns }, () => length), 0, noise], iterations, GAIN),
  )
  const best = found.reduce((a, b) => (b.value < a.value ? b : a))
  return hyperparametersAt(best.point, priors)
}

/**
 * The process with the given hyperparameters, conditioned on the observations (Rasmussen and Williams, 2006,
 * algorithm 2.1). To be repeated with more observations and the same hyperparameters where a fit would be too dear.
 * @throws RangeError for points and targets that are not finite
 */
export function condition(observations: Observations, hyperparameters: Hyperparameters): GaussianProcess {
  const { points, targets, nominal } = observations
  const size = points.length
  if (![...targets, ...points.flat()].every(Number.isFinite)) {
    throw new RangeError('A Gaussian process needs finite points and targets')
  }
  const between = (a: Point, b: Point) => covariance(a, b, hyperparameters, nominal)
  const matrix = new Float64Array(size * size)
  points.forEach((point, row) => {
    for (let other = 0; other < row; other++) {
      matrix[row * size + other] = between(point, points[other] as Point)
    }
  })
  const factor = factorWithJitter(matrix, size, (row, jitter) => {
    return hyperparameters.signal * (1 + jitter) + errorVariance(observations, hyperparameters.noise, row)
  })
  const weights = solveUpper(factor, size, solveLower(factor, size, Float64Array.from(targets)))
  const toAll = (point: Point) => Float64Array.from(points, (other) => between(point, other))
  const weighted = (covariances: Float64Array) =>
    covariances.reduce((sum, value, row) => sum + value * (weights[row] as number), 0)
  /** The mean, and the part of the point's deviation that the observations explain. */
  const at = (point: Point): { mean: number; explained: Float64Array } => {
    const explained = toAll(point)
    const mean = weighted(explained)
    return { mean, explained: solveLower(factor, size, explained) }
  }
  return {
    ...hyperparameters,
    predict: (asked) =>
      asked.map((point) => {
        const { mean, explained } = at(point)
        const rest = hyperparameters.signal - explained.reduce((sum, value) => sum + value * value, 0)
        return { mean, variance: Math.max(rest, 0) }
      }),
    means: (asked) => asked.map((point) => weighted(toAll(point))),
    joint(asked) {
      const parts = asked.map(at)
      return {
        means: parts.map(({ mean }) => mean),
        covariance: parts.map(({ explained }, row) =>
          parts.map((other, column) => {
            const common = explained.reduce(
              (sum, value, k) => sum + value * (other.explained[k] as number),
              0,
            )
            return between(asked[row] as Point, asked[column] as Point) - common
          }),
        ),
      }
    },
  }
}

/** Fits and conditions. */
export const fitGaussianProcess = (observations: Observations, iterations?: number): GaussianProcess =>
  condition(observations, fitHyperparameters(observations, iterations))

/** @throws RangeError for a matrix that is nowhere near positive definite */
function factorWithJitter(
  matrix: Float64Array,
  size: number,
  diagonal: (row: number, jitter: number) => number,
): Float64Array {
  for (let jitter = 1e-10; jitter < 1; jitter *= 100) {
    for (let row = 0; row < size; row++) matrix[row * size + row] = diagonal(row, jitter)
    const factor = cholesky(matrix, size)
    if (factor !== null) return factor
  }
  throw new RangeError('The covariance matrix has no Cholesky factor')
}
