import { expect, test } from 'vitest'
import { epochsOf, moreEpochs } from '../../src/search/epochs.ts'
import type { Curve } from '../../src/search/pruner.ts'
import type { PastTrial, SearchSpace, Study } from '../../src/search/sampler.ts'

const space: SearchSpace = {
  lr: { type: 'float', low: 0.001, high: 1, log: true },
  epochs: { type: 'int', low: 5, high: 60, log: true },
}
const trial = (
  number: number,
  lr: number,
  epochs: number,
  metric: number | null,
  rest: Partial<PastTrial> = {},
): PastTrial => ({
  number,
  values: { lr, epochs },
  state: metric === null ? 'running' : 'completed',
  metric,
  ...rest,
})
/** Comes to `end` after `length` epochs, and still rises. */
const rising = (number: number, end: number, length: number): Curve => ({
  number,
  state: 'completed',
  points: Array.from({ length }, (_, index) => ({
    step: index + 1,
    value: end - 0.4 * ((index + 1) ** -0.4 - length ** -0.4),
  })),
})
const flat = (number: number, value: number, length: number): Curve => ({
  number,
  state: 'completed',
  points: Array.from({ length }, (_, index) => ({ step: index + 1, value })),
})
const study = (trials: PastTrial[], rest: Partial<Study> = {}): Study => ({
  space,
  direction: 'maximize',
  trials,
  ...rest,
})
const two = [trial(0, 0.5, 20, 0.7), trial(1, 0.1, 20, 0.8)]
const curves = [flat(0, 0.7, 20), rising(1, 0.8, 20)]

test('the length of the training by its name, epochs before rounds before iterations', () => {
  expect(epochsOf(['lr', 'EPOCHS@31', 'batch_size'])).toBe('EPOCHS@31')
  expect(epochsOf(['lr@model.py:9', 'epochs@model.py:31.2'])).toBe('epochs@model.py:31.2')
  expect(epochsOf(['max_iter', '--num-epochs'])).toBe('--num-epochs')
  expect(epochsOf(['n_estimators', 'learning_rate'])).toBe('n_estimators')
  expect(epochsOf(['num_boost_round', 'total_steps'])).toBe('num_boost_round')
  expect(epochsOf(['max_iter', 'C'])).toBe('max_iter')
  expect(epochsOf(['num_train_epochs'])).toBe('num_train_epochs')
  expect(epochsOf(['lr', 'update_epochs', 'warmup_epochs', 'dropout'])).toBeNull()
  expect(epochsOf([])).toBeNull()
})

test("the best trial's values with twice the epochs while its curve still rises", () => {
  const more = moreEpochs(study(two), curves, 'epochs', 0.85)
  expect(more).toMatchObject({ values: { lr: 0.1, epochs: 40 }, of: 1 })
  expect(more?.reason).toMatch(/^trial 1 still rises after 20 epochs: 0\.8, by its curve 0\.8\d+ after 40$/)
})

test('a trial with repeats counts with its mean, so that luck is not carried on', () => {
  const lucky = trial(2, 0.3, 20, 0.84, { repeats: [0.7, 0.71] })
  const both = [...curves, rising(2, 0.84, 20)]
  expect(moreEpochs(study([...two, lucky]), both, 'epochs', 0.85)).toMatchObject({ of: 1 })
  const steady = { ...lucky, repeats: [0.83, 0.82] }
  const more = moreEpochs(study([...two, steady]), both, 'epochs', 0.85)
  expect(more?.reason).toMatch(/^trial 2 still rises after 20 epochs: 0\.83, /)
})

test('minimises', () => {
  const losses = [
    {
      ...rising(0, 0, 20),
      points: rising(0, 0, 20).points.map(({ step, value }) => ({ step, value: 0.8 - value })),
    },
  ]
  const more = moreEpochs(study([trial(0, 0.5, 20, 0.8)], { direction: 'minimize' }), losses, 'epochs', 0.7)
  expect(more).toMatchObject({ values: { lr: 0.5, epochs: 40 } })
  expect(more?.reason).toContain('trial 0 still falls after 20 epochs')
})

test('not where there is no such hyperparameter, no metric, or the curve has come to its level', () => {
  expect(moreEpochs(study(two), curves, null, 0.85)).toBeNull()
  expect(moreEpochs(study(two), curves, 'rounds', 0.85)).toBeNull()
  expect(moreEpochs(study([trial(0, 0.5, 20, null)]), [], 'epochs', 0.85)).toBeNull()
  expect(moreEpochs(study(two), [flat(0, 0.7, 20), flat(1, 0.8, 20)], 'epochs', 0.85)).toBeNull()
  expect(moreEpochs(study(two), [], 'epochs', 0.85)).toBeNull()
})

test('not where the target is met, or too far for what the curve promises', () => {
  expect(moreEpochs(study(two), curves, 'epochs', 0.8)).toBeNull()
  expect(moreEpochs(study(two), curves, 'epochs', 0.75)).toBeNull()
  expect(moreEpochs(study(two), curves, 'epochs', 0.93)).not.toBeNull()
  expect(moreEpochs(study(two), curves, 'epochs', 0.99)).toBeNull()
})

test('up to the bound and no further, in whole numbers, steps and choices', () => {
  const at = (epochs: number, dimension?: SearchSpace[string]) =>
    moreEpochs(
      { ...study([trial(0, 0.5, epochs, 0.8)]), space: dimension ? { ...space, epochs: dimension } : space },
      [rising(0, 0.8, 20)],
      'epochs',
      0.81,
    )?.values.epochs
  expect(at(40)).toBe(60)
  expect(at(60)).toBeUndefined()
  expect(at(15, { type: 'int', low: 5, high: 100, log: false, step: 10 })).toBe(25)
  expect(at(0.3, { type: 'float', low: 0.1, high: 0.9, log: false, step: 0.1 })).toBe(0.6)
  expect(at(0.3, { type: 'float', low: 0.1, high: 0.9, log: false })).toBe(0.6)
  expect(at(5, { type: 'int', low: 20, high: 100, log: false })).toBeUndefined()
  expect(at(10, { type: 'categorical', choices: [5, 10, 15, 25] })).toBe(15)
  expect(at(25, { type: 'categorical', choices: [5, 10, 15, 25] })).toBeUndefined()
  expect(at(10, { type: 'categorical', choices: ['10', '20'] })).toBeUndefined()
})

test('steps that are no epochs are scaled', () => {
  const batches = {
    ...rising(0, 0.8, 20),
    points: rising(0, 0.8, 20).points.map(({ step, value }) => ({ step: 100 * step, value })),
  }
  const byBatch = moreEpochs(study([trial(0, 0.5, 20, 0.8)]), [batches], 'epochs', 0.85)
  const byEpoch = moreEpochs(study([trial(0, 0.5, 20, 0.8)]), [rising(0, 0.8, 20)], 'epochs', 0.85)
  expect(byBatch).toEqual(byEpoch)
})

test('not again what was tried, runs or failed', () => {
  for (const state of ['running', 'failed', 'pruned', 'completed'] as const) {
    const tried = [
      ...two,
      trial(2, 0.1, 40, state === 'running' ? null : 0.79, { state }),
      trial(3, 0.3, 10, 0.6),
    ]
    expect(moreEpochs(study(tried), curves, 'epochs', 0.85)).toBeNull()
  }
})

test('not right after a try that did not help, but after one that did', () => {
  const longer = (metric: number) => [
    trial(0, 0.5, 10, 0.7),
    trial(1, 0.1, 20, 0.8),
    trial(2, 0.5, 20, metric),
  ]
  expect(moreEpochs(study(longer(0.7)), curves, 'epochs', 0.85)).toBeNull()
  expect(moreEpochs(study(longer(0.75)), curves, 'epochs', 0.85)).not.toBeNull()
  const helped = [trial(0, 0.5, 10, 0.7), trial(1, 0.5, 20, 0.8)]
  expect(moreEpochs(study(helped), curves, 'epochs', 0.85)).toMatchObject({ values: { epochs: 40 } })
})
