import { describe, expect, test } from 'vitest'
import { PRIORS } from '../../src/search/priors.ts'
import type { Dimension, PastTrial, SearchSpace, Values } from '../../src/search/sampler.ts'
import { towards } from '../../src/search/samplers/plain/towards.ts'
import { plain } from '../../src/search/samplers/plain.ts'
import { choice, float, int, under } from '../contracts/sampler/spaces.ts'

/** Walks from the user's values until it ends; the metric is that of the values. */
function walk(space: SearchSpace, own: Values, metric: (values: Values) => number | null, most = 30) {
  const trials: PastTrial[] = []
  const add = (values: Values) => {
    const result = metric(values)
    trials.push({
      number: trials.length,
      values,
      state: result === null ? 'failed' : 'completed',
      metric: result,
    })
  }
  add(own)
  while (trials.length < most) {
    const values = plain.suggest({ space, direction: 'maximize', trials }, 0)
    if (!values) break
    add(values)
  }
  return trials.map(({ values }) => values)
}

describe('one change at a time', () => {
  const space = { lr: float(1e-4, 1, true), filters: choice(8, 16, 32, 64), epochs: int(5, 17) }
  const own = { lr: 0.01, filters: 8, epochs: 5 }

  test('epochs by the own number up to the bound, then widths, then the rate, while each helps', () => {
    const trials = walk(
      space,
      own,
      ({ lr, filters, epochs }) => Number(epochs) + Number(filters) - Number(lr),
    )
    expect(trials).toEqual([
      own,
      { ...own, epochs: 10 },
      { ...own, epochs: 15 },
      { ...own, epochs: 17 },
      { ...own, epochs: 17, filters: 16 },
      { ...own, epochs: 17, filters: 32 },
      { ...own, epochs: 17, filters: 64 },
      { lr: 0.001, epochs: 17, filters: 64 },
      { lr: 1e-4, epochs: 17, filters: 64 },
      // From the lower end it only goes up, where it came from.
    ])
  })

  test('what did not help is taken back', () => {
    expect(walk(space, own, () => 0.5)).toEqual([
      own,
      { ...own, epochs: 10 },
      { ...own, filters: 16 },
      { ...own, lr: 0.001 },
      { ...own, lr: 0.1 },
    ])
  })

  test('what failed is taken back, and from values that failed any result is better', () => {
    const trials = walk(space, own, ({ lr, epochs }) => (epochs === 5 && lr === 0.001 ? 0.1 : null))
    expect(trials.slice(3)).toEqual([
      { ...own, lr: 0.001 },
      { ...own, lr: 1e-4 },
      { ...own, lr: 0.001, epochs: 10 },
      { ...own, lr: 0.001, filters: 16 },
    ])
  })
})

test('choices are tried one after the other, ordered ones up and down', () => {
  const space: SearchSpace = {
    kernel: choice('rbf', 'poly', 'linear'),
    size: { type: 'categorical', choices: ['s', 'm', 'l'], ordered: true },
  }
  expect(walk(space, { kernel: 'poly', size: 'm' }, () => 1)).toEqual([
    { kernel: 'poly', size: 'm' },
    { kernel: 'linear', size: 'm' },
    { kernel: 'rbf', size: 'm' },
    { kernel: 'poly', size: 'l' },
    { kernel: 'poly', size: 's' },
  ])
})

test('what does not matter is left alone until it does', () => {
  const space = { use: choice('no', 'yes'), share: under('use', ['yes'], float(0, 1)) }
  const trials = walk(space, { use: 'no', share: 0.5 }, ({ use, share }) =>
    use === 'yes' ? Number(share) : 0,
  )
  expect(trials[1]).toEqual({ use: 'yes', share: 0.5 })
  expect(trials.map(({ share }) => share)).toContain(1)
})

test('begins at the nearest values when the own ones are out of bounds', () => {
  const trials = walk({ n_units: int(16, 64), new: float(0, 1) }, { n_units: 500 }, () => 1)
  expect(trials[1]).toEqual({ n_units: 64, new: 0.5 })
})

test('a change that still runs is waited for with the next one', () => {
  const space = { epochs: int(5, 20), units: int(8, 64) }
  const own = { number: 0, values: { epochs: 5, units: 8 }, state: 'completed' as const, metric: 0.5 }
  const running = { number: 1, values: { epochs: 10, units: 8 }, state: 'running' as const, metric: null }
  const next = (...trials: PastTrial[]) => plain.suggest({ space, direction: 'maximize', trials }, 0)
  expect(next(own, running)).toEqual({ epochs: 5, units: 16 })
  expect(next(own, { ...running, state: 'completed', metric: 0.6 })).toEqual({ epochs: 15, units: 8 })
  expect(next(own, { ...running, state: 'pruned', metric: 0.6 })).toEqual({ epochs: 5, units: 16 })
})

test.each([
  ['epochs', 'epochs@31', 4],
  ['trees', 'n_estimators', 4],
  ['layers', 'conv_blocks', 3],
  ['widths', 'model__hidden_layer_sizes[0]', 4],
  ['anything else', 'whatever', 4],
])('%s: %s', (_, name, next) => {
  expect(walk({ [name]: int(1, 100) }, { [name]: 2 }, () => 1)[1]).toEqual({ [name]: next })
})

test('the next number at or beyond a target', () => {
  expect(towards(choice(3, 5, 7), 3, 6)).toBe(7)
  expect(towards(choice(3, 5, 7), 5, 50)).toBe(7)
  expect(towards(choice(3, 5, 7), 7, 14)).toBeNull()
  expect(towards(choice(3, 5, 7), 7, 3.5)).toBe(3)
  expect(towards({ ...int(16, 250), step: 16 } as never, 16, 33)).toBe(48)
  expect(towards(float(0, 0.5), 0.2, 0.2 + 0.1)).toBe(0.3)
  expect(towards(float(0, 0.5), 0.5, 0.6)).toBeNull()
  expect(towards(float(0, 0.5), 0, 0)).toBeNull()
})

describe('knows the names that scripts use', () => {
  const namesOf = (family: RegExp) =>
    PRIORS.filter((prior) => family.test(prior.family)).flatMap(({ names }) => names)
  const first = (name: string, dimension: Dimension, own: number) =>
    walk({ [name]: dimension }, { [name]: own }, () => 1)[1]?.[name]

  test.each<[what: string, family: RegExp, dimension: Dimension, own: number, next: number]>([
    ['epochs', /^epochs$/, int(3, 100), 3, 6],
    ['rounds', /^rounds of boosting$|^trees of a forest$/, int(30, 1000), 30, 60],
    ['layers', /^number of layers$/, int(1, 8), 3, 4],
    ['filters', /^filters of a convolution$/, choice(8, 16, 32), 8, 16],
    ['learning rates', /^learning rate$/, float(1e-5, 1, true), 0.1, 0.01],
    ['batch sizes', /^batch size$/, choice(16, 32, 64), 32, 64],
    ['dropouts', /^dropout$/, float(0, 0.9), 0.25, 0.35],
  ])('%s', (_, family, dimension, own, next) => {
    const names = namesOf(family)
    const strange = names.filter((name) => first(name, dimension, own) !== next)
    expect(names.length).toBeGreaterThan(3)
    expect(strange).toEqual([])
  })
})
