import { OPTIMISM } from '../gp/acquisition.ts'
import { cholesky } from '../gp/cholesky.ts'
import type { GaussianProcess, Point } from '../gp/regression.ts'
import { createRandom, mixSeed, normals } from '../random.ts'
import { normalCdf } from './normal.ts'

/** Searches that are played through. */
const PATHS = 200
/** Steps of each that learn from the ones before; what comes later takes the best of what the last knew. */
const LEARNING_STEPS = 25

/**
 * The best results of searches played through in worlds that the model holds possible: each draws a function from the
 * posterior, and tries on it, one after the other, what the model would think best at that time. Pure.
 * @param candidates what can be tried; at most some hundred
 * @param left trials to come
 * @param freedom observations that the scale of the deviations is known from, less one
 * @returns by world, the best observation of the trials to come, in units of the process
 */
export function futuresOf(
  process: GaussianProcess,
  candidates: readonly Point[],
  left: number,
  freedom: number,
  seed: number,
): number[] {
  const { means, covariance } = process.joint(candidates)
  const size = candidates.length
  const matrix = Float64Array.from(covariance.flat())
  for (let row = 0; row < size; row++) {
    matrix[row * size + row] = (matrix[row * size + row] as number) + 1e-6 * process.signal
  }
  const factor = cholesky(matrix, size)
  if (factor === null || size === 0) return []
  return Array.from({ length: PATHS }, (_, path) => {
    // The same worlds, whatever is left: more trials are never worse.
    const normal = normals(createRandom(mixSeed(seed, path)))
    const world = draw(means, factor, freedom, normal)
    return bestFound(world, means, matrix, process.noise, Math.min(left, size), normal)
  })
}

/**
 * A function of the posterior: its values at the candidates. What few observations tell about the scale of the deviations
 * is uncertain, so that these have Student's distribution (A. Shah et al., Student-t processes as alternatives to Gaussian
 * processes, 2014).
 */
function draw(
  means: readonly number[],
  factor: Float64Array,
  freedom: number,
  normal: () => number,
): Float64Array {
  const size = means.length
  const squares = Array.from({ length: freedom }, () => normal() ** 2)
  const scale = Math.sqrt(freedom / squares.reduce((sum, square) => sum + square, 0))
  const whites = Float64Array.from(means, normal)
  return Float64Array.from(means, (mean, row) => {
    let deviation = 0
    for (let k = 0; k <= row; k++) deviation += (factor[row * size + k] as number) * (whites[k] as number)
    return mean + scale * deviation
  })
}

function bestFound(
  world: Float64Array,
  means: readonly number[],
  covariance: Float64Array,
  noise: number,
  steps: number,
  normal: () => number,
): number {
  const size = world.length
  const mean = Float64Array.from(means)
  const variance = Float64Array.from(means, (_, row) => covariance[row * size + row] as number)
  const open = new Set(world.keys())
  const learned: Float64Array[] = []
  const score = (at: number) =>
    (mean[at] as number) + OPTIMISM * Math.sqrt(Math.max(variance[at] as number, 0))
  const observe = (at: number) => (world[at] as number) + Math.sqrt(noise) * normal()
  let best = Number.NEGATIVE_INFINITY
  for (let step = 0; step < Math.min(steps, LEARNING_STEPS); step++) {
    let next = -1
    let highest = Number.NEGATIVE_INFINITY
    for (const at of open) {
      const value = score(at)
      if (value > highest) {
        highest = value
        next = at
      }
    }
    open.delete(next)
    const seen = observe(next)
    best = Math.max(best, seen)
    const error = Math.sqrt(Math.max(variance[next] as number, 0) + noise)
    const surprise = (seen - (mean[next] as number)) / error
    // The covariance that is left with the observed point: one more column of its Cholesky factor.
    const column = new Float64Array(size)
    for (let row = 0; row < size; row++) column[row] = covariance[next * size + row] as number
    for (const earlier of learned) {
      const weight = earlier[next] as number
      for (let row = 0; row < size; row++) {
        column[row] = (column[row] as number) - weight * (earlier[row] as number)
      }
    }
    for (let row = 0; row < size; row++) {
      const part = (column[row] as number) / error
      column[row] = part
      mean[row] = (mean[row] as number) + part * surprise
      variance[row] = (variance[row] as number) - part * part
    }
    learned.push(column)
  }
  const late = [...open].sort((a, b) => score(b) - score(a)).slice(0, Math.max(0, steps - LEARNING_STEPS))
  return late.reduce((highest, at) => Math.max(highest, observe(at)), best)
}

/**
 * How the share of the futures that reach a target became a chance that holds: a logistic regression (J. Platt, 1999) on 99
 * searches over the tasks of LCBench and estimators of scikit-learn, 5 to 30 trials old. A model of few trials is too
 * sure of itself, and too hopeful when much has been tried.
 */
const CALIBRATION = { offset: -0.57, slope: 0.42, far: 0.44, room: 0.58 }
/** Shares are told apart within these bounds, and rooms, in trials left for one done, within those. */
const SHARES = [0.003, 0.997] as const
const ROOMS = [0.05, 8] as const
/** Standard deviations of the futures above which a target counts as far. */
const FAR = 4

/**
 * The chance that the best of the trials to come reaches a target.
 * @param futures at least one; in the units of the target
 * @param done trials with a metric
 * @param left trials to come
 */
export function chanceOf(futures: readonly number[], target: number, done: number, left: number): number {
  const count = futures.length
  const mean = futures.reduce((sum, value) => sum + value, 0) / count
  const sd = Math.max(Math.sqrt(futures.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count), 1e-9)
  // Smoothed by a normal kernel of the width that Silverman proposes (1986, eq. 3.31).
  const width = 0.9 * sd * count ** -0.2
  const share = futures.reduce((sum, value) => sum + normalCdf((value - target) / width), 0) / count
  const sure = within(share, SHARES)
  const logit =
    CALIBRATION.offset +
    CALIBRATION.slope * Math.log(sure / (1 - sure)) -
    CALIBRATION.far * Math.log(Math.max(1, (target - mean) / sd / FAR)) +
    CALIBRATION.room * Math.log(within(left / done, ROOMS))
  return 1 / (1 + Math.exp(-logit))
}

const within = (value: number, [low, high]: readonly [number, number]) => Math.min(Math.max(value, low), high)
