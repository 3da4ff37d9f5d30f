import type { Encoding } from '../encode.ts'
import { normals } from '../random.ts'
import type { Point } from './kernel.ts'

/** Points of values that the space has, for an acquisition function to choose from. */
export interface Candidates {
  /** Anywhere. */
  uniform(count: number): number[][]
  /** Near the given points, so many near each. Some columns move: numbers by about `width`, categories to any. */
  near(points: readonly Point[], count: number, width: number): number[][]
}

export function candidatesOf({ nominal, snap }: Encoding, random: () => number): Candidates {
  const columns = nominal.length
  const normal = normals(random)
  /** At least one column moves, two on average or half of them. */
  const moved = (point: Point, width: number) => {
    const always = Math.floor(random() * columns)
    const chance = Math.min(0.5, 2 / columns)
    return point.map((x, column) => {
      if (column !== always && random() >= chance) return x
      return nominal[column] ? random() : Math.min(Math.max(x + width * normal(), 0), 1)
    })
  }
  return {
    uniform: (count) =>
      Array.from({ length: count }, () => snap(Array.from({ length: columns }, () => random()))),
    near: (points, count, width) =>
      points.flatMap((point) => Array.from({ length: count }, () => snap(moved(point, width)))),
  }
}
