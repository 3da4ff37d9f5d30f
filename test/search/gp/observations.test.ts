import { describe, expect, test } from 'vitest'
import { encodingOf } from '../../../src/search/encode.ts'
import { evidenceOf } from '../../../src/search/gp/observations.ts'
import { subsetOf } from '../../../src/search/gp/subset.ts'
import { warp } from '../../../src/search/gp/warping.ts'
import type { PastTrial, SearchSpace, Study } from '../../../src/search/sampler.ts'

const space: SearchSpace = { x: { type: 'float', low: 0, high: 10, log: false } }
const encoding = encodingOf(space)
const trial = (number: number, x: number, rest: Partial<PastTrial>): PastTrial => ({
  number,
  values: { x },
  state: 'completed',
  metric: null,
  ...rest,
})
const evidence = (trials: PastTrial[], direction: Study['direction'] = 'maximize') =>
  evidenceOf({ space, direction, trials }, encoding)

describe('what a model sees of a study', () => {
  const trials = [
    trial(0, 1, { metric: 0.5 }),
    trial(1, 2, { metric: 0.3, state: 'pruned' }),
    trial(2, 3, { state: 'running' }),
    trial(3, 4, { state: 'failed', metric: 0.99 }),
    trial(4, 5, { metric: Number.NaN }),
    trial(5, 6, { metric: 0.8, repeats: [0.6, Number.NaN, 0.7] }),
  ]

  test('metrics, the mean of repeats, failures; not what still runs', () => {
    const found = evidence(trials)
    expect(found?.observations.points).toEqual([[0.1], [0.2], [0.4], [0.5], [0.6]])
    expect(found?.observations.repeats).toEqual([1, 1, 1, 1, 3])
    const expected = warp([0.5, 0.3, null, null, 0.7])
    found?.observations.targets.forEach((target, at) => {
      expect(target).toBeCloseTo(expected[at] as number, 10)
    })
    expect(found?.running).toEqual([[0.3]])
    expect(found?.ranking).toEqual([[0.6], [0.1], [0.2]])
  })

  test('where less is better, the least is the best', () => {
    expect(evidence(trials, 'minimize')?.ranking).toEqual([[0.2], [0.1], [0.6]])
  })

  test('without any metric there is nothing to see', () => {
    expect(evidence([trial(0, 1, { state: 'failed' }), trial(1, 2, { state: 'running' })])).toBeNull()
    expect(evidence([])).toBeNull()
  })

  test('what earlier commits tell comes after, with its variance, warped together', () => {
    const earlier = [
      { values: { x: 9 }, metric: 0.9, extraVariance: 0.3 },
      { values: { x: 8 }, metric: null, extraVariance: 0.3 },
    ]
    const found = evidenceOf({ space, direction: 'maximize', trials: trials.slice(0, 2) }, encoding, earlier)
    expect(found?.observations.points).toEqual([[0.1], [0.2], [0.9], [0.8]])
    expect(found?.observations.extraVariance?.slice(2)).toEqual([0.3, 0.3])
    expect(found?.observations.targets).toEqual(warp([0.5, 0.3, 0.9, null]))
    expect(found?.ranking[0]).toEqual([0.9])
  })
})

describe('a subset of the observations', () => {
  const observations = {
    points: Array.from({ length: 100 }, (_, at) => [at / 100]),
    targets: Array.from({ length: 100 }, (_, at) => (at * 37) % 100),
    repeats: Array.from({ length: 100 }, (_, at) => at),
    nominal: [false],
  }

  test('has the best, and some of all others; what belongs together stays together', () => {
    const { points, targets, repeats, extraVariance } = subsetOf(observations, 20)
    expect(new Set(points.flat()).size).toBe(20)
    expect([...targets].sort((a, b) => b - a).slice(0, 10)).toEqual([99, 98, 97, 96, 95, 94, 93, 92, 91, 90])
    expect(Math.min(...targets)).toBeLessThan(10)
    targets.forEach((target, at) => {
      const origin = repeats?.[at] as number
      expect([target, points[at]?.[0]]).toEqual([(origin * 37) % 100, origin / 100])
    })
    expect(extraVariance).toBeUndefined()
  })

  test('is all of them where they are few', () => {
    expect(subsetOf(observations, 100)).toBe(observations)
  })
})
