import { expect, test } from 'vitest'
import type { RepositorySettings } from '../../src/domain/settings.ts'
import { detectModel } from '../../src/python/detect.ts'
import { failureOf, python, repository } from './python.ts'

const detect = (files: Record<string, string>, hints: RepositorySettings = {}) =>
  detectModel(python, repository(files), hints)
const failure = (files: Record<string, string>, hints: RepositorySettings = {}) =>
  failureOf(() => detect(files, hints))

const SKLEARN = 'from sklearn.svm import SVC\nSVC(C=1).fit(X, y)\n'
const TORCH = 'import torch\nloss = torch.nn.MSELoss()(a, b)\nloss.backward()\n'

test.each([
  ['sklearn', SKLEARN],
  ['sklearn', 'import sklearn.ensemble as e\nmodel = e.RandomForestClassifier()\nmodel.fit(X, y)\n'],
  ['sklearn', 'import sklearn\nfrom sklearn import svm\nsvm.SVC().fit(X, y)\n'],
  [
    'sklearn',
    'from sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\ncross_val_score(Ridge(), X, y)\n',
  ],
  ['pytorch', TORCH],
  [
    'pytorch',
    'import torch.nn as nn\nfrom sklearn.model_selection import train_test_split as s\nloss.backward()\n',
  ],
  [
    'pytorch',
    'from sklearn.preprocessing import StandardScaler\nimport torch\nStandardScaler().fit(X)\nloss.backward()\n',
  ],
  ['keras', 'from tensorflow import keras\nm = keras.Sequential([])\nm.fit(x, y)\n'],
  ['keras', 'import tensorflow as tf\nm = tf.keras.Sequential([])\nm.fit(x, y)\n'],
  ['keras', 'import torch\nimport keras\nm = keras.Sequential([])\nm.fit(x, y)\n'],
  ['xgboost', 'import xgboost as xgb\nfrom sklearn.metrics import accuracy_score\nxgb.train({}, d)\n'],
  ['xgboost', 'from xgboost import XGBClassifier as X\nm = X()\nm.fit(a, b)\n'],
  ['lightgbm', 'try:\n    import lightgbm as lgb\nexcept ImportError:\n    raise\nlgb.train({}, d)\n'],
  [
    'lightgbm',
    'def main():\n    from lightgbm import LGBMClassifier\n    LGBMClassifier().fit(a, b)\nmain()\n',
  ],
  ['pytorch', 'import importlib\ntorch = importlib.import_module("torch")\nloss.backward()\n'],
])('finds %s by its imports in %j', (framework, text) => {
  expect(detect({ 'train.py': text })).toMatchObject({ framework, entry: 'train.py' })
})

test('is not taken in by comments, strings, names or imports for the type checker', () => {
  const text = [
    '# import torch, keras',
    '"""import tensorflow"""',
    'import torchlike',
    'if TYPE_CHECKING:',
    '    import torch',
    'keras = "import keras"',
    SKLEARN,
  ].join('\n')
  expect(detect({ 'train.py': text }).framework).toBe('sklearn')
})

test('an own module that is called like a framework is no framework', () => {
  const files = { 'keras.py': 'x = 1\n', 'train.py': `import keras\n${SKLEARN}` }
  expect(detect(files).framework).toBe('sklearn')
})

test('follows own modules, packages and relative imports', () => {
  const found = detect({
    'main.py': 'from pkg.loop import run\nif __name__ == "__main__":\n    run()\n',
    'pkg/__init__.py': '',
    'pkg/loop.py': 'from .net import Net\ndef run():\n    Net()\n    loss.backward()\n',
    'pkg/net.py': 'import torch\nclass Net(torch.nn.Module): pass\n',
  })
  expect(found).toMatchObject({ framework: 'pytorch', entry: 'main.py' })
  expect(found.evidence).toContainEqual({
    file: 'pkg/net.py',
    line: 1,
    text: 'import torch',
    why: 'imports torch',
  })
})

test('modules that import each other end', () => {
  const files = {
    'train.py': `import a\n${SKLEARN}`,
    'a.py': 'import b\n',
    'b.py': 'import a\nimport train\n',
  }
  expect(detect(files).entry).toBe('train.py')
})

test('shows file, line, text and reason of what it found', () => {
  expect(detect({ 'train.py': SKLEARN }).evidence).toEqual([
    {
      file: 'train.py',
      line: 2,
      text: 'SVC(C=1).fit(X, y)',
      why: 'has the name of a training script',
    },
    { file: 'train.py', line: 1, text: 'from sklearn.svm import SVC', why: 'imports sklearn.svm.SVC' },
    { file: 'train.py', line: 2, text: 'SVC(C=1).fit(X, y)', why: 'calls fit()' },
  ])
})

test.each([
  ['a well-known name', { 'train.py': SKLEARN, 'other.py': SKLEARN }, 'train.py'],
  ['train.py before main.py', { 'main.py': SKLEARN, 'train.py': SKLEARN }, 'train.py'],
  ['the root before a folder', { 'old/train.py': SKLEARN, 'train.py': SKLEARN }, 'train.py'],
  ['a main guard', { 'a.py': SKLEARN, 'b.py': `${SKLEARN}if __name__ == '__main__':\n    pass\n` }, 'b.py'],
  ['what trains', { 'train.py': 'x = 1\n', 'digits.py': SKLEARN }, 'digits.py'],
  ['no test', { 'test_model.py': SKLEARN, 'tests/run.py': SKLEARN, 'digits.py': SKLEARN }, 'digits.py'],
  ['no setup', { 'setup.py': SKLEARN, 'conftest.py': SKLEARN, 'digits.py': SKLEARN }, 'digits.py'],
  [
    'no preparation',
    { 'main.py': 'from sklearn.preprocessing import S\nS().fit(X)\n', 'svm.py': SKLEARN },
    'svm.py',
  ],
  [
    'the script, not its part',
    { 'main.py': 'import train\ntrain.go()\n', 'train.py': `def go():\n    pass\n${SKLEARN}` },
    'main.py',
  ],
  [
    'the training, not the evaluation that imports it',
    { 'evaluate.py': 'from train import m\nprint(m.score(X, y))\n', 'train.py': SKLEARN },
    'train.py',
  ],
  ['no library of a virtual environment', { 'venv/lib/train.py': SKLEARN, 'x.py': SKLEARN }, 'x.py'],
])('prefers %s', (_, files, entry) => {
  expect(detect(files).entry).toBe(entry)
})

test('hone.yaml decides on entry, arguments and framework', () => {
  const files = { 'a.py': SKLEARN, 'b.py': SKLEARN }
  const hints = { entry: './b.py', args: ['--lr', '1'], framework: 'Torch' }
  expect(detect(files, hints)).toMatchObject({ entry: 'b.py', args: ['--lr', '1'], framework: 'pytorch' })
})

test('no Python file', () => {
  expect(failure({ 'README.md': '# hi' })).toMatchObject({ kind: 'user', code: 'no-python' })
})

test('no training', () => {
  const found = failure({ 'hello.py': 'print("fit")\n', 'prep.py': 'import torch\n' })
  expect(found).toMatchObject({ kind: 'user', code: 'no-training-found' })
  expect(found.message).toContain('hello.py')
  expect(found.remedy).toContain('entry:')
})

test('two equally good entries are both named', () => {
  const found = failure({ 'svm.py': SKLEARN, 'net.py': TORCH })
  expect(found.code).toBe('ambiguous-entry')
  expect(found.message).toMatch(/net\.py and svm\.py/)
  expect(found.remedy).toContain('entry: net.py')
})

test('an entry that is not there', () => {
  const found = failure({ 'src/train.py': SKLEARN }, { entry: 'train.py' })
  expect(found).toMatchObject({ code: 'entry-missing', file: 'hone.yaml' })
  expect(found.remedy).toContain('src/train.py')
  expect(failure({ 'train.py': SKLEARN }, { entry: '../train.py' }).code).toBe('entry-missing')
})

test('an unknown framework', () => {
  const found = failure({ 'train.py': SKLEARN }, { framework: 'caffe' })
  expect(found.code).toBe('framework-unknown')
  expect(found.remedy).toContain('pytorch')
  expect(failure({ 'train.py': SKLEARN }, { framework: 'constructor' }).code).toBe('framework-unknown')
})

test('an entry named by hone.yaml that imports no framework', () => {
  expect(failure({ 'train.py': 'x = 1\n' }, { entry: 'train.py' }).code).toBe('no-training-found')
})

test('a syntax error in the script or in what it imports', () => {
  const broken = 'import torch\nx = = 1\n'
  expect(failure({ 'train.py': broken })).toMatchObject({ code: 'syntax-error', file: 'train.py', line: 2 })
  expect(failure({ 'train.py': `import net\n${TORCH}`, 'net.py': broken })).toMatchObject({
    code: 'syntax-error',
    file: 'net.py',
    line: 2,
  })
  expect(failure({ 'train.py': broken, 'other.py': SKLEARN })).toMatchObject({ file: 'train.py' })
})

test('a syntax error in a file that has nothing to do with it is none of ours', () => {
  expect(detect({ 'train.py': SKLEARN, 'tests/old.py': 'print "x"\n', 'notes.py': 'x = = 1\n' }).entry).toBe(
    'train.py',
  )
})
