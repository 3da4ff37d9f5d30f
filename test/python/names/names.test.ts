import { describe, expect, test } from 'vitest'
import { reachableIn } from '../../../src/python/names/reachable.ts'
import { calledName } from '../../../src/python/syntax/walk.ts'
import { namesOf } from '../python.ts'

/** Canonical name of what the last call of this last name in the entry calls. */
function callee(files: string | Record<string, string>, name: string): string | null | undefined {
  const names = namesOf(files)
  const site = names.modules[0]?.calls.findLast(({ call }) => calledName(call) === name)
  return site && names.calleeOf(site)
}

describe('names one function in one spelling', () => {
  test.each([
    ['import torch.nn as nn\nnn.Linear(1, 2)', 'Linear', 'torch.nn.Linear'],
    ['from torch import nn\nnn.Linear(1, 2)', 'Linear', 'torch.nn.Linear'],
    ['from torch.nn import Linear as L\nL(1, 2)', 'L', 'torch.nn.Linear'],
    ['import tensorflow as tf\ntf.keras.layers.Dense(1)', 'Dense', 'keras.layers.Dense'],
    ['from keras.layers.core import Dense\nDense(1)', 'Dense', 'keras.layers.Dense'],
    ['from keras.layers import *\nDense(1)', 'Dense', 'keras.layers.Dense'],
    ['import keras\nlayers = keras.layers\nlayers.Dense(1)', 'Dense', 'keras.layers.Dense'],
    ['from keras.models import Sequential\nSequential()', 'Sequential', 'keras.Sequential'],
    [
      'from sklearn.ensemble.forest import RandomForestClassifier as R\nR()',
      'R',
      'sklearn.ensemble.RandomForestClassifier',
    ],
    [
      'from sklearn.cross_validation import train_test_split\ntrain_test_split(x)',
      'train_test_split',
      'sklearn.model_selection.train_test_split',
    ],
    ['import pytorch_lightning as pl\npl.Trainer()', 'Trainer', 'lightning.Trainer'],
    ['from xgboost.sklearn import XGBClassifier\nXGBClassifier()', 'XGBClassifier', 'xgboost.XGBClassifier'],
    ['import importlib\nxgb = importlib.import_module("xgboost")\nxgb.train(p, d)', 'train', 'xgboost.train'],
    [
      'try:\n    from keras import layers\nexcept ImportError:\n    from tensorflow.keras import layers\nlayers.Dense(1)',
      'Dense',
      'keras.layers.Dense',
    ],
    ['def f():\n    from sklearn.svm import SVC\n    SVC()\n', 'SVC', 'sklearn.svm.SVC'],
  ])('%s', (text, name, expected) => {
    expect(callee(`${text}\n`, name)).toBe(expected)
  })
})

describe('knows what made an object', () => {
  test.each([
    ['from sklearn.svm import SVC\nm = SVC()\nm.fit(x)', 'sklearn.svm.SVC.fit'],
    ['from sklearn.svm import SVC\nSVC().fit(x)', 'sklearn.svm.SVC.fit'],
    [
      'from keras.models import Sequential\ndef make():\n    m = Sequential()\n    return m\nm = make()\nm.fit(x)',
      'keras.Model.fit',
    ],
    ['import keras\nclass Net(keras.Model):\n    pass\nn = Net()\nn.fit(x)', 'keras.Model.fit'],
    ['from sklearn.svm import SVC\ndef run(model):\n    model.fit(x)\nrun(SVC())', 'sklearn.svm.SVC.fit'],
    [
      'from sklearn.svm import SVC\nclass T:\n    def __init__(self):\n        self.m = SVC()\n    def go(self):\n        self.m.fit(x)',
      'sklearn.svm.SVC.fit',
    ],
    ['from sklearn.svm import SVC\nfor m in [SVC(), 1]:\n    m.fit(x)', 'sklearn.svm.SVC.fit'],
    ['mystery().fit(x)', '*.fit'],
  ])('%s', (text, expected) => {
    expect(callee(`${text}\n`, 'fit')).toBe(expected)
  })
})

test('follows names through the repository, packages, relative imports and stars', () => {
  const files = {
    'train.py': 'from lib import make\nfrom lib.nets import *\nm = make()\nm.fit(x)\nhead(1)\n',
    'lib/__init__.py': 'from .nets import make\n',
    'lib/nets.py':
      'from sklearn.svm import SVC\nfrom torch.nn import Linear as head\ndef make():\n    return SVC()\n',
  }
  expect(callee(files, 'fit')).toBe('sklearn.svm.SVC.fit')
  expect(callee(files, 'head')).toBe('torch.nn.Linear')
})

test('an own module hides a library of its name', () => {
  expect(
    callee({ 'train.py': 'import keras\nkeras.go()\n', 'keras.py': 'def go(): pass\n' }, 'go'),
  ).toBeNull()
})

test('names that lead back to themselves end', () => {
  expect(callee('a = b\nb = a\na.fit(x)\n', 'fit')).toBe('*.fit')
  expect(callee('def f():\n    return f()\nm = f()\nm.fit(x)\n', 'fit')).toBe('*.fit')
  const files = { 'a.py': 'from b import x\nx.fit()\n', 'b.py': 'from a import x\n' }
  expect(callee(files, 'fit')).toBe('*.fit')
})

test('what nothing refers to is not reachable; decorated functions and methods of used classes are', () => {
  const names = namesOf({
    'train.py': [
      'from nets import Used',
      'def dead():\n    one()',
      'def live():\n    two()',
      '@app.command\ndef command():\n    three()',
      'if __name__ == "__main__":\n    live()\n    Used()\n',
    ].join('\n'),
    'nets.py': [
      'class Used:\n    def forward(self):\n        four()',
      'class Unused:\n    def forward(self):\n        five()',
      'if __name__ == "__main__":\n    six()\n',
    ].join('\n'),
  })
  const reachable = reachableIn(names)
  const called = names.modules.flatMap((module) =>
    module.calls.filter(reachable).map(({ call }) => calledName(call)),
  )
  expect(called.filter((name) => /^(one|two|three|four|five|six)$/.test(name)).sort()).toEqual([
    'four',
    'three',
    'two',
  ])
})

test('where nothing is called, all that the entry defines is reachable', () => {
  const names = namesOf('def train():\n    one()\nclass Net:\n    def forward(self):\n        two()\n')
  const reachable = reachableIn(names)
  const called = names.modules.flatMap((module) =>
    module.calls.filter(reachable).map(({ call }) => calledName(call)),
  )
  expect(called).toEqual(['one', 'two'])
})
