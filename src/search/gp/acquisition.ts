import type { Encoding } from '../encode.ts'
import { candidatesOf } from './candidates.ts'
import type { GaussianProcess, Point } from './regression.ts'

/** How many standard deviations a point's hope lies above its mean. */
export const OPTIMISM = 2.2
const UNIFORM = 512
const NEAR_EACH = 20
/** Spread of each round of mutations. */
const WIDTHS = [0.2, 0.15, 0.1, 0.07, 0.04, 0.02]
const PARENTS = 10
const CHILDREN = 10

/**
 * Points with a high upper confidence bound (N. Srinivas et al., Gaussian process optimization in the bandit setting,
 * 2010, arXiv:0912.3995), the highest first: random ones, some near the best trials, and mutations of the best of them.
 * @param best the points of the best trials
 */
export function promisingPoints(
  encoding: Encoding,
  model: GaussianProcess,
  best: readonly Point[],
  random: () => number,
): number[][] {
  const { uniform, near } = candidatesOf(encoding, random)
  const weights = encoding.names.map(() => 1 + random())
  /** Differs for different points; far cheaper than their text. */
  const keyOf = (point: Point) => point.reduce((sum, x, column) => sum + x * (weights[column] as number), 0)
  const scored = new Map<number, { point: number[]; score: number }>()
  const score = (points: number[][]) => {
    const fresh = points.filter((point) => !scored.has(keyOf(point)))
    model.predict(fresh).forEach(({ mean, variance }, at) => {
      const point = fresh[at] as number[]
      scored.set(keyOf(point), { point, score: mean + OPTIMISM * Math.sqrt(variance) })
    })
  }
  const ranked = () => [...scored.values()].sort((a, b) => b.score - a.score).map(({ point }) => point)

  score([...uniform(UNIFORM), ...near(best, NEAR_EACH, 0.1)])
  for (const width of WIDTHS) score(near(ranked().slice(0, PARENTS), CHILDREN, width))
  return ranked()
}
