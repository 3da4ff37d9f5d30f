import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isHeldOut, protectedArgument, protectedName } from '../../src/python/knowledge/protected.ts'
import { ARGUMENTS, NAMES } from '../../src/python/knowledge/protected-names.ts'
import { KNOWN_CALLABLES } from '../../src/python/knowledge/signatures.ts'
import { normaliseName, PRIORS } from '../../src/search/priors.ts'

const ALL = NAMES.flatMap(([, names]) => names.split(/\s+/))

describe('the table', () => {
  test('has each name once, normalised', () => {
    expect(ALL.filter((name, index) => ALL.indexOf(name) !== index)).toEqual([])
    for (const name of ALL) expect(normaliseName(name), name).toBe(name)
  })

  test('gives reasons that a person reads as the end of a sentence', () => {
    for (const reason of [...NAMES.map(([text]) => text), ...ARGUMENTS.map((rule) => rule.reason)]) {
      expect(reason).toMatch(/^[a-z].*[a-z]$/)
    }
  })

  test('holds no name of a hyperparameter', () => {
    const names = new Set(PRIORS.flatMap((prior) => prior.names))
    expect([...names].filter((name) => protectedName(name) !== null)).toEqual([])
  })
})

test.each([
  ['test_size', 'the share of the data that is held out'],
  ['VAL_SPLIT', 'it only concerns the held-out data'],
  ['validation_split', 'it only concerns the held-out data'],
  ['SEED', 'a random seed'],
  ['manualSeed', 'a random seed'],
  ['random_state', 'a random seed'],
  ['num_classes', 'the number of classes'],
  ['NUM_LABELS', 'the number of classes'],
  ['n_clusters', 'it defines the task: how many groups there are'],
  ['img_rows', 'the shape of the input'],
  ['IMG_SIZE', 'the shape of the input'],
  ['input_shape', 'the shape of the input'],
  ['input_dim', 'the shape of the input'],
  ['num_words', 'the size of the vocabulary'],
  ['maxlen', 'the length that inputs are cut or padded to'],
  ['n_jobs', 'how many processes or devices work'],
  ['num_workers', 'how many processes or devices work'],
  ['verbose', 'it only changes what is printed or saved'],
  ['LOG_INTERVAL', 'it only changes what is printed or saved'],
  ['print_every', 'it only changes what is printed or saved'],
  ['save_every', 'it only changes what is printed or saved'],
  ['early_stopping_rounds', 'a rule that ends the training'],
  ['n_splits', 'how the data is split for cross-validation'],
  ['cv', 'how the data is split for cross-validation'],
  ['conf_threshold', 'a threshold of the metric or of the decision'],
  ['test_batch_size', 'it only concerns the held-out data'],
  ['per_device_eval_batch_size', 'it only concerns the held-out data'],
  ['batch_size_val', 'it only concerns the held-out data'],
  ['n_samples', 'the size of the data set'],
  ['steps_per_epoch', 'how much of the data an epoch sees'],
  ['figsize', 'it only changes the plots'],
  ['gpu_ids', 'how many processes or devices work'],
  ['port', 'a network address'],
  ['imagenet_mean', 'a constant that the inputs are normalised with'],
  ['seasonal_periods', 'the period of the data'],
  ['start_epoch', 'where the training starts'],
])('%s is protected: %s', (name, reason) => {
  expect(protectedName(name)).toBe(reason)
})

test.each([
  ...['lr', 'batch_size', 'epochs', 'grad_clip_val', 'gradient_clip_val', 'std_dev', 'interval', 'device_lr'],
  ...[
    'hidden_size',
    'patience',
    'max_features',
    'latent_dim',
    'train_batch_size',
    'latest',
    'value',
    'units',
    '',
  ],
])('%j is not protected by its name', (name) => {
  expect(protectedName(name)).toBeNull()
})

test.each([
  ['sklearn.model_selection.train_test_split', 'test_size', 'how the data is split'],
  ['sklearn.model_selection.KFold', 'shuffle', 'how the data is split'],
  ['torch.utils.data.random_split', 'lengths', 'how the data is split'],
  ['matplotlib.pyplot.scatter', 'alpha', 'it only changes the plots'],
  ['seaborn.heatmap', 'linewidths', 'it only changes the plots'],
  ['sklearn.metrics.fbeta_score', 'beta', 'part of the metric'],
  ['keras.metrics.TopKCategoricalAccuracy', 'k', 'part of the metric'],
  ['torchmetrics.Accuracy', 'task', 'part of the metric'],
  ['sklearn.datasets.make_classification', 'weights', 'which data is used'],
  ['keras.datasets.imdb.load_data', 'skip_top', 'which data is used'],
  ['torchvision.transforms.Normalize', 'mean', 'a constant that the inputs are normalised with'],
  ['torchvision.transforms.Resize', 'size', 'the shape of the input'],
  ['torchvision.transforms.CenterCrop', 'size', 'the shape of the input'],
  ['numpy.random.seed', 'seed', 'a random seed'],
  ['torch.manual_seed', '#0', 'a random seed'],
  ['keras.layers.Reshape', 'target_shape', 'a shape that must fit what comes before and after'],
  ['keras.layers.InputLayer', 'input_shape', 'the shape of the input'],
  ['keras.layers.Embedding', 'input_dim', 'the size of the vocabulary'],
  ['torch.nn.Embedding', 'num_embeddings', 'the size of the vocabulary'],
  ['keras.preprocessing.text.Tokenizer', 'num_words', 'the size of the vocabulary'],
  ['sklearn.feature_extraction.CountVectorizer', 'max_features', 'the size of the vocabulary'],
  ['keras.utils.to_categorical', 'num_classes', 'the number of classes'],
  ['tensorflow.one_hot', 'depth', 'the number of classes'],
  ['keras.preprocessing.text.one_hot', 'n', 'the size of the vocabulary'],
  ['keras.preprocessing.sequence.pad_sequences', 'maxlen', 'the length that inputs are cut or padded to'],
  ['keras.callbacks.EarlyStopping', 'patience', 'a rule that ends the training'],
  ['torch.utils.data.DataLoader', 'num_workers', 'how many processes or devices work'],
  ['Net', 'num_classes', 'the number of classes'],
  ['sklearn.mixture.GaussianMixture', 'n_components', 'it defines the task: how many groups there are'],
])('%s(%s) is protected: %s', (callee, name, reason) => {
  expect(protectedArgument(callee, name)).toBe(reason)
})

test('what a training really takes stays free', () => {
  for (const [callee, name] of [
    ...[
      ['torch.optim.Adam', 'lr'],
      ['torch.utils.data.DataLoader', 'batch_size'],
      ['keras.Model.fit', 'epochs'],
    ],
    ...[
      ['sklearn.ensemble.RandomForestClassifier', 'max_features'],
      ['torch.nn.Linear', 'in_features'],
    ],
    ...[
      ['keras.layers.Embedding', 'output_dim'],
      ['torch.optim.lr_scheduler.ReduceLROnPlateau', 'patience'],
    ],
    ...[
      ['range', 'epochs'],
      ['torch_geometric.loader.DataLoader', 'batch_size'],
      ['keras.Model.evaluate', 'batch_size'],
      ['sklearn.decomposition.PCA', 'n_components'],
    ],
    ...[
      ['*.flow_from_directory', 'batch_size'],
      ['lightgbm.cv', 'learning_rate'],
      ['torch.nn.BatchNorm2d', 'num_features'],
    ],
    // Whatever is shown may also be trained with.
    ...[
      ['matplotlib.pyplot.xlim', '#1'],
      ['print', '#0'],
      ['numpy.random.normal', '#2'],
    ],
  ] as const) {
    expect(protectedArgument(callee, name), `${callee} ${name}`).toBeNull()
  }
})

test('no optimiser and no layer that has sizes is protected as a whole', () => {
  const free = KNOWN_CALLABLES.filter((name) =>
    /^(optax|xgboost|lightgbm|catboost|stable_baselines3)\./.test(name),
  )
  for (const callee of free.filter((name) => !/early_stopping|log_evaluation/.test(name))) {
    expect(protectedArgument(callee, 'learning_rate'), callee).toBeNull()
  }
})

test.each([
  ...[
    'test_dataset',
    'val_loader',
    'x_valid',
    'X_test',
    'testloader',
    'validation_generator',
    'valSet',
    'TEST_DIR',
  ],
  ...[
    "dataset['test']",
    'self.val_ds',
    'MNIST(root, train=False)',
    'xtest',
    'test_x',
    'devset',
    'data/validation',
  ],
  ...['eval_batches', 'holdout', 'testset'],
])('%j is held out', (text) => {
  expect(isHeldOut(text)).toBe(true)
})

test.each([
  ...[
    'train_dataset',
    'trainloader',
    'x_train',
    'dataset',
    'values',
    'interval',
    'device_data',
    'latest',
    'contest',
  ],
  ...[
    'train_val_set',
    'MNIST(root, train=True)',
    'trainval',
    'retrieval',
    'evidence',
    'X',
    '',
    'invalid_ids',
  ],
  ...["load('test.csv', train=True)"],
])('%j is not held out', (text) => {
  expect(isHeldOut(text)).toBe(false)
})

test('any text gets an answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (callee, name) => {
      expect([true, false]).toContain(isHeldOut(name))
      for (const reason of [protectedName(name), protectedArgument(callee, name)]) {
        expect(reason === null || reason.length > 0).toBe(true)
      }
    }),
  )
})
