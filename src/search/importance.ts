import type { Importance } from '../domain/outlook.ts'
import type { Point } from './gp/regression.ts'
import { permutation } from './random.ts'

/** Evaluations of the model that all hyperparameters share. */
const EVALUATIONS = 3000
const MOST_SAMPLES = 1024

/** What the importance is read from. */
export interface Surface {
  /** The hyperparameters, one a column. */
  names: readonly string[]
  /** The function at some points of the unit cube. */
  meanAt(points: readonly Point[]): number[]
  /** The nearest point that stands for possible values; what does not matter lies in the middle. */
  snap(point: Point): Point
  /** Variance of the observations around the function. */
  noise: number
}

/**
 * How much of the variance over the whole space goes with each hyperparameter: total-effect Sobol' indices by Jansen's
 * estimator (A. Saltelli et al., Variance based sensitivity analysis of model output, 2010,
 * doi:10.1016/j.cpc.2009.09.018, table 2f), read from a fitted model as in F. Hutter et al., An efficient approach for
 * assessing hyperparameter importance, 2014. The noise counts as variance that nothing explains.
 * @param random uniform in [0, 1)
 * @returns the most important first; empty where nothing varies
 */
export function importanceOf(surface: Surface, random: () => number): Importance[] {
  const { names, snap } = surface
  const columns = names.length
  if (columns === 0) return []
  const samples = Math.max(8, Math.min(MOST_SAMPLES, Math.floor(EVALUATIONS / (columns + 1))))
  const pairs = latinHypercube(samples, 2 * columns, random).map((both) => ({
    base: both.slice(0, columns),
    other: both.slice(columns),
  }))
  const base = surface.meanAt(pairs.map(({ base }) => snap(base)))
  const mean = average(base)
  const variance = average(base.map((value) => (value - mean) ** 2)) + surface.noise
  if (!(variance > 1e-12)) return []
  return names
    .map((name, column) => {
      const changed = surface.meanAt(
        pairs.map(({ base, other }) => snap(base.with(column, other[column] as number))),
      )
      const share = average(changed.map((value, row) => (value - (base[row] as number)) ** 2)) / 2 / variance
      return { name, share: Math.min(share, 1) }
    })
    .sort((a, b) => b.share - a.share)
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Points of the unit cube with one in each slice of each column (M. D. McKay et al., 1979). */
function latinHypercube(count: number, columns: number, random: () => number): number[][] {
  const slices = Array.from({ length: columns }, () => permutation(count, random))
  return Array.from({ length: count }, (_, row) =>
    slices.map((slice) => ((slice[row] as number) + random()) / count),
  )
}
