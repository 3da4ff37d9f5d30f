import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitGaussianProcess, type GaussianProcess } from '../../../src/search/gp/regression.ts'
import { scaleOf } from '../../../src/search/gp/scale.ts'
import { chanceOf, futuresOf } from '../../../src/search/outlook/chance.ts'
import { normalCdf } from '../../../src/search/outlook/normal.ts'
import { createRandom, normals } from '../../../src/search/random.ts'

const points = Array.from({ length: 8 }, (_, index) => [index / 7])
const wave = ([x = 0]: readonly number[]) => Math.sin(7 * x)
const process = fitGaussianProcess({ points, targets: points.map(wave), nominal: [false] })
const candidates = Array.from({ length: 40 }, (_, index) => [(index + 0.5) / 40])
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('futures', () => {
  it('come near the best of a function that is known', () => {
    const futures = futuresOf(process, candidates, 5, 7, 1)
    expect(Math.abs(mean(futures) - 1)).toBeLessThan(0.1)
  })

  it('are better with more trials, up to all candidates', () => {
    const vague = fitGaussianProcess({ points: points.slice(0, 2), targets: [0.1, -0.1], nominal: [false] })
    const [one, five, all, more] = [1, 5, 40, 1000].map((left) =>
      mean(futuresOf(vague, candidates, left, 9, 1)),
    )
    expect(one).toBeLessThan(five as number)
    expect(five).toBeLessThan(all as number)
    expect(more).toBe(all)
  })

  it('are wider where few observations tell the scale', () => {
    const vague = fitGaussianProcess({ points: points.slice(0, 2), targets: [0.1, -0.1], nominal: [false] })
    const far = (freedom: number) => Math.max(...futuresOf(vague, candidates, 5, freedom, 1))
    expect(far(2)).toBeGreaterThan(far(200))
  })

  it('look at the posterior of all candidates once', () => {
    let asked = 0
    const counting: GaussianProcess = {
      ...process,
      joint: (some) => {
        asked++
        return process.joint(some)
      },
      predict: () => {
        throw new Error('not needed')
      },
    }
    futuresOf(counting, candidates, 100, 7, 1)
    expect(asked).toBe(1)
    expect(futuresOf(counting, [], 10, 7, 1)).toEqual([])
  })
})

describe('the chance', () => {
  const futures = Array.from({ length: 200 }, (_, index) => index / 200)

  it('falls with the target and rises with what is left', () => {
    const chances = [-5, 0.1, 0.5, 0.9, 1.5, 5, 50].map((target) => chanceOf(futures, target, 10, 10))
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    expect(chances[0]).toBeGreaterThan(0.8)
    expect(chances.at(-1)).toBeLessThan(0.02)
    expect(chanceOf(futures, 0.5, 10, 20)).toBeGreaterThan(chanceOf(futures, 0.5, 10, 5))
  })

  it('is a probability for whatever futures and targets', () => {
    const number = fc.double({ min: -1e100, max: 1e100, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1 }),
        number,
        fc.nat(1000),
        fc.nat(1000),
        (some, target, done, left) => {
          const chance = chanceOf(some, target, 1 + done, 1 + left)
          expect(chance > 0 && chance < 1).toBe(true)
        },
      ),
      { numRuns: 100, seed: 3 },
    )
  })
})

describe('the scale', () => {
  it('puts each metric where it can be found again, the better half undistorted', () => {
    const metrics = [0.1, 0.12, 0.5, 0.8, 0.82, 0.86, 0.9]
    for (const direction of ['maximize', 'minimize'] as const) {
      const scale = scaleOf(metrics, direction)
      for (const metric of metrics) expect(scale?.toMetric(scale.toUnits(metric))).toBeCloseTo(metric, 9)
    }
    const { toUnits, unit, failed } = scaleOf(metrics, 'maximize') as NonNullable<ReturnType<typeof scaleOf>>
    expect((toUnits(0.95) - toUnits(0.85)) * unit).toBeCloseTo(0.1, 9)
    expect((toUnits(0.2) - toUnits(0.1)) * unit).toBeLessThan(0.05)
    expect(failed).toBeLessThan(toUnits(0.1))
    expect(mean(metrics.map(toUnits))).toBeCloseTo(0, 9)
  })

  it('is none of equal metrics and of differences that are rounding errors', () => {
    expect(scaleOf([], 'maximize')).toBeNull()
    expect(scaleOf([0.3], 'maximize')).toBeNull()
    expect(scaleOf([0.3, 0.1 + 0.2], 'maximize')).toBeNull()
    expect(scaleOf([-1e308, 1e308], 'maximize')).toBeNull()
  })
})

it('the normal distribution has its known values', () => {
  expect([-10, -1.96, 0, 1, 1.6449].map((x) => Number(normalCdf(x).toFixed(4)))).toEqual([
    0, 0.025, 0.5, 0.8413, 0.95,
  ])
  const draw = normals(createRandom(2))
  const drawn = Array.from({ length: 4000 }, draw)
  expect(Math.abs(mean(drawn))).toBeLessThan(0.05)
  expect(Math.abs(mean(drawn.map((value) => value ** 2)) - 1)).toBeLessThan(0.06)
})
