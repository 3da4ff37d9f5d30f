import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestUpTo, expectedFinal, isStillRising, projectTo, valueAt } from '../../src/search/curves.ts'
import { median } from '../../src/search/median.ts'
import { createRandom } from '../../src/search/random.ts'

const curve = (values: readonly number[]) => values.map((value, index) => ({ step: index + 1, value }))
/** c - a s^-b at steps 1 .. length. */
const law = (length: number, c: number, a: number, b: number) =>
  curve(Array.from({ length }, (_, index) => c - a * (index + 1) ** -b))
const noisy = (length: number, of: (step: number) => number, noise: number, seed = 1) => {
  const random = createRandom(seed)
  return curve(Array.from({ length }, (_, index) => of(index + 1) + noise * (random() - 0.5)))
}

test('the value at a step is that of the last report up to it, and of none that came less far', () => {
  const points = [
    { step: 5, value: 0.1 },
    { step: 10, value: 0.2 },
  ]
  expect([3, 5, 7, 10, 11].map((step) => valueAt(points, step))).toEqual([0.1, 0.1, 0.1, 0.2, null])
  expect(valueAt([], 1)).toBeNull()
})

test('the best up to a step leaves out what is no number', () => {
  const points = curve([Number.NaN, 0.4, 0.2, Infinity, 0.6])
  expect(bestUpTo(points, 4, 'maximize')).toBe(0.4)
  expect(bestUpTo(points, 4, 'minimize')).toBe(0.2)
  expect(bestUpTo(points, 5, 'maximize')).toBe(0.6)
  expect(bestUpTo(points, 1, 'maximize')).toBeNull()
})

test('the median of an odd and an even number of values', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

const completed = [
  { points: curve([0.5, 0.6, 0.7, 0.8]), metric: 0.8 },
  { points: curve([0.4, 0.5, 0.6, 0.65]), metric: 0.65 },
  { points: curve([0.3, 0.4, 0.6, 0.7]), metric: 0.7 },
]

test('a pruned one ends behind the completed by what remains of the distance, the median of them', () => {
  const remains = (distance: number, step: number) => distance * (step / 4) ** (1 / 8)
  // Each tells: 0.8 - remains(0.3), 0.65 - remains(0.2), 0.7 - remains(0.1).
  expect(expectedFinal(curve([0.2, 0.3]), completed, 'maximize')).toBeCloseTo(0.8 - remains(0.3, 2), 12)
  expect(expectedFinal(curve([0.2]), completed, 'maximize')).toBeCloseTo(0.8 - remains(0.3, 1), 12)
  const losses = completed.map(({ points, metric }) => ({
    points: points.map(({ step, value }) => ({ step, value: -value })),
    metric: -metric,
  }))
  expect(expectedFinal(curve([-0.2, -0.3]), losses, 'minimize')).toBeCloseTo(remains(0.3, 2) - 0.8, 12)
})

test('given up near its end it keeps its distance, early it draws closer', () => {
  const other = [{ points: curve(Array<number>(100).fill(0.9)), metric: 0.9 }]
  const after = (steps: number) =>
    expectedFinal(curve(Array<number>(steps).fill(0.5)), other, 'maximize') as number
  expect(after(100)).toBeCloseTo(0.5, 12)
  expect(after(50)).toBeGreaterThan(after(100))
  expect(after(3)).toBeGreaterThan(after(50))
  expect(after(3)).toBeLessThan(0.9)
})

test('it is never better than the best of the completed', () => {
  expect(expectedFinal(curve([0.2, 0.75]), completed, 'maximize')).toBe(0.8)
  const losses = [{ points: curve([2, 1]), metric: 0.9 }]
  expect(expectedFinal(curve([1.2]), losses, 'minimize')).toBe(0.9)
})

test('what it would have come to is a metric, which may be of another split than the curve', () => {
  const other = [{ points: curve([0.6, 0.7]), metric: 0.65 }]
  expect(expectedFinal(curve([0.4, 0.5]), other, 'maximize')).toBeCloseTo(0.45, 12)
})

test('without a completed one that came as far it is the last value, without a finite value nothing', () => {
  expect(expectedFinal(curve([0.2, 0.3]), [], 'maximize')).toBe(0.3)
  expect(expectedFinal(curve([0.2, 0.3]), [{ points: curve([0.5]), metric: 0.5 }], 'maximize')).toBe(0.3)
  expect(expectedFinal(curve([0.2, 0.3]), [{ points: [], metric: 0.25 }], 'maximize')).toBe(0.25)
  const before = expectedFinal(curve([0.2]), completed, 'maximize')
  expect(expectedFinal(curve([0.2, Number.NaN]), completed, 'maximize')).toBe(before)
  expect(expectedFinal(curve([Number.NaN]), completed, 'maximize')).toBeNull()
  expect(expectedFinal([], completed, 'maximize')).toBeNull()
  expect(expectedFinal(curve([0.2]), [{ points: curve([0.1]), metric: Number.NaN }], 'maximize')).toBe(0.2)
})

test('a curve that rises to its end still rises, one that has come to its level does not', () => {
  expect(isStillRising(law(20, 0.9, 0.5, 0.5), 'maximize')).toBe(true)
  expect(isStillRising(law(20, 0.9, 0.5, 0.5), 'minimize')).toBe(false)
  expect(isStillRising(curve([0.1, 0.5, 0.8, 0.9, ...Array<number>(16).fill(0.9)]), 'maximize')).toBe(false)
  expect(isStillRising(law(50, 0.9, 0.5, 3), 'maximize')).toBe(false)
  expect(isStillRising(curve([2, 1.5, 1.2, 1]), 'minimize')).toBe(true)
})

test('too short, or without numbers at its end, it says nothing', () => {
  expect(isStillRising(curve([0.1, 0.2, 0.3]), 'maximize')).toBe(false)
  expect(isStillRising([], 'maximize')).toBe(false)
  expect(isStillRising(curve([0.1, 0.2, 0.3, 0.4]), 'maximize')).toBe(true)
  expect(isStillRising(curve([0.1, 0.2, 0.3, Number.NaN]), 'maximize')).toBe(false)
  expect(isStillRising(curve([Number.NaN, 0.1, 0.2, 0.3, 0.4]), 'maximize')).toBe(true)
  expect(isStillRising(curve(Array<number>(10).fill(0.5)), 'maximize')).toBe(false)
})

test('noise alone seldom looks like a rise, and does not hide a clear one', () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed)
  const share = (of: (step: number) => number) =>
    seeds.filter((seed) => isStillRising(noisy(30, of, 0.02, seed), 'maximize')).length / seeds.length
  expect(share(() => 0.8)).toBeLessThan(0.08)
  expect(share((step) => 0.5 + 0.01 * step)).toBeGreaterThan(0.95)
})

test('a power law is carried on as it is', () => {
  const points = law(64, 0.9, 0.6, 0.7)
  const exact = 0.9 - 0.6 * 128 ** -0.7
  expect(Math.abs((projectTo(points, 128, 'maximize') as number) - exact)).toBeLessThan(0.003)
  const loss = points.map(({ step, value }) => ({ step, value: -value }))
  expect(Math.abs((projectTo(loss, 128, 'minimize') as number) + exact)).toBeLessThan(0.003)
})

test('what does not gain over its last half stays where it is', () => {
  expect(projectTo(curve(Array<number>(20).fill(0.7)), 40, 'maximize')).toBe(0.7)
  expect(projectTo(law(20, 0.9, 0.5, 1), 40, 'minimize')).toBe(law(20, 0.9, 0.5, 1).at(-1)?.value)
})

test('short curves, earlier steps and ends without a number', () => {
  expect(projectTo(curve([0.1, 0.2, 0.3]), 6, 'maximize')).toBe(0.3)
  expect(projectTo(law(20, 0.9, 0.5, 1), 20, 'maximize')).toBe(law(20, 0.9, 0.5, 1).at(-1)?.value)
  expect(projectTo(curve([0.1, 0.2, 0.3, 0.4, Number.NaN]), 10, 'maximize')).toBeNull()
  expect(projectTo([], 10, 'maximize')).toBeNull()
  expect(projectTo(curve([Number.NaN, 0.2, 0.3, 0.4, 0.5]), 10, 'maximize')).toBeGreaterThan(0.5)
})

test('a doubling never gains more than the one before, and the longer the projection the further it goes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 40 }),
      (values) => {
        const points = curve(values)
        const last = values.at(-1) as number
        const [near, far] = [2, 4].map(
          (times) => projectTo(points, points.length * times, 'maximize') as number,
        )
        expect(near).toBeGreaterThanOrEqual(last)
        expect(far).toBeGreaterThanOrEqual(near as number)
        expect((far as number) - (near as number)).toBeLessThanOrEqual((near as number) - last + 1e-12)
      },
    ),
    { seed: 1 },
  )
})
