import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findHyperparameters } from '../../src/python/hyperparameters.ts'
import { python, repository } from './python.ts'

const find = (text: string | Record<string, string>, args: string[] = []) => {
  const files = typeof text === 'string' ? { 'train.py': text } : text
  return findHyperparameters(python, repository(files), 'train.py', args)
}
const values = (text: string | Record<string, string>, args: string[] = []) =>
  Object.fromEntries(find(text, args).map(({ name, value }) => [name, value]))

test.each([
  ['LEARNING_RATE = 0.5', { LEARNING_RATE: 0.5 }],
  ['lr = 1e-3\nbatch_size = 1_00', { lr: 0.001, batch_size: 100 }],
  ['lr, epochs = 0.1, 5', { lr: 0.1, epochs: 5 }],
  ['lr: float = 0.1', { lr: 0.1 }],
  ['def main():\n    EPOCHS = 10', { EPOCHS: 10 }],
  ['class Config:\n    dropout = .25', { dropout: 0.25 }],
  ['cfg.lr = 0.1', { lr: 0.1 }],
  ['cfg["lr"] = 0.1\nd = {"batch_size": 32}', { lr: 0.1, batch_size: 32 }],
  ['torch.optim.SGD(p, lr=0.1, momentum=0)', { lr: 0.1, momentum: 0 }],
  ['model.fit(x, y, epochs=3, batch_size=32)', { epochs: 3, batch_size: 32 }],
  ['from sklearn.svm import SVC\nSVC(C=1, gamma=2.0)', { C: 1, gamma: 2 }],
  ['from sklearn import svm as s\ns.SVC(C=1, gamma=2.0)', { C: 1, gamma: 2 }],
  [
    'from sklearn.neural_network import MLPClassifier as M\nM(alpha=1e-4, learning_rate_init=0.5, max_iter=20)',
    { alpha: 1e-4, learning_rate_init: 0.5, max_iter: 20 },
  ],
  ['MLPClassifier(hidden_layer_sizes=(4,))', { hidden_layer_sizes: 4 }],
  ['MLPClassifier(hidden_layer_sizes=8)', { hidden_layer_sizes: 8 }],
  ['MLPClassifier(hidden_layer_sizes=(4, 8))', { 'hidden_layer_sizes[0]': 4, 'hidden_layer_sizes[1]': 8 }],
  ['p.add_argument("-l", "--learning-rate", type=float, default=0.1)', { learning_rate: 0.1 }],
  ['for epoch in range(10):\n    pass', { epochs: 10 }],
  ['def train(lr=0.1):\n    pass\ntrain()', { lr: 0.1 }],
  ['def train(lr=0.1):\n    pass\ntrain(lr=0.2)', { lr: 0.2 }],
])('finds the numbers of %j', (text, expected) => {
  expect(values(text)).toEqual(expected)
})

test.each([
  'train_test_split(X, y, test_size=0.2, random_state=42)',
  'SEED = 1\nn_classes = 10\nRandomForestClassifier(n_jobs=4, verbose=1, random_state=0)',
  'x = Conv2d(1, 16, kernel_size=3)\nInput(shape=(8, 8))',
  'lr = 0.1 * 2\nepochs = int("3")\nbatch_size = n',
  'lr = "0.1"\nlr = True\nlr = None\nlr = 1j',
  '# lr = 0.1\n"""\nlr = 0.1\n"""',
  'StepLR(opt, step_size=5, gamma=0.1)\nplt.plot(x, alpha=0.5)\nnn.BatchNorm1d(3, momentum=0.1)',
  'SVC(C="1", gamma="scale")\nSVC(max_iter=-1)\nlgb.train({"max_depth": -1})',
  'Dense(units=10, activation="softmax")',
  'DataLoader(test_set, batch_size=512)\nmodel.predict(x, batch_size=64)\nmodel.evaluate(x, batch_size=64)',
  'GridSearchCV(m, {"learning_rate": [0.1, 0.2]})',
  'C = 3\ngamma = 0.1\nalpha = 0.5',
  'lr == 0.1\nprint(f"{lr:0.1f}")',
])('leaves %j alone', (text) => {
  expect(values(text)).toEqual({})
})

test('a constant that is passed on by name is one hyperparameter, at the constant', () => {
  const text = 'STEP = 0.5\nLR = 0.1\nfrom torch.optim import Adam\nAdam(p, lr=LR)\nSGD(q, lr=STEP)\n'
  const found = find(text)
  expect(found.map(({ name, line }) => [name, line])).toEqual([
    ['STEP', 1],
    ['LR', 2],
  ])
  // What takes it decides on the range.
  expect(found[1]?.distribution).toEqual({ type: 'float', low: 1e-4, high: 1e-2, log: true })
})

test('a constant of unclear name counts where something clear takes it', () => {
  const text = 'from sklearn.svm import SVC\nG = 10.0\nC = 3\nSVC(gamma=G, C=C)\nstart(gamma=C)\n'
  expect(values(text)).toEqual({ G: 10, C: 3 })
})

test('follows own modules and their constants', () => {
  const found = find({
    'train.py':
      'from conf import RATE\nimport conf\nfrom net import build\nSGD(lr=RATE)\nfit(epochs=conf.N)\n',
    'conf.py': 'RATE = 0.1\nN = 5\n',
    'net.py': 'def build():\n    Dropout(dropout=0.3)\n',
    'unused.py': 'lr = 3.0\n',
  })
  expect(found.map(({ name, file, line }) => [name, file, line])).toEqual([
    ['RATE', 'conf.py', 1],
    ['N', 'conf.py', 2],
    ['dropout', 'net.py', 2],
  ])
})

test('what the arguments set is not looked for in the defaults', () => {
  const text = 'p.add_argument("--lr", default=0.1)\np.add_argument("--epochs", default=3)\n'
  expect(values(text, ['--lr', '0.5'])).toEqual({ epochs: 3 })
  expect(values(text, ['--epochs=5'])).toEqual({ lr: 0.1 })
})

test('names are unique', () => {
  const text = 'lr = 0.1\nf(lr=0.2); f(lr=0.3)\nf(lr=0.4)\n'
  expect(find(text).map(({ name }) => name)).toEqual(['lr', 'lr@2', 'lr@train.py:2', 'lr@3'])
})

test('gives bytes, not characters', () => {
  const text = '\uFEFF# Lernrate für µ 😀\ns = "é😀"; lr = -1e-3\r\nepochs = 1_0\r\n'
  const bytes = Buffer.from(text)
  const found = find(`${text}batch_size = 32`)
  expect(found.map(({ name }) => name)).toEqual(['epochs', 'batch_size'])
  expect(found.map(({ start, end }) => bytes.subarray(start, end).toString())).toEqual(['1_0', ''])
  const again = find(text.replace('-1e-3', '1e-3'))[0]
  expect(again).toMatchObject({ name: 'lr', line: 2, value: 0.001 })
  const other = Buffer.from(text.replace('-1e-3', '1e-3'))
  expect(other.subarray(again?.start, again?.end).toString()).toBe('1e-3')
})

test('int and float differ by how they are written', () => {
  expect(find('epochs = 10\nlr = 1\n').map(({ distribution }) => distribution.type)).toEqual(['int', 'float'])
  expect(find('min_samples_leaf = 0.1\nepochs = 1e2\n')).toEqual([])
})

test.each(['digits-sklearn', 'digits-pytorch'])('finds what the example %s can be tuned by', (example) => {
  const url = new URL(`../../examples/${example}/train.py`, import.meta.url)
  const source = readFileSync(url)
  const found = find(source.toString())
  expect(found.length).toBeGreaterThanOrEqual(3)
  expect(found.map(({ name }) => name).join()).toMatch(/learning_rate/i)
  expect(found.map(({ name }) => name).join()).not.toMatch(/seed|random_state|test_size/i)
  for (const { start, end, value } of found) {
    expect(Number(source.subarray(start, end).toString())).toBe(value)
  }
})
