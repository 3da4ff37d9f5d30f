import { describe, expect, test } from 'vitest'
import { encodingOf } from '../../src/search/encode.ts'
import { evidenceOf } from '../../src/search/gp/observations.ts'
import type { PastTrial, Sampler, SearchSpace, Study, Values } from '../../src/search/sampler.ts'
import { gaussianProcess } from '../../src/search/samplers/gaussian-process.ts'
import { random } from '../../src/search/samplers/random.ts'
import { samplerContract } from '../contracts/sampler.ts'

samplerContract('gaussian-process', gaussianProcess, { slow: true })

const space: SearchSpace = {
  rate: { type: 'float', low: 1e-5, high: 1, log: true },
  momentum: { type: 'float', low: 0, high: 1, log: false },
  layers: { type: 'int', low: 1, high: 8, log: false },
  optimiser: { type: 'categorical', choices: ['adam', 'sgd', 'rmsprop'] },
}
const encoding = encodingOf(space)
const best: Values = { rate: 3e-3, momentum: 0.8, layers: 6, optimiser: 'sgd' }
const own: Values = { rate: 1e-5, momentum: 0.1, layers: 1, optimiser: 'adam' }

/** 1 at the best values, less by the squared distance from them and for another optimiser. */
function quality(values: Readonly<Values>): number {
  const [point, top] = [encoding.encode(values), encoding.encode(best)]
  const distance = [0, 1, 2].reduce(
    (sum, column) => sum + ((point[column] ?? 0) - (top[column] ?? 0)) ** 2,
    0,
  )
  return 1 - distance - (values.optimiser === best.optimiser ? 0 : 0.2)
}

type Judge = (values: Readonly<Values>) => Pick<PastTrial, 'state' | 'metric'>
const judged: Judge = (values) => ({ state: 'completed', metric: quality(values) })

function search(sampler: Sampler, count: number, seed: number, judge = judged, study: Partial<Study> = {}) {
  const trials: PastTrial[] = [{ number: 0, values: own, ...judge(own) }]
  while (trials.length < count) {
    const values = sampler.suggest({ space, direction: 'maximize', ...study, trials }, seed)
    if (values === null) break
    trials.push({ number: trials.length, values, ...judge(values) })
  }
  return trials
}

const distance = (a: Values, b: Values) => {
  const [one, other] = [encoding.encode(a), encoding.encode(b)]
  return Math.max(...one.map((x, column) => Math.abs(x - (other[column] ?? 0))))
}

describe('the Gaussian process sampler', () => {
  test.each([1, 2, 3, 4, 5])(
    'finds the best values in 25 trials where random search does not, seed %i',
    (seed) => {
      const reached = (sampler: Sampler) =>
        Math.max(...search(sampler, 25, seed).map(({ metric }) => metric ?? 0))
      expect(reached(gaussianProcess)).toBeGreaterThan(0.985)
      expect(reached(random)).toBeLessThan(0.985)
    },
  )

  const trials = search(gaussianProcess, 10, 1)
  const next = (study: Partial<Study>) =>
    gaussianProcess.suggest({ space, direction: 'maximize', trials, ...study }, 1) as Values

  test('less can be better', () => {
    const negated = trials.map((trial) => ({ ...trial, metric: -(trial.metric ?? 0) }))
    expect(next({ trials: negated, direction: 'minimize' })).toEqual(next({}))
  })

  test('the level and the unit of the metric do not matter', () => {
    const percent = trials.map((trial) => ({ ...trial, metric: 64 * (trial.metric ?? 0) }))
    expect(next({ trials: percent })).toEqual(next({}))
  })

  test('a pruned trial counts with its metric, though less than a completed one', () => {
    const observed = (last: PastTrial['state']) => {
      const some = trials.map((trial, at) => (at === 9 ? { ...trial, state: last } : trial))
      return evidenceOf({ space, direction: 'maximize', trials: some }, encodingOf(space))?.observations
    }
    const [pruned, completed] = [observed('pruned'), observed('completed')]
    expect(pruned?.targets).toEqual(completed?.targets)
    expect(completed?.extraVariance).toEqual(Array(10).fill(0))
    expect(pruned?.extraVariance?.slice(0, 9)).toEqual(Array(9).fill(0))
    expect(pruned?.extraVariance?.[9]).toBeGreaterThan(0)
  })

  test('what runs is believed to come out as expected: the next trial goes elsewhere', () => {
    const first = next({})
    const running: PastTrial = { number: 10, values: first, state: 'running', metric: null }
    const second = next({ trials: [...trials, running] })
    expect(distance(first, second)).toBeGreaterThan(0.02)
    const third = next({ trials: [...trials, running, { ...running, number: 11, values: second }] })
    expect(Math.min(distance(first, third), distance(second, third))).toBeGreaterThan(0.02)
  })

  test('keeps away from where trainings fail', () => {
    const fails: Judge = (values) =>
      Number(values.momentum) > 0.6 ? { state: 'failed', metric: null } : judged(values)
    const failures = search(gaussianProcess, 30, 2, fails).filter(({ state }) => state === 'failed')
    const drawn = search(random, 30, 2, fails).filter(({ state }) => state === 'failed')
    expect(failures.length).toBeLessThan(drawn.length)
  })

  test('repeats outweigh one lucky result', () => {
    const lucky: PastTrial = {
      number: 10,
      values: { ...own, momentum: 0.2 },
      state: 'completed',
      metric: 1.5,
    }
    const repeats = Array.from({ length: 9 }, () => quality(lucky.values))
    const near = (values: Values) => distance(values, lucky.values)
    expect(near(next({ trials: [...trials, { ...lucky, repeats }] }))).toBeGreaterThan(
      near(next({ trials: [...trials, lucky] })),
    )
  })

  test('never proposes what is forbidden, even where it would be best', () => {
    const study = { forbidden: [{ optimiser: 'sgd' }] }
    for (const { values } of search(gaussianProcess, 20, 3, judged, study)) {
      expect(values.optimiser).not.toBe('sgd')
    }
  })

  test('asks for what does not matter only once', () => {
    const conditional: SearchSpace = {
      ...space,
      decay: {
        type: 'float',
        low: 0,
        high: 1,
        log: false,
        condition: { name: 'optimiser', values: ['rmsprop'] },
      },
    }
    const found = search(gaussianProcess, 25, 4, judged, { space: conditional })
    const idle = found.slice(1).filter(({ values }) => values.optimiser !== 'rmsprop')
    expect(new Set(idle.map(({ values }) => values.decay)).size).toBeLessThanOrEqual(4)
    expect(new Set(idle.map(({ values: { decay: _, ...rest } }) => JSON.stringify(rest))).size).toBe(
      idle.length,
    )
  })

  test('starts from what an alike search of an earlier commit has found', () => {
    const related = [{ space, trials: search(gaussianProcess, 25, 6) }]
    const reached = (study: Partial<Study>) =>
      [7, 8, 9]
        .map((seed) => search(gaussianProcess, 8, seed, judged, study).map(({ metric }) => metric ?? 0))
        .reduce((sum, metrics) => sum + Math.max(...metrics) / 3, 0)
    expect(reached({ related })).toBeGreaterThan(reached({}) + 0.05)
  })
})
