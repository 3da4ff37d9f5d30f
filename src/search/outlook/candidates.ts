import { OPTIMISM } from '../gp/acquisition.ts'
import type { Model } from '../gp/model.ts'
import type { Point } from '../gp/regression.ts'
import { createRandom, normals } from '../random.ts'

const SPREAD = 256
const NEAR = 128
/** How far a coordinate of a good trial is moved, by turns. */
const WIDTHS = [0.02, 0.06, 0.18]
const TOP = 3
const PROMISING = 64
const OTHERS = 32

/**
 * What a search would probably try: points spread over the space and near the best, of those the most promising to the model,
 * and some others, since it learns.
 */
export function candidatesOf({ process, encoding, points }: Model, seed: number): Point[] {
  const random = createRandom(seed)
  const normal = normals(random)
  const columns = encoding.names.length
  const seen = new Set(points.map((point) => point.join()))
  const top = bestPoints(process.predict(points), points)
  const drawn = Array.from({ length: SPREAD + NEAR }, (_, index): number[] => {
    const centre = top[index % top.length]
    if (index < SPREAD || !centre) return Array.from({ length: columns }, random)
    const width = WIDTHS[index % WIDTHS.length] as number
    return centre.map((value, column) =>
      encoding.nominal[column]
        ? random() < width
          ? random()
          : value
        : Math.min(Math.max(value + width * normal(), 0), 1),
    )
  }).map(encoding.snap)
  const fresh = drawn.filter((point) => {
    const key = point.join()
    return !seen.has(key) && seen.add(key)
  })
  const scores = process.predict(fresh).map(({ mean, variance }) => mean + OPTIMISM * Math.sqrt(variance))
  const ranked = fresh
    .map((point, index) => ({ point, index, score: scores[index] as number }))
    .sort((a, b) => b.score - a.score)
  const others = ranked.slice(PROMISING).sort((a, b) => a.index - b.index)
  return [...ranked.slice(0, PROMISING), ...others.slice(0, OTHERS)].map(({ point }) => point)
}

function bestPoints(predicted: readonly { mean: number }[], points: readonly Point[]): Point[] {
  return points
    .map((point, index) => ({ point, mean: (predicted[index] as { mean: number }).mean }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, TOP)
    .map(({ point }) => point)
}
