import { describe, expect, test } from 'vitest'
import { findHyperparameters } from '../../../src/python/hyperparameters/find.ts'
import { namesOf } from '../python.ts'

const find = (files: string | Record<string, string>, args: string[] = []) =>
  findHyperparameters(namesOf(files), args)
const values = (files: string | Record<string, string>, args: string[] = []) =>
  Object.fromEntries(find(files, args).hyperparameters.map(({ name, value }) => [name, value]))
const reasons = (files: string | Record<string, string>) =>
  Object.fromEntries(find(files).leftAlone.map(({ name, reason }) => [name, reason]))

const TORCH = 'import torch\nfrom torch import nn, optim\n'

describe('finds what known parameters take', () => {
  test.each([
    ['torch.optim.SGD(p, lr=0.1, momentum=0.9)', { lr: 0.1, momentum: 0.9 }],
    ['optim.SGD(p, 0.1, 0.9)', { lr: 0.1, momentum: 0.9 }],
    ['nn.Dropout(0.5)', { p: 0.5 }],
    ['torch.utils.data.DataLoader(train, 32, shuffle=True)', { batch_size: 32 }],
  ])('%s', (text, expected) => {
    expect(values(`${TORCH}${text}\n`)).toEqual(expected)
  })

  test.each([
    ['from sklearn.svm import SVC\nSVC(C=1.0, kernel="rbf", gamma=2.0)', { C: 1, kernel: 'rbf', gamma: 2 }],
    ['from sklearn.neighbors import KNeighborsClassifier\nKNeighborsClassifier(5)', { n_neighbors: 5 }],
    [
      'from sklearn.neural_network import MLPClassifier as M\nM(hidden_layer_sizes=(4, 8), alpha=1e-4)',
      { 'hidden_layer_sizes[0]': 4, 'hidden_layer_sizes[1]': 8, alpha: 1e-4 },
    ],
    [
      'import xgboost as xgb\np = {"eta": 0.3, "max_depth": 6}\nxgb.train(p, d, 100)',
      { eta: 0.3, max_depth: 6, num_boost_round: 100 },
    ],
    ['import xgboost as xgb\np = {}\np["eta"] = 0.3\nxgb.train(p, d)', { eta: 0.3 }],
    ['from lightgbm import LGBMClassifier\np = dict(num_leaves=31)\nLGBMClassifier(**p)', { num_leaves: 31 }],
    [
      'from keras.models import Sequential\nm = Sequential()\nm.fit(x, y, batch_size=32, epochs=5)',
      { batch_size: 32, epochs: 5 },
    ],
    ['from keras.layers import Dropout\nDropout(0.25)', { rate: 0.25 }],
    ['from keras.optimizers import Adam\nAdam(1e-3)', { learning_rate: 1e-3 }],
  ])('%s', (text, expected) => {
    expect(values(`${text}\n`)).toEqual(expected)
  })

  test('epochs of a loop', () => {
    expect(values(`${TORCH}for epoch in range(10):\n    loss.backward()\n`)).toEqual({ epochs: 10 })
    expect(values(`${TORCH}N = 10\nfor i in tqdm(range(N)):\n    loss.backward()\n`)).toEqual({ N: 10 })
    expect(values(`${TORCH}for i in range(10):\n    print(i)\n`)).toEqual({})
  })

  test.each([
    [
      'in a loop over epochs',
      'for epoch in range(10):\n    for i in range(16):\n        loss.backward()\n',
      10,
    ],
    [
      'in a function that such a loop calls',
      'def train():\n    for i in range(20):\n        loss.backward()\nfor epoch in range(10):\n    train()\n',
      10,
    ],
    ['with a step', 'for i in range(0, 800, 50):\n    loss.backward()\n', undefined],
    ['that picks rows', 'for i in range(800):\n    x = X[order[i]]\n    loss.backward()\n', undefined],
  ])('no number of batches or rows: a loop %s', (_, text, epochs) => {
    expect(values(`${TORCH}${text}`)).toEqual(epochs === undefined ? {} : { epochs })
    expect(Object.values(reasons(`${TORCH}${text}`))).toContainEqual(
      expect.stringMatching(/batches of an epoch/),
    )
  })
})

describe('finds a literal wherever it is bound', () => {
  const use = (text: string) => `${TORCH}${text}\n`
  test.each([
    ['a constant', 'STEP = 0.1\noptim.SGD(p, lr=STEP)', { STEP: 0.1 }],
    [
      'an option',
      'a.add_argument("--learning-rate", default=0.1)\nargs = a.parse_args()\noptim.SGD(p, lr=args.learning_rate)',
      { learning_rate: 0.1 },
    ],
    ['the environment', 'import os\noptim.SGD(p, lr=float(os.environ.get("LR", "0.1")))', { LR: 0.1 }],
    [
      'a dataclass',
      '@dataclass\nclass Config:\n    lr: float = 0.1\nc = Config()\noptim.SGD(p, lr=c.lr)',
      { lr: 0.1 },
    ],
    ['a class attribute', 'class Config:\n    rate = 0.1\noptim.SGD(p, lr=Config.rate)', { rate: 0.1 }],
    ['a parameter', 'def train(rate=0.1):\n    optim.SGD(p, lr=rate)\ntrain()', { rate: 0.1 }],
    ['the argument of a call', 'def train(rate=0.1):\n    optim.SGD(p, lr=rate)\ntrain(0.2)', { rate: 0.2 }],
    ['a name alone', 'lr = 0.1\nw -= lr * g', { lr: 0.1 }],
  ])('%s', (_, text, expected) => {
    expect(values(use(text))).toEqual(expected)
  })

  test('several uses of one constant are one hyperparameter, at the constant', () => {
    const { hyperparameters } = find(use('LR = 0.1\noptim.SGD(p, lr=LR)\noptim.SGD(q, lr=LR)'))
    expect(hyperparameters.map(({ name, line }) => [name, line])).toEqual([['LR', 3]])
  })

  test('in modules and configuration files of the repository', () => {
    const files = {
      'train.py': `${TORCH}import conf\nfrom conf import RATE\ncfg = yaml.safe_load(open("c.yaml"))\noptim.SGD(p, lr=RATE, momentum=conf.M, weight_decay=cfg["decay"])\n`,
      'conf.py': 'RATE = 0.1\nM = 0.9\n',
      'c.yaml': 'decay: 0.001\n',
    }
    const { hyperparameters } = find(files)
    expect(hyperparameters.map(({ name, file, line }) => [name, file, line])).toEqual([
      ['RATE', 'conf.py', 1],
      ['M', 'conf.py', 2],
      ['decay', 'c.yaml', 1],
    ])
  })

  test('not what the script gets as an argument', () => {
    const text = use('a.add_argument("--lr", default=0.1)\nargs = a.parse_args()\nlr = args.lr\nprint(lr)')
    expect(values(text, ['--lr', '0.5'])).toEqual({})
    expect(values(text)).toEqual({ lr: 0.1 })
  })
})

describe('leaves alone', () => {
  test.each([
    ['what nothing reads', 'lr = 0.1\nbatch_size = 4'],
    [
      'what nothing calls',
      'import torch\ndef unused():\n    torch.optim.SGD(p, lr=0.1)\ndef used():\n    pass\nused()',
    ],
    [
      'a default that each call replaces by a computed value',
      'import torch\ndef f(lr=0.1):\n    torch.optim.SGD(p, lr=lr)\nf(x * 2)',
    ],
    ['a computed value', 'import torch\ntorch.optim.SGD(p, lr=0.1 * 2)'],
    ['a comment and a text', '# lr = 0.1\n"""\nlr = 0.1\n"""'],
    ['a switch', 'from sklearn.svm import SVC\nSVC(max_iter=-1)'],
    [
      'a search of its own',
      'from sklearn.model_selection import GridSearchCV\nGridSearchCV(m, {"learning_rate": [0.1, 0.2]})',
    ],
    ['names that mean nothing by themselves', 'C = 3\ngamma = 0.1\nalpha = 0.5\nf(C, gamma, alpha)'],
    ['comparisons and formats', 'if lr == 0.1:\n    print(f"{lr:0.1f}")'],
  ])('%s', (_, text) => {
    expect(values(`${text}\n`)).toEqual({})
  })

  test('the evaluation, and says why', () => {
    const text = [
      'from sklearn.model_selection import train_test_split',
      'from sklearn.ensemble import RandomForestClassifier',
      'SHARE = 0.2',
      'train_test_split(X, y, test_size=SHARE, random_state=42)',
      'RandomForestClassifier(n_estimators=100, n_jobs=4, random_state=0)',
    ]
    expect(values(text.join('\n'))).toEqual({ n_estimators: 100 })
    const found = reasons(text.join('\n'))
    expect(Object.keys(found).sort()).toEqual(['SHARE', 'n_jobs', 'random_state'])
    for (const reason of Object.values(found)) expect(reason).not.toBe('')
  })

  test('the batches of a held-out set that a function of the script reads', () => {
    const text = `${TORCH}from torch.utils.data import DataLoader\ndef load(n, batch_size):\n    return DataLoader(read(n), batch_size)\ntrain_set = load(1, batch_size=32)\neval_set = load(2, batch_size=1000)\n`
    expect(values(text)).toEqual({ batch_size: 32 })
  })

  test('how the held-out data is read', () => {
    const text = `${TORCH}from torch.utils.data import DataLoader\nDataLoader(test_set, batch_size=512)\n`
    expect(values(text)).toEqual({})
    expect(reasons(text)).toHaveProperty('batch_size')
  })
})

describe('leaves alone what the evaluation hangs on', () => {
  const LOADER = `${TORCH}from torch.utils.data import DataLoader\n`
  test.each([
    [
      'batches that cut the held-out data',
      `${LOADER}B = 32\nDataLoader(train_set, B)\nDataLoader(val_set, B, drop_last=True)`,
      'B',
    ],
    [
      'batches that the evaluation counts its steps by',
      'from keras.models import Sequential\nB = 32\nm = Sequential()\nm.fit(x, batch_size=B, validation_steps=800 // B)',
      'B',
    ],
    [
      'augmentation of held-out images',
      'from keras.preprocessing.image import ImageDataGenerator\nImageDataGenerator(rotation_range=20, validation_split=0.2)',
      'rotation_range',
    ],
    [
      'transforms that are not of the training alone',
      'from torchvision import transforms as T\ntransform = T.Compose([T.RandomRotation(10)])\nf(transform)',
      'degrees',
    ],
    [
      'the part of the data that a keyword names',
      `${LOADER}from keras.utils import image_dataset_from_directory as read\nread("d", subset="validation", batch_size=16)`,
      'batch_size',
    ],
  ])('%s', (_, text, name) => {
    expect(values(`${text}\n`)).toEqual({})
    expect(Object.keys(reasons(`${text}\n`))).toContain(name)
  })

  test('a layer as wide as something that must stay', () => {
    const text = `${TORCH}n_classes = 64\nm = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(n_classes, 10))\nm(x)\n`
    expect(values(text)).not.toHaveProperty('out_features')
    expect(values(text.replaceAll('n_classes', 'hidden'))).toHaveProperty('out_features')
  })

  test('but not the transforms of the training', () => {
    const text =
      'from torchvision import transforms as T\ntrain_transform = T.Compose([T.RandomRotation(10)])\nf(train_transform)\n'
    expect(values(text)).toEqual({ degrees: 10 })
  })
})

describe('keeps to what an option declares', () => {
  const distribution = (text: string) => find(text).hyperparameters.map((one) => one.distribution)
  const ADAM = 'optim.Adam(p, lr=a.lr)'
  test.each([
    [
      'choices',
      `from sklearn.svm import SVC\np.add_argument("--kernel", default="rbf", choices=["rbf", "linear"])\na = p.parse_args()\nSVC(kernel=a.kernel)`,
      [{ type: 'categorical', choices: ['linear', 'rbf'] }],
    ],
    [
      'bounds',
      `${TORCH}from absl import flags\nflags.DEFINE_float("lr", 0.001, "", upper_bound=0.002)\na = flags.FLAGS\n${ADAM}`,
      [expect.objectContaining({ high: 0.002 })],
    ],
    [
      'whole numbers',
      `${TORCH}p.add_argument("--lr", type=int, default=1)\na = p.parse_args()\noptim.SGD(p, lr=a.lr)`,
      [],
    ],
  ])('%s', (_, text, expected) => {
    const found = distribution(`${text}\n`).filter(
      (one) => !(one.type === 'categorical' && one.choices.includes('AdamW')),
    )
    expect(
      found.map((one) => (one.type === 'categorical' ? { ...one, choices: [...one.choices].sort() } : one)),
    ).toEqual(expected)
  })
})

test('names are unique', () => {
  const text = `${TORCH}optim.SGD(p, lr=0.1)\noptim.SGD(p, lr=0.2); optim.SGD(p, lr=0.3)\n`
  expect(find(text).hyperparameters.map(({ name }) => name)).toEqual(['lr', 'lr@4', 'lr@train.py:4'])
})

test('gives bytes, not characters', () => {
  const text = `\uFEFF# Lernrate für µ 😀\r\n${TORCH}s = "é😀"; optim.SGD(p, lr=1e-3)\r\n`
  const [lr] = find(text).hyperparameters
  expect(Buffer.from(text).subarray(lr?.start, lr?.end).toString()).toBe('1e-3')
  expect(lr).toMatchObject({ name: 'lr', line: 4, value: 0.001 })
})

test('a condition names the hyperparameter that it hangs on', () => {
  const text = 'from sklearn.svm import SVC\nSVC(kernel="poly", degree=3)\n'
  const degree = find(text).hyperparameters.find(({ name }) => name === 'degree')
  expect(degree?.condition).toEqual({ name: 'kernel', values: ['poly'] })
})

test('activations of one kind are one hyperparameter; optimisers of one kind can stand in for one another', () => {
  const text = `${TORCH}import torch.nn.functional as F\nnn.Sequential(nn.ReLU(), nn.ReLU())\noptim.Adam(p, lr=1e-3)\n`
  const { hyperparameters } = find(text)
  const activation = hyperparameters.find(({ name }) => name === 'activation')
  expect(activation).toMatchObject({ value: 'ReLU', ties: [{ line: 4 }] })
  expect(hyperparameters.find(({ name }) => name === 'optimizer')).toMatchObject({ value: 'Adam' })
})
