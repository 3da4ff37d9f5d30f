import { describe, expect, test } from 'vitest'
import { chooseEntry } from '../../../src/python/detect/entry.ts'
import { openProject } from '../../../src/python/project.ts'
import { failureOf, python, repository } from '../python.ts'

const choose = (files: Record<string, string>, entry?: string) =>
  chooseEntry(openProject(python, repository(files)), entry === undefined ? {} : { entry })
const chosen = (files: Record<string, string>, entry?: string) => choose(files, entry).path
const failure = (files: Record<string, string>, entry?: string) => failureOf(() => choose(files, entry))

const SVM = 'from sklearn.svm import SVC\nSVC(C=1).fit(X, y)\n'
const TORCH = 'import torch\nloss = torch.nn.MSELoss()(a, b)\nloss.backward()\n'
const FUNCTION = 'import torch\ndef train(model):\n    loss = model(x)\n    loss.backward()\n'
const GUARDED = `${FUNCTION}if __name__ == '__main__':\n    train(torch.nn.Linear(2, 1))\n`
const BROKEN = 'import torch\nx = = 1\nloss.backward()\n'
const PYTHON_2 = `import torch\nprint "epoch"\nloss.backward()\n`
const notebook = (...cells: string[]) =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map((source) => ({ cell_type: 'code', metadata: {}, outputs: [], source })),
  })
const read = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`

describe('hone.yaml', () => {
  test('decides', () => {
    expect(
      choose({ 'train.py': SVM, 'b.py': SVM, 'hone.yaml': 'target: 1\nentry: ./b.py\n' }, './b.py'),
    ).toEqual({
      path: 'b.py',
      args: [],
      evidence: [{ file: 'hone.yaml', line: 2, text: 'entry: ./b.py', why: 'names the script to run' }],
    })
  })

  test('may name a notebook, a test, what does not train', () => {
    expect(chosen({ 'train.py': SVM, 'a.ipynb': notebook(SVM) }, 'a.ipynb')).toBe('a.ipynb')
    expect(chosen({ 'train.py': SVM, 'tests/test_a.py': SVM }, 'tests\\test_a.py')).toBe('tests/test_a.py')
    expect(chosen({ 'train.py': SVM, 'a.py': 'x = 1\n' }, 'a.py')).toBe('a.py')
  })

  test.each(['train.py', '../train.py', 'src', 'run.sh', ''])('names %j, which is not there', (entry) => {
    const found = failure({ 'src/train.py': SVM, 'run.sh': 'python src/train.py' }, entry)
    expect(found).toMatchObject({ kind: 'user', code: 'entry-missing', file: 'hone.yaml' })
    expect(found.remedy).toContain('src/train.py')
  })
})

describe('what the repository says', () => {
  test.each([
    ['the README', { 'README.md': read('python b.py --lr 0.1') }],
    ['the Makefile', { Makefile: 'train:\n\tpython b.py\n', 'README.md': read('python a.py') }],
    ['the Dockerfile', { Dockerfile: 'CMD ["python", "b.py"]\n' }],
    ['a script', { 'train.sh': 'python b.py\n' }],
  ])('%s counts before names', (_, files) => {
    expect(choose({ 'train.py': SVM, 'a.py': SVM, 'b.py': SVM, ...files })).toMatchObject({
      path: 'b.py',
      args: [],
    })
  })

  test('is shown', () => {
    expect(choose({ 'a.py': SVM, 'b.py': SVM, 'README.md': read('python b.py') }).evidence).toEqual([
      { file: 'README.md', line: 2, text: 'python b.py', why: 'the README says to run it' },
    ])
  })

  test('the first that trains, itself or through what it imports', () => {
    const files = {
      'README.md': read('python prepare.py\npython go.py\npython other.py'),
      'prepare.py': 'import numpy as np\nnp.save("x", np.zeros(3))\n',
      'go.py': 'from net import train\ntrain(None)\n',
      'net.py': FUNCTION,
      'other.py': TORCH,
    }
    expect(chosen(files)).toBe('go.py')
  })

  test('what uses a model is no training, though its modules could train', () => {
    const files = {
      'README.md': read('python show.py\npython go.py'),
      'show.py': 'import net\nprint(net.load())\n',
      'go.py': 'from net import train\ntrain(None)\n',
      'net.py': `${FUNCTION}def load():\n    return 1\n`,
    }
    expect(chosen(files)).toBe('go.py')
  })

  test.each(['python evaluate.py', 'python b.py --mode test', 'python tests/test_b.py'])(
    '%s is none',
    (command) => {
      const files = { 'train.py': SVM, 'b.py': SVM, 'evaluate.py': SVM, 'tests/test_b.py': SVM }
      expect(chosen({ ...files, 'README.md': read(command) })).toBe('train.py')
    },
  )

  test('a file that is not there, or does not train, is looked past', () => {
    const files = { 'train.py': SVM, 'b.py': 'print(1)\n', 'README.md': read('python gone.py\npython b.py') }
    expect(chosen(files)).toBe('train.py')
  })

  test('a notebook that is opened comes after a script that is run', () => {
    const files = { 'a.ipynb': notebook(SVM), 'b.py': SVM }
    expect(chosen({ ...files, 'README.md': read('jupyter lab a.ipynb\npython b.py') })).toBe('b.py')
    expect(chosen({ ...files, 'README.md': 'Run a.ipynb\n' })).toBe('a.ipynb')
  })
})

test.each([
  ['a well-known name', { 'train.py': SVM, 'other.py': SVM }, 'train.py'],
  ['train.py before main.py', { 'main.py': SVM, 'train.py': SVM }, 'train.py'],
  ['a name that says train', { 'svm.py': SVM, 'train_svm.py': SVM }, 'train_svm.py'],
  ['whatever the case', { 'svm.py': SVM, 'TrainModel.py': SVM }, 'TrainModel.py'],
  ['the root before a folder', { 'exp/train.py': SVM, 'train.py': SVM }, 'train.py'],
  ['what is in use before what is kept', { 'old/train.py': SVM, 'svm.py': SVM }, 'svm.py'],
  ['what runs before functions', { 'train.py': FUNCTION, 'net.py': GUARDED }, 'net.py'],
  ['what trains', { 'train.py': 'x = 1\n', 'digits.py': SVM }, 'digits.py'],
  ['no test', { 'test_model.py': SVM, 'tests/run.py': SVM, 'digits.py': SVM }, 'digits.py'],
  ['no setup', { 'setup.py': SVM, 'conftest.py': SVM, 'digits.py': SVM }, 'digits.py'],
  [
    'no evaluation, no service',
    { 'evaluate.py': SVM, 'app.py': `import flask\n${SVM}`, 'digits.py': SVM },
    'digits.py',
  ],
  ['no picture of a training', { 'plot_train.py': SVM, 'svm.py': SVM }, 'svm.py'],
  ['no search by hand', { 'tune_svm.py': SVM, 'svm.py': SVM }, 'svm.py'],
  [
    'no preparation',
    {
      'main.py': 'from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(X)\n',
      'svm.py': SVM,
    },
    'svm.py',
  ],
  [
    'the script, not its part',
    { 'main.py': 'import train\ntrain.go()\n', 'train.py': `def go():\n    pass\n${SVM}` },
    'main.py',
  ],
  [
    'the script, not its module',
    { 'dogs.py': 'from cats import train\ntrain(1)\n', 'cats.py': GUARDED },
    'dogs.py',
  ],
  [
    'the training, not the evaluation that imports it',
    { 'evaluate.py': 'from train import m\nprint(m.score(X, y))\n', 'train.py': SVM },
    'train.py',
  ],
  [
    'the training, not what only uses it',
    {
      'main.py': 'from net import load\nload()\n',
      'net.py': `${FUNCTION}def load(): pass\n`,
      'fit_net.py': 'import net\nnet.train(1)\n',
    },
    'fit_net.py',
  ],
  ['no library of a virtual environment', { 'venv/lib/train.py': SVM, 'x.py': SVM }, 'x.py'],
  [
    'the plain one of variants',
    { 'dqn.py': GUARDED, 'dqn_batch.py': GUARDED, 'dqn_2.py': GUARDED },
    'dqn.py',
  ],
  [
    'what chooses its model by name',
    {
      'main.py': 'import agents\nif __name__ == "__main__":\n    getattr(agents, cfg.name)().run()\n',
      'agents.py': 'import torch\nclass A:\n    def run(self):\n        loss.backward()\n',
      'demos/mnist.py': TORCH,
    },
    'main.py',
  ],
  [
    'what a package loads by listing its folder',
    {
      'main.py': 'from agents import *\nif __name__ == "__main__":\n    globals()[cfg.name]().run()\n',
      'agents/__init__.py': 'import os\n__all__ = [f[:-3] for f in os.listdir(".")]\n',
      'agents/a.py': 'import torch\nclass A:\n    def run(self):\n        loss.backward()\n',
    },
    'main.py',
  ],
])('prefers %s', (_, files, entry) => {
  expect(chosen(files)).toBe(entry)
})

describe('notebooks', () => {
  test.each([
    ['one alone', { 'Untitled.ipynb': notebook(SVM) }, 'Untitled.ipynb'],
    ['no script', { 'Train.ipynb': notebook(SVM), 'svm.py': SVM }, 'svm.py'],
    [
      'functions for it',
      { 'a.ipynb': notebook('from net import train', 'train(1)'), 'net.py': FUNCTION },
      'a.ipynb',
    ],
    [
      'a better name',
      { 'eda.ipynb': notebook(SVM), 'final.ipynb': notebook(SVM), 'x.ipynb': notebook(SVM) },
      'final.ipynb',
    ],
    [
      'the last of those that train',
      {
        '1_data.ipynb': notebook('x = 1'),
        '2_a.ipynb': notebook(SVM),
        '03_b.ipynb': notebook(SVM),
        '4_c.ipynb': notebook('import torch'),
      },
      '03_b.ipynb',
    ],
    ['a test is no better', { 'a.ipynb': notebook(SVM), 'evaluate.py': SVM }, 'a.ipynb'],
  ])('%s', (_, files, entry) => {
    expect(chosen(files)).toBe(entry)
  })

  test('of several none says that it is meant', () => {
    expect(failure({ 'a.ipynb': notebook(SVM), 'b.ipynb': notebook(SVM) }).code).toBe('ambiguous-entry')
  })

  test('evidence is a line of the file', () => {
    const text = JSON.stringify(JSON.parse(notebook('x = 1', SVM)), null, 1)
    const [evidence] = choose({ 'a.ipynb': text }).evidence
    expect(evidence).toMatchObject({
      file: 'a.ipynb',
      text: 'SVC(C=1).fit(X, y)',
      why: 'is the only notebook that trains',
    })
    expect(text.split('\n')[(evidence?.line ?? 0) - 1]).toContain('SVC(C=1).fit')
  })
})

test('says why it is better than the next', () => {
  expect(choose({ 'train.py': SVM, 'svm.py': SVM }).evidence).toEqual([
    { file: 'train.py', line: 2, text: 'SVC(C=1).fit(X, y)', why: 'has the name of a script that trains' },
    { file: 'svm.py', line: 2, text: 'SVC(C=1).fit(X, y)', why: 'trains too, but has a less telling name' },
  ])
  expect(choose({ 'main.py': 'import net\nnet.train(1)\n', 'net.py': GUARDED }).evidence).toContainEqual({
    file: 'net.py',
    line: 4,
    text: 'loss.backward()',
    why: 'trains too, but main.py makes use of it',
  })
})

describe('several that are equal', () => {
  test('are named, with the line for hone.yaml', () => {
    const found = failure({ 'svm.py': SVM, 'net.py': TORCH })
    expect(found).toMatchObject({ kind: 'user', code: 'ambiguous-entry' })
    expect(found.message).toBe('net.py and svm.py both train a model, and nothing says which one is meant.')
    expect(found.remedy).toContain('entry: net.py')
  })

  test('many are cut', () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`m${index}.py`, SVM]))
    expect(failure(files).message).toMatch(/^m0\.py, m1\.py, m2\.py, m3\.py, m4\.py and 4 more all train/)
  })

  test('trainings side by side in folders of their own, though one has the best name', () => {
    const files = Object.fromEntries(
      ['gan', 'vae', 'rnn'].map((name) => [`examples/${name}/main.py`, GUARDED]),
    )
    const found = failure({ ...files, 'examples/cnn/train.py': GUARDED })
    expect(found.code).toBe('ambiguous-entry')
    expect(found.message).toContain('examples/cnn/train.py')
    expect(chosen({ ...files, 'train.py': GUARDED })).toBe('train.py')
  })
})

describe('bad input', () => {
  test('no Python file', () => {
    expect(failure({ 'README.md': '# hi' })).toMatchObject({ kind: 'user', code: 'no-python' })
    expect(failure({})).toMatchObject({ code: 'no-python' })
  })

  test('no training', () => {
    const found = failure({ 'hello.py': 'print("fit")\n', 'prep.py': 'import torch\n' })
    expect(found).toMatchObject({ kind: 'user', code: 'no-training-found' })
    expect(found.message).toContain('hello.py')
    expect(found.remedy).toContain('entry:')
    expect(failure({ 'tests/test_a.py': SVM }).code).toBe('no-training-found')
  })

  test.each([
    ['only a broken file', { 'train.py': BROKEN }, 'syntax-error', 'train.py'],
    ['the better name is broken', { 'train.py': BROKEN, 'other.py': SVM }, 'syntax-error', 'train.py'],
    [
      'what the README runs is broken',
      { 'a.py': BROKEN, 'main.py': SVM, 'README.md': read('python a.py') },
      'syntax-error',
      'a.py',
    ],
    [
      'its module is broken',
      { 'main.py': 'import net\nnet.train()\n', 'net.py': `${FUNCTION}x = = 1\n` },
      'syntax-error',
      'net.py',
    ],
    ['Python 2 only', { 'train.py': PYTHON_2, 'b.py': PYTHON_2 }, 'python-2', 'train.py'],
    ['broken, and nothing trains', { 'a.py': 'x = = 1\n' }, 'syntax-error', 'a.py'],
    ['a broken notebook', { 'train.ipynb': '{"cells": [' }, 'notebook-broken', 'train.ipynb'],
  ])('%s', (_, files, code, file) => {
    expect(failure(files)).toMatchObject({ kind: 'user', code, file })
  })

  test('a broken file that has nothing to do with it', () => {
    expect(
      chosen({ 'train.py': SVM, 'tests/old.py': PYTHON_2, 'notes.py': 'x = = 1\n', 'z.py': BROKEN }),
    ).toBe('train.py')
  })

  test('modules that import each other', () => {
    const files = { 'train.py': `import a\n${SVM}`, 'a.py': 'import b\n', 'b.py': 'import a\nimport train\n' }
    expect(chosen(files)).toBe('train.py')
  })

  test('a README of one long line', () => {
    const files = { 'train.py': SVM, 'README.md': `python ${'a '.repeat(50_000)}\`${'`'.repeat(5000)}` }
    expect(chosen(files)).toBe('train.py')
  })

  test('reads few of 2,000 files', () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [
        `lib/part${index}.py`,
        `import os\ndef f${index}(x):\n    return x + 1\n`,
      ]),
    )
    const project = openProject(python, repository({ ...files, 'lib/go.py': SVM }))
    const read: string[] = []
    const module = project.module
    project.module = (path) => {
      read.push(path)
      return module(path)
    }
    expect(chooseEntry(project, {}).path).toBe('lib/go.py')
    expect(new Set(read)).toEqual(new Set(['lib/go.py']))
  })
})

describe('of several that are equal', () => {
  test('the one that the README names first is taken, and the line shown', () => {
    const files = {
      'ddqn.py': SVM,
      'dqn.py': SVM,
      'README.md': '# A\nThe code of `dqn.py` is short, see `ddqn.py`.\n',
    }
    expect(choose(files)).toMatchObject({ path: 'dqn.py' })
    expect(choose(files).evidence.at(-1)).toMatchObject({ file: 'README.md', line: 2 })
  })

  test('the last step of a numbered sequence', () => {
    const steps = { '01_clean.py': 'x = 1\n', '02_svm.py': SVM, '03_net.py': TORCH }
    expect(chosen(steps)).toBe('03_net.py')
    expect(failure({ '02_svm.py': SVM, '03_net.py': TORCH }).code).toBe('ambiguous-entry')
  })

  test('a notebook that is only turned into a script is not run', () => {
    const readme = read('jupyter nbconvert --to=script a.ipynb')
    expect(chosen({ 'a.ipynb': notebook(SVM), 'train.py': SVM, 'README.md': readme })).toBe('train.py')
  })
})
