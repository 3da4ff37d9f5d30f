import { expect, test } from 'vitest'
import { isKnownName, normaliseName, PRIORS, priorFor } from '../../src/search/priors.ts'

const range = (
  name: string,
  value: number,
  callee: string | null = null,
  float = !Number.isInteger(value),
) => {
  const found = priorFor(name, callee, { value, float })
  return found && found.type !== 'categorical' ? [found.low, found.high] : null
}

test('every row names its source and has sane bounds', () => {
  for (const prior of PRIORS) {
    expect(prior.source, prior.family).not.toBe('')
    const bounds = prior.bounds(10)
    expect(bounds, prior.family).not.toBeNull()
    if (!bounds) continue
    expect(bounds[0], prior.family).toBeLessThan(bounds[1])
    if (prior.log) expect(bounds[0], prior.family).toBeGreaterThan(0)
    for (const name of prior.names) expect(normaliseName(name), prior.family).toBe(name)
  }
})

test.each([
  ['LEARNING_RATE', 'learning_rate'],
  ['learningRate', 'learning_rate'],
  ['--learning-rate', 'learning_rate'],
  ['mlp__learning_rate', 'learning_rate'],
  ['_lr', 'lr'],
  ['C', 'C'],
  ['__', ''],
])('reads the name %s as %s', (name, normal) => {
  expect(normaliseName(name)).toBe(normal)
})

test('knows no evaluation', () => {
  for (const name of [
    'test_size',
    'random_state',
    'seed',
    'n_classes',
    'n_jobs',
    'verbose',
    'tol',
    'k_folds',
  ]) {
    expect(isKnownName(name), name).toBe(false)
  }
})

test('what takes a value decides on its range', () => {
  expect(range('learning_rate', 0.5, 'xgboost.XGBClassifier')).toEqual([0.01, 0.5])
  expect(range('lr', 0.5, 'torch.optim.Adam')).toEqual([1e-4, 1e-2])
  expect(range('lr', 0.5, 'torch.optim.SGD')).toEqual([1e-4, 0.1])
  expect(range('C', 1, 'sklearn.svm.SVC')).toEqual([0.03125, 32768])
  expect(range('C', 1, 'sklearn.linear_model.LogisticRegression')).toEqual([1e-3, 1e3])
  expect(range('gamma', 1, 'torch.optim.lr_scheduler.StepLR')).toBeNull()
  expect(range('gamma', 1)).toBeNull()
  expect(range('momentum', 0.1, 'torch.nn.BatchNorm2d')).toBeNull()
  expect(range('hidden_size', 8, 'torch.nn.LSTM')).toBeNull()
  expect(range('hidden_size', 8, 'Net')).toEqual([16, 264])
})

test("epochs stay near the user's own", () => {
  expect(range('epochs', 5)).toEqual([5, 20])
  expect(range('max_iter', 500)).toEqual([500, 600])
  expect(range('epochs', 0)).toBeNull()
  expect(range('max_iter', -1)).toBeNull()
})

test('a switch is no value to search', () => {
  expect(range('max_depth', -1)).toBeNull()
  expect(range('min_samples_leaf', 0.1)).toBeNull()
  expect(range('n_estimators', 2000)).toEqual([50, 2000])
  expect(range('n_estimators', 1)).toEqual([1, 500])
})
