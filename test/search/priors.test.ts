import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KNOWN_CALLABLES } from '../../src/python/knowledge/signatures.ts'
import { isKnownName, normaliseName, PRIORS, type Prior, priorFor } from '../../src/search/priors.ts'

const CALLEES = [
  null,
  ...KNOWN_CALLABLES.flatMap((name) =>
    name.startsWith('keras.')
      ? [name, name.replace('keras.', 'keras.layers.'), name.replace('keras.', 'keras.optimizers.')]
      : name,
  ),
  'keras.regularizers.l2',
  'keras.layers.Convolution2D',
  'transformers.TrainingArguments',
  'peft.LoraConfig',
  'ReplayBuffer',
]
const NUMBERS = [
  ...[0, 1, 2, 3, 4, 5, 8, 10, 16, 32, 64, 100, 128, 500, 1000, 10_000, 1e-8, 2e-5, 1e-4, 1e-3, 0.01],
  ...[0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1.5, 2.5, 255],
]
const STRINGS = [
  ...['relu', 'adam', 'sqrt', 'gini', 'mse', 'rbf', 'scale', 'uniform', 'euclidean', 'minkowski', 'best'],
  ...[
    'constant',
    'linear',
    'full',
    'k-means++',
    'glorot_uniform',
    'square',
    'mean',
    'l2',
    'hinge',
    'gelu',
    'random',
  ],
]
const VALUES = [...NUMBERS, ...STRINGS, true]

const lit = (
  value: number | string | boolean,
  float = typeof value === 'number' && !Number.isInteger(value),
) => ({
  value,
  float,
})
const nameOf = (prior: Prior) => `${prior.family} (${prior.names[0]})`

describe('the table', () => {
  test.each(PRIORS.map((prior) => [nameOf(prior), prior] as const))('%s is complete', (_, prior) => {
    expect(prior.source.length).toBeGreaterThan(10)
    expect(prior.names.length).toBeGreaterThan(0)
    expect(new Set(prior.names).size).toBe(prior.names.length)
    for (const name of prior.names) expect(normaliseName(name), name).toBe(name)
    expect(Boolean(prior.bounds) || Boolean(prior.choices)).toBe(true)
    expect([1, 2, 3, 4, 5]).toContain(prior.influence)
    if (prior.type === 'categorical') expect(prior.choices).toBeDefined()
    if (prior.condition) expect(normaliseName(prior.condition.name)).toBe(prior.condition.name)
    if (prior.fromZero !== undefined) expect(prior.log).toBe(true)
  })

  test('says for every row what family it is, once', () => {
    const families = PRIORS.map((prior) => `${prior.family} ${prior.names.join()} ${prior.takenBy}`)
    expect(new Set(families).size).toBe(families.length)
  })

  test('has no row that earlier ones hide completely', () => {
    const reached = new Set<Prior>()
    for (const prior of PRIORS) {
      const fits = CALLEES.filter(
        (callee) =>
          (!prior.takenBy || (callee !== null && prior.takenBy.test(callee))) &&
          !(callee !== null && prior.notTakenBy?.test(callee)),
      )
      const sample = prior.takenBy ? fits : fits.slice(0, 1)
      search: for (const name of prior.names) {
        for (const callee of sample) {
          for (const value of VALUES) {
            for (const float of [false, true]) {
              if (float && typeof value !== 'number') continue
              if (priorFor(name, callee, lit(value, float))?.prior !== prior) continue
              reached.add(prior)
              break search
            }
          }
        }
      }
    }
    expect(PRIORS.filter((prior) => !reached.has(prior)).map(nameOf)).toEqual([])
  })

  test('has bounds that are in order, and above zero where they are logarithmic', () => {
    for (const prior of PRIORS) {
      for (const value of NUMBERS) {
        const bounds = prior.bounds?.(value)
        if (!bounds) continue
        expect(bounds[0], `${nameOf(prior)} of ${value}`).toBeLessThanOrEqual(bounds[1])
        if (prior.log && value > 0)
          expect(bounds[0], `${nameOf(prior)} of ${value}`).toBeGreaterThanOrEqual(0)
      }
    }
  })
})

const names = fc.constantFrom(...new Set(PRIORS.flatMap((prior) => prior.names)))
const callees = fc.constantFrom(...CALLEES)
const numbers = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer({ min: -10, max: 5000 }),
  fc.double({ min: -10, max: 5000, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
)

test('whatever is asked, the value itself is inside, and the range is one', () => {
  fc.assert(
    fc.property(names, callees, numbers, fc.boolean(), (name, callee, value, pointed) => {
      const float = pointed || !Number.isInteger(value)
      const found = priorFor(name, callee, { value, float })
      if (!found) return
      const { distribution, prior } = found
      if (distribution.type === 'categorical') {
        const { choices } = distribution
        expect(choices).toContain(value)
        expect(new Set(choices).size).toBe(choices.length)
        expect(choices.length).toBeGreaterThan(1)
        expect([...choices].sort((a, b) => Number(a) - Number(b))).toEqual(choices)
        if (prior.type === 'int') expect(choices.every(Number.isInteger)).toBe(true)
        return
      }
      const { low, high, log, type } = distribution
      expect(low).toBeLessThanOrEqual(value)
      expect(high).toBeGreaterThanOrEqual(value)
      expect(low).toBeLessThan(high)
      expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true)
      if (log) expect(low).toBeGreaterThan(0)
      if (type === 'int') {
        expect(float).toBe(false)
        expect(Number.isInteger(low) && Number.isInteger(high)).toBe(true)
      }
    }),
    { numRuns: 5000 },
  )
})

test('strings and booleans stay among their own kind', () => {
  fc.assert(
    fc.property(
      names,
      callees,
      fc.oneof(fc.constantFrom(...STRINGS), fc.string(), fc.boolean()),
      (name, callee, value) => {
        const found = priorFor(name, callee, { value, float: false })
        if (!found) return
        expect(found.distribution.type).toBe('categorical')
        if (found.distribution.type !== 'categorical') return
        expect(found.distribution.choices).toContain(value)
        for (const choice of found.distribution.choices) expect(typeof choice).toBe(typeof value)
      },
    ),
    { numRuns: 2000 },
  )
})

test('never proposes what makes no sense', () => {
  for (const prior of PRIORS) {
    for (const name of prior.names) {
      for (const value of NUMBERS) {
        for (const callee of [
          null,
          'torch.nn.Conv2d',
          'keras.layers.Dropout',
          'torch.optim.SGD',
          'xgboost.train',
        ]) {
          const found = priorFor(name, callee, lit(value))
          if (!found) continue
          const { distribution } = found
          const ends =
            distribution.type === 'categorical'
              ? distribution.choices.map(Number)
              : [distribution.low, distribution.high]
          const [low, high] = [Math.min(...ends), Math.max(...ends)]
          const why = `${name} of ${value}: ${low} to ${high}`
          if (/dropout|^drop/.test(name) && !/keep/.test(name)) expect(high, why).toBeLessThan(0.9)
          if (/batch_?size|^batch$/.test(name)) expect(low, why).toBeGreaterThanOrEqual(2)
          if (/^momentum$|^beta_?[12]$/.test(name)) expect(high, why).toBeLessThan(1)
          if (/^kernel_size|^nb_row/.test(name))
            expect(
              ends.every((end) => end % 2 === 1 && end < 16),
              why,
            ).toBe(true)
          if (/^subsample$|colsample|fraction$/.test(name)) expect(high, why).toBeLessThanOrEqual(1)
          if (/^(max_depth|n_neighbors|n_estimators|units|hidden_size|filters)$/.test(name))
            expect(low, why).toBeGreaterThanOrEqual(1)
        }
      }
    }
  }
})

test.each([
  ['LEARNING_RATE', 'learning_rate'],
  ['learningRate', 'learning_rate'],
  ['--learning-rate', 'learning_rate'],
  ['mlp__learning_rate', 'learning_rate'],
  ['base_estimator__C', 'C'],
  ['_lr', 'lr'],
  ['lrG', 'lr_g'],
  ['nEpochs', 'n_epochs'],
  ['hidden_layer_sizes[1]', 'hidden_layer_sizes[1]'],
  ['C', 'C'],
  ['__', ''],
  ['', ''],
])('reads the name %s as %s', (name, normal) => {
  expect(normaliseName(name)).toBe(normal)
})

test('knows no evaluation', () => {
  for (const name of [
    ...[
      'test_size',
      'random_state',
      'seed',
      'n_classes',
      'n_jobs',
      'verbose',

      'k_folds',
      'num_workers',
    ],
    ...['n_clusters', 'threshold', 'vocab_size', 'n_samples', 'cv', 'figsize', 'log_interval', 'n_splits'],
  ]) {
    expect(isKnownName(name), name).toBe(false)
  }
})

test('knows the spellings of real scripts', () => {
  for (const name of [
    ...['LR', 'LEARNING_RATE', 'INIT_LR', 'lr_rate', 'BS', 'BATCH_SIZE', 'batchSize', 'EPOCHS', 'NUM_EPOCHS'],
    ...['nb_epoch', 'NB_EPOCHS', 'n_hidden', 'HIDDEN_SIZE', 'embed_dim', 'EMBEDDING_DIM', 'd_model', 'nhead'],
    ...['num_layers', 'weight_decay', 'wd', 'MOMENTUM', 'keep_prob', 'beta_1', 'b1', 'warmup_ratio', 'depth'],
    ...[
      'per_device_train_batch_size',
      'num_train_epochs',
      'warmup_steps',
      'label_smoothing',
      'l1_ratio',
      'gamma',
    ],
    ...[
      'reg_lambda',
      'lambda_l2',
      'min_child_weight',
      'min_data_in_leaf',
      'border_count',
      'iterations',
      'alpha',
    ],
    ...[
      'l2_leaf_reg',
      'var_smoothing',
      'noise_dim',
      'latent_dim',
      'replay_size',
      'clip_coef',
      'hidden_sizes[0]',
    ],
  ]) {
    expect(isKnownName(name), name).toBe(true)
  }
})
