import { expect, test } from 'vitest'
import type { PastTrial, SearchSpace } from '../../src/search/sampler.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { decode } from '../../src/search/space.ts'
import { samplerContract } from '../contracts/sampler.ts'

samplerContract('quasi-random', quasiRandom)

const search = (space: SearchSpace, count: number, seed: number) => {
  const trials: PastTrial[] = [{ number: 0, values: {}, state: 'failed', metric: null }]
  while (trials.length <= count) {
    trials.push({
      number: trials.length,
      values: quasiRandom.suggest({ space, direction: 'maximize', trials }, seed) ?? {},
      state: 'failed',
      metric: null,
    })
  }
  return trials.slice(1).map(({ values }) => values)
}

test.each([0, 1, 2, 3, 4])('covers a range evenly: each eighth within sixteen trials, seed %i', (seed) => {
  const points = search({ x: { type: 'float', low: 0, high: 1, log: false } }, 16, seed)
  expect(new Set(points.map(({ x }) => Math.floor(Number(x) * 8))).size).toBe(8)
})

test.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
  'finds the good part of an SVM soon, seed %i',
  (seed) => {
    const space: SearchSpace = {
      C: { type: 'float', low: 0.03125, high: 32768, log: true },
      gamma: { type: 'float', low: 3.05e-5, high: 8, log: true },
    }
    const good = search(space, 12, seed).filter(({ C, gamma }) => Number(C) > 0.5 && Number(gamma) < 3e-3)
    expect(good.length).toBeGreaterThan(0)
  },
)

test('the last of many dimensions are no copies of one another', () => {
  const names = Array.from({ length: 60 }, (_, index) => `x${index}`)
  const space = Object.fromEntries(
    names.map((name) => [name, { type: 'float', low: 0, high: 1, log: false }]),
  )
  const points = search(space as SearchSpace, 40, 1)
  const [a, b] = ['x58', 'x59'].map((name) => points.map((point) => Number(point[name])))
  const correlation = pearson(a as number[], b as number[])
  expect(Math.abs(correlation)).toBeLessThan(0.4)
})

function pearson(a: number[], b: number[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const covariance = mean(a.map((value, index) => (value - ma) * ((b[index] ?? 0) - mb)))
  const deviation = (values: number[], m: number) => Math.sqrt(mean(values.map((value) => (value - m) ** 2)))
  return covariance / (deviation(a, ma) * deviation(b, mb))
}

test('decodes through the distribution', () => {
  expect(decode(0, { type: 'float', low: 1e-4, high: 1, log: true })).toBe(1e-4)
  expect(decode(0.5, { type: 'float', low: 1e-4, high: 1, log: true })).toBe(0.01)
  expect(decode(0.999999, { type: 'int', low: 1, high: 4, log: false })).toBe(4)
  expect(decode(0.3, { type: 'categorical', choices: ['a', 'b'] })).toBe('a')
  expect(decode(1 / 3, { type: 'float', low: 0, high: 1, log: false })).toBe(0.333)
})

test('refuses a distribution without values', () => {
  expect(() => decode(0.5, { type: 'float', low: 2, high: 1, log: false })).toThrow(RangeError)
  expect(() => decode(0.5, { type: 'float', low: 0, high: 1, log: true })).toThrow(RangeError)
  expect(() => decode(0.5, { type: 'categorical', choices: [] })).toThrow(RangeError)
})

test('ends on a float range that holds fewer values than can be written', () => {
  const space: SearchSpace = { x: { type: 'float', low: 1, high: 1.0001, log: true } }
  const trials: PastTrial[] = [{ number: 0, values: { x: 1 }, state: 'failed', metric: null }]
  expect(quasiRandom.suggest({ space, direction: 'maximize', trials }, 0)).toBeNull()
})
