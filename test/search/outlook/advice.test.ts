import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Distribution } from '../../../src/domain/detection.ts'
import { Hint } from '../../../src/domain/hints.ts'
import { hintFor } from '../../../src/search/outlook/advice/hint.ts'
import { plain } from '../../../src/search/outlook/advice/numbers.ts'
import { endOf, wider } from '../../../src/search/outlook/advice/wider.ts'
import { type Curves, outlookOf } from '../../../src/search/outlook.ts'
import type { Curve } from '../../../src/search/pruner.ts'
import type { PastTrial, SearchSpace, Study, Values } from '../../../src/search/sampler.ts'
import { quasiRandom } from '../../../src/search/samplers/quasi-random.ts'

const lr = { type: 'float', low: 1e-4, high: 0.1, log: true } as const
const space: SearchSpace = { lr, dropout: { type: 'float', low: 0, high: 0.9, log: false } }

const searched = (f: (values: Values, number: number) => number, count: number, over = space): Study => {
  const trials: PastTrial[] = []
  while (trials.length < count) {
    const values = quasiRandom.suggest({ space: over, direction: 'maximize', trials }, 6) ?? {}
    trials.push({ number: trials.length, values, state: 'completed', metric: f(values, trials.length) })
  }
  return { space: over, direction: 'maximize', trials }
}
const goal = { target: 0.99, left: 5, metric: 'accuracy' }
const advice = (study: Study, curves: Curves = {}, rest = {}) =>
  outlookOf(study, { ...goal, ...rest }, curves).advice

describe('beyond the range', () => {
  const ended = (at: number): Study => {
    const study = searched(({ lr }) => 0.9 - 0.1 * Math.log10(Number(lr) / 1e-4), 12)
    const best = { number: 12, values: { lr: at, dropout: 0.4 }, state: 'completed', metric: 0.91 } as const
    return { ...study, trials: [...study.trials, best] }
  }

  it('is told with what to write into hone.yaml', () => {
    expect(advice(ended(1e-4))).toEqual([
      'lr is best at the low end of its range, 0.0001: widen it in hone.yaml: `hyperparameters: {lr: {low: 0.00001, high: 0.1}}`',
    ])
  })

  it('names the user’s own value where that is the centre of the range', () => {
    const study = ended(1e-4)
    const [first, ...rest] = study.trials
    const values = { ...first?.values, lr: 0.00316 }
    const own = { ...study, trials: [{ ...(first as PastTrial), values }, ...rest] }
    expect(advice(own)[0]).toMatch(
      /^lr is best at the low end of its range, 0.0001 \(its centre is your own value, 0.00316\): widen/,
    )
  })

  it('is not told of a value within the range, nor of one that hardly matters', () => {
    const inside = searched(({ lr }) => 0.9 - Math.abs(Math.log10(Number(lr) / 3e-3)), 14)
    expect(advice(inside)).toEqual([])
    const atEnd = inside.trials.map((trial) => ({ ...trial, values: { ...trial.values, dropout: 0 } }))
    expect(advice({ ...inside, trials: atEnd })).toEqual([])
  })

  it('is not told by a few trials that meet the target', () => {
    const few = ended(1e-4)
    expect(advice({ ...few, trials: few.trials.slice(6) }, {}, { target: 0.9 })).toEqual([])
  })
})

describe('a range that ends where the best trial of a missed target is', () => {
  const layers = { type: 'int', low: 1, high: 4, log: false } as const
  const epochs = { type: 'int', low: 4, high: 16, log: false } as const
  const both: SearchSpace = { HIDDEN: { ...epochs, low: 8 }, alpha: lr, layers, EPOCHS: epochs }
  const best = { HIDDEN: 16, alpha: 0.1, layers: 2, EPOCHS: 16 }
  const six = (values: Values, over = both): Study => ({
    ...{ space: over, direction: 'maximize' },
    trials: Array.from({ length: 6 }, (_, number) => ({
      ...{ number, state: 'completed', metric: 0.9 - number / 100 },
      values: number === 0 ? values : { HIDDEN: 9, alpha: 0.001, layers: 3, EPOCHS: 6 },
    })),
  })
  const ofEnds = (study: Study, curves: Curves = {}, rest = {}) =>
    advice(study, curves, { epochs: 'EPOCHS', ...rest }).filter((text) => text.startsWith('the range of'))
  const flat = { objective: [{ number: 0, state: 'completed', points: [{ step: 16, value: 0.9 }] }] } as const

  it('is told from few trials on, each with the line for hone.yaml', () => {
    expect(ofEnds(six(best))).toEqual([
      'the range of HIDDEN ends at 16, where the best trial, 0, is: to try more, write `hyperparameters: {HIDDEN: {low: 8, high: 20}}` in hone.yaml',
      'the range of alpha ends at 0.1, where the best trial, 0, is: to try more, write `hyperparameters: {alpha: {low: 0.0001, high: 1}}` in hone.yaml',
      'the range of EPOCHS ends at 16, where the best trial, 0, is: to try more, write `hyperparameters: {EPOCHS: {low: 4, high: 22}}` in hone.yaml',
    ])
  })

  it('leaves epochs to the curve of the best trial, where it has one', () => {
    expect(ofEnds(six(best), flat).join()).toMatch(/HIDDEN.*alpha/)
    expect(ofEnds(six(best), flat).join()).not.toContain('EPOCHS')
  })

  it('is told of no value near the end, of no range of two values, and of none without room', () => {
    expect(ofEnds(six({ HIDDEN: 15, alpha: 0.097, layers: 2, EPOCHS: 12 }))).toEqual([])
    const two: SearchSpace = {
      HIDDEN: { type: 'categorical', choices: [8, 16] },
      layers: { ...layers, high: 2 },
      EPOCHS: epochs,
      alpha: { type: 'float', low: 0, high: 0.5, log: false },
    }
    expect(ofEnds(six({ HIDDEN: 16, layers: 2, EPOCHS: 9, alpha: 0 }, two))).toEqual([])
  })

  it('is not told once the target is met, and not where all trials gave the same', () => {
    expect(ofEnds(six(best), {}, { target: 0.9 })).toEqual([])
    const study = six(best)
    const same = study.trials.map((trial) => ({ ...trial, metric: 0.5 }))
    expect(ofEnds({ ...study, trials: same })).toEqual([])
  })

  it('is said once, by the model where that has a word', () => {
    const study = searched(({ lr }) => 0.9 - 0.1 * Math.log10(Number(lr) / 1e-4), 12)
    const end = { number: 12, values: { lr: 1e-4, dropout: 0.4 }, state: 'completed', metric: 0.91 } as const
    expect(
      advice({ ...study, trials: [...study.trials, end] })
        .join()
        .match(/hyperparameters: \{lr/g),
    ).toHaveLength(1)
  })
})

describe('a wider range', () => {
  const cases: [string, Distribution, 'low' | 'high', Distribution | null][] = [
    ['by decades on a logarithmic scale', lr, 'low', { ...lr, low: 1e-5 }],
    [
      'by half of its width on a linear one',
      { type: 'int', low: 2, high: 10, log: false },
      'high',
      { type: 'int', low: 2, high: 14, log: false },
    ],
    [
      'stays a share',
      { type: 'float', low: 0, high: 0.9, log: false },
      'high',
      { type: 'float', low: 0, high: 0.95, log: false },
    ],
    [
      'does not leave what is possible for a share',
      { type: 'float', low: 0, high: 1, log: false },
      'high',
      null,
    ],
    ['does not become negative', { type: 'float', low: 0, high: 5, log: false }, 'low', null],
    ['has one layer at least', { type: 'int', low: 1, high: 5, log: false }, 'low', null],
    [
      'keeps its steps',
      { type: 'int', low: 16, high: 64, log: false, step: 16 },
      'high',
      { type: 'int', low: 16, high: 96, log: false, step: 16 },
    ],
    [
      'goes on with powers of two',
      { type: 'categorical', choices: [16, 32, 64] },
      'high',
      { type: 'categorical', choices: [16, 32, 64, 128] },
    ],
    [
      'goes on downwards',
      { type: 'categorical', choices: [16, 32, 64] },
      'low',
      { type: 'categorical', choices: [8, 16, 32, 64] },
    ],
    ['is none of choices below one', { type: 'categorical', choices: [1, 2, 4] }, 'low', null],
  ]
  it.each(cases)('%s', (_, distribution, end, expected) => {
    expect(wider(distribution, end)).toEqual(expected)
  })

  it('begins at an end', () => {
    expect(endOf(lr, 1e-4)).toBe('low')
    expect(endOf(lr, 1.1e-4)).toBe('low')
    expect(endOf(lr, 1e-3)).toBeNull()
    expect(endOf({ type: 'categorical', choices: [16, 32] }, 32)).toBe('high')
    expect(endOf({ type: 'categorical', choices: ['adam', 'sgd'] }, 'sgd')).toBeNull()
    expect(endOf({ type: 'float', low: 1, high: 1, log: false }, 1)).toBeNull()
  })

  it('is written as hone.yaml takes it', () => {
    const names = ['lr', 'lr@31', 'lr@src/model.py:31', 'a b']
    const ranges: Distribution[] = [
      { ...lr, low: 1e-7 },
      { type: 'categorical', choices: [16, 32] },
    ]
    for (const name of names) {
      for (const range of ranges) {
        const written = parse(hintFor(name, range)).hyperparameters[name]
        expect(Hint.parse(written)).toMatchObject(
          range.type === 'categorical' ? { choices: range.choices } : { low: range.low, high: range.high },
        )
      }
    }
  })

  it('has numbers as people write them', () => {
    expect([0, 1e-5, 3e-7, -0.00002, 0.1 + 0.2, 1e6, 1e-30].map(plain)).toEqual([
      '0',
      '0.00001',
      '0.0000003',
      '-0.00002',
      '0.3',
      '1000000',
      '1e-30',
    ])
  })
})

describe('curves', () => {
  const curve = (number: number, valueAt: (step: number) => number): Curve => ({
    number,
    state: 'completed',
    points: Array.from({ length: 20 }, (_, index) => ({ step: index + 1, value: valueAt(index + 1) })),
  })
  const withEpochs: SearchSpace = { ...space, epochs: { type: 'int', low: 5, high: 20, log: false } }
  const study = (epochs: number): Study => ({
    space: withEpochs,
    direction: 'maximize',
    trials: Array.from({ length: 6 }, (_, number) => ({
      number,
      values: { lr: 0.003 + number / 1e3, dropout: 0.4, epochs },
      state: 'completed',
      metric: 0.7 - number / 100,
    })),
  })
  const rising = [curve(0, (step) => 0.5 + step / 100)]
  const flat = [curve(0, () => 0.7)]

  it('that still rise ask for more epochs where the search has no more', () => {
    expect(advice(study(20), { objective: rising }, { epochs: 'epochs' })).toEqual([
      'accuracy still rises at the end of trial 0, with epochs at its most, 20: allow more with `hyperparameters: {epochs: {low: 5, high: 28}}` in hone.yaml',
    ])
    expect(advice(study(20), { objective: rising })[0]).toBe(
      'accuracy still rises at the end of trial 0: more epochs would probably help',
    )
    expect(advice(study(12), { objective: rising }, { epochs: 'epochs' })).toEqual([])
    expect(advice(study(20), { objective: flat }, { epochs: 'epochs' })).toEqual([])
  })

  it('of the training data tell what is learnt by heart, and what is not learnt', () => {
    const perfect = [curve(0, () => 1)]
    const same = [curve(0, () => 0.71)]
    const some = [curve(0, () => 0.85)]
    expect(advice(study(12), { objective: flat, train: perfect })[0]).toMatch(
      /^accuracy is 1 on the training data and 0.7 .* more data, augmentation or regularisation/,
    )
    expect(advice(study(12), { objective: flat, train: same })[0]).toMatch(/a larger model or better inputs/)
    expect(advice(study(12), { objective: flat, train: some })).toEqual([])
    expect(advice(study(12), { objective: flat, train: perfect }, { target: 0.6 })).toEqual([])
  })
})

describe('values that explain little', () => {
  it('send the user to the data or the model', () => {
    const noise = [
      0.11, 0.74, 0.32, 0.95, 0.53, 0.08, 0.61, 0.27, 0.88, 0.42, 0.19, 0.67, 0.36, 0.81, 0.49, 0.05,
    ]
    const study = searched((_, number) => 0.5 + (noise[number] ?? 0) / 1e3, 16)
    // The same values again with the other half of the noise: nothing but noise is left to explain.
    const trials = study.trials.map((trial) => ({ ...trial, values: { lr: 0.01, dropout: 0.3 } }))
    expect(advice({ ...study, trials })).toEqual([
      'the values searched explain little of accuracy: look at the data or the model',
    ])
  })

  it('are told of equal metrics', () => {
    expect(advice(searched(() => 0.1, 6))).toEqual([
      'all 6 trials gave 0.1: the values searched do not change accuracy; look at the data, the model, and what is measured',
    ])
  })
})
