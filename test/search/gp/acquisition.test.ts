import { describe, expect, test } from 'vitest'
import { encodingOf } from '../../../src/search/encode.ts'
import { promisingPoints } from '../../../src/search/gp/acquisition.ts'
import { candidatesOf } from '../../../src/search/gp/candidates.ts'
import { condition } from '../../../src/search/gp/regression.ts'
import { createRandom } from '../../../src/search/random.ts'
import type { SearchSpace } from '../../../src/search/sampler.ts'

const space: SearchSpace = {
  x: { type: 'float', low: 0, high: 1, log: false },
  n: { type: 'int', low: 1, high: 9, log: false },
  k: { type: 'categorical', choices: ['a', 'b', 'c'] },
  z: { type: 'float', low: 0, high: 1, log: false, condition: { name: 'k', values: ['a'] } },
}
const encoding = encodingOf(space)

describe('candidates', () => {
  const { uniform, near } = candidatesOf(encoding, createRandom(1))
  const middle = encoding.encode({ x: 0.5, n: 5, k: 'a', z: 0.5 })

  test('are points of values that the space has', () => {
    for (const point of [...uniform(200), ...near([middle], 200, 0.3)]) {
      expect(encoding.encode(encoding.decode(point))).toEqual(point)
    }
  })

  test('near a point only some columns move, and not far', () => {
    const points = near([middle], 500, 0.05)
    expect(points).toHaveLength(500)
    const moves = points.map((point) => point.filter((x, column) => x !== middle[column]).length)
    expect(moves.reduce((sum, count) => sum + count, 0) / 500).toBeLessThan(3)
    expect(Math.max(...points.map(([x = 0]) => Math.abs(x - 0.5)))).toBeLessThan(0.3)
    expect(new Set(points.map(({ 2: k }) => k)).size).toBe(3)
  })
})

test('the most promising point is better than thousands at random', () => {
  const seen = [
    { x: 0.2, n: 2, k: 'a', z: 0.1 },
    { x: 0.7, n: 8, k: 'b', z: 0 },
    { x: 0.4, n: 5, k: 'c', z: 0 },
    { x: 0.9, n: 1, k: 'a', z: 0.8 },
  ].map(encoding.encode)
  const model = condition(
    { points: seen, targets: [1.2, -0.5, 0.3, -1], nominal: encoding.nominal },
    { lengthScales: [0.4, 0.6, 0.8, 0.5], signal: 1, noise: 1e-3 },
  )
  const bound = (point: readonly number[]) =>
    model.predict([point]).map(({ mean, variance }) => mean + 2.2 * Math.sqrt(variance))[0] as number
  const random = createRandom(5)
  const others = candidatesOf(encoding, random).uniform(3000)
  const ranked = promisingPoints(encoding, model, seen.slice(0, 1), createRandom(2))
  expect(bound(ranked[0] as number[])).toBeGreaterThanOrEqual(Math.max(...others.map(bound)))
  expect(ranked.map(bound)).toEqual(ranked.map(bound).sort((a, b) => b - a))
  expect(new Set(ranked.map(String)).size).toBe(ranked.length)
})
