import { afterEach, describe, expect, it } from 'vitest'
import { commitMessage } from '../../jobs/tweak.ts'
import type { FakeContext, FakeProgram } from '../../src/containers/fake-container.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'
import { aHyperparameter } from '../helpers/detections.ts'
import { git } from '../helpers/git.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const SCRIPT = `from sklearn.linear_model import SGDClassifier

alpha = 5.0
epochs = 10
model = SGDClassifier(alpha=alpha, max_iter=epochs).fit([[0], [1]], [0, 1])
`
const never: FakeProgram = () => ['Test accuracy: 0.4']

describe('hone.yaml', () => {
  it('bounds, fixes and excludes what was found', async () => {
    chain = await testChain(never)
    const yaml = 'hyperparameters:\n  alpha: {low: 0.2, high: 0.3}\n  epochs: 12\n'
    const run = await chain.ended(chain.push({ trials: 3 }, { 'train.py': SCRIPT, 'hone.yaml': yaml }))
    expect(run.detection).toMatchObject({
      image: { name: 'sklearn' },
      hyperparameters: [
        {
          name: 'alpha',
          distribution: { low: 0.2, high: 0.3 },
          source: expect.stringMatching(/^hone.yaml, line 2/),
        },
        { name: 'epochs', distribution: { choices: [12] } },
      ],
    })
    const [own, ...others] = chain.store.trials.ofRun(run.id)
    expect(own?.values).toEqual({ alpha: 5, epochs: 10 })
    for (const { values, diff } of others) {
      expect(values.alpha).toBeGreaterThanOrEqual(0.2)
      expect(values.alpha).toBeLessThanOrEqual(0.3)
      expect(diff).toContain('-epochs = 10\n')
      expect(diff).toContain('+epochs = 12\n')
    }
    expect(others).toHaveLength(2)
  })

  it('that names what is not there ends the run with file, line and what is', async () => {
    chain = await testChain(never)
    const yaml = 'hyperparameters:\n  alhpa: 1\n'
    const run = await chain.ended(chain.push({}, { 'train.py': SCRIPT, 'hone.yaml': yaml }))
    expect(run.conclusion?.failure).toMatchObject({
      ...{ kind: 'user', code: 'hone-yaml', file: 'hone.yaml', line: 2 },
      remedy: 'Did you mean `alpha`?',
    })
  })
})

describe('the metric', () => {
  it('that is a share ends the run before a training where its target is beyond it', async () => {
    chain = await testChain(never)
    const run = await chain.ended(chain.push({ target: 2000 }, { 'train.py': SCRIPT }))
    expect(run.conclusion?.failure).toMatchObject({
      ...{
        kind: 'user',
        code: 'bad-target',
        message: expect.stringContaining('accuracy is a share, not 2000'),
      },
      remedy: 'Set a share such as 0.95, or a percentage such as 95.',
    })
    expect(chain.store.trials.ofRun(run.id)).toEqual([])
  })

  const REGRESSION = `from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

alpha = 5.0
model = Ridge(alpha=alpha).fit([[0], [1]], [0.5, 1.5])
print('r2', r2_score([0.5, 1.5], model.predict([[0], [1]])))
`

  it('follows from the source where nobody sets one', async () => {
    chain = await testChain(() => ['r2: 0.9', 'accuracy: 0.1'])
    const run = await chain.ended(chain.push({}, REGRESSION))
    const settings = { metric: 'r2', direction: 'maximize', target: 0.8 }
    expect(run).toMatchObject({ state: 'succeeded', settings })
  })

  it('is the one that the project sets', async () => {
    chain = await testChain(() => ['mse: 0.2'])
    const run = await chain.ended(chain.push({ metric: 'mse', trials: 1 }, REGRESSION))
    expect(run.settings).toMatchObject({ metric: 'mse', direction: 'minimize', target: 0 })
    expect(run.state).toBe('exhausted')
  })
})

it('code for a version that there is no image of is refused before anything is trained', async () => {
  chain = await testChain(never)
  const old = `from keras.models import Sequential
from keras.layers import Convolution2D, Dense

model = Sequential()
model.add(Convolution2D(8, 3, 3, border_mode='same', input_shape=(8, 8, 1)))
model.add(Dense(2))
model.compile(loss='mse', optimizer='sgd')
model.fit([[0]], [0], nb_epoch=3)
`
  const run = await chain.ended(chain.push({}, old))
  expect(run.conclusion?.failure).toMatchObject({ kind: 'user', code: 'old-version', file: 'train.py' })
  expect(run.conclusion?.failure?.detail).toMatch(/train\.py:5: .*Convolution2D/)
})

describe('a notebook', () => {
  const cell = (...source: string[]) => ({
    ...{ cell_type: 'code', metadata: {}, outputs: [], execution_count: null },
    source: source.map((line, index) => (index < source.length - 1 ? `${line}\n` : line)),
  })
  const notebook = JSON.stringify(
    {
      cells: [
        cell('%matplotlib inline', 'from sklearn.linear_model import SGDClassifier'),
        cell('alpha = 5.0', 'model = SGDClassifier(alpha=alpha)'),
        cell('model.fit([[0], [1]], [0, 1])', 'display(model.score([[0], [1]], [0, 1]))'),
      ],
      metadata: { kernelspec: { language: 'python', name: 'python3' } },
      ...{ nbformat: 4, nbformat_minor: 5 },
    },
    null,
    1,
  )
  const scriptOf = ({ read }: FakeContext) => read('.hone-train.py') ?? ''

  it('is run as a script beside it, and rewritten as a notebook', async () => {
    const seen: string[] = []
    chain = await testChain((context) => {
      const script = scriptOf(context)
      seen.push(script)
      return [`Test accuracy: ${script.includes('alpha = 5.0') ? 0.4 : 0.95}`]
    })
    const run = await chain.ended(
      chain.push({ target: 0.9, confirm: 0 }, { 'notebooks/train.ipynb': notebook }),
    )
    expect(run).toMatchObject({ state: 'succeeded', detection: { entry: 'notebooks/train.ipynb' } })
    expect(seen).toHaveLength(2)
    const [, second] = chain.store.trials.ofRun(run.id)
    expect(seen[1]).toContain(`alpha = ${second?.values.alpha}`)
    const workspace = chain.paths.workspace(run.id)
    expect(git(workspace, 'diff', '--numstat', 'trial-0', 'trial-1')).toBe('1\t1\tnotebooks/train.ipynb')
    const changed = JSON.parse(git(workspace, 'show', 'trial-1:notebooks/train.ipynb'))
    expect(changed.cells).toHaveLength(3)
  })

  it('that fails is named with its own line', async () => {
    chain = await testChain(function* ({ exit }) {
      yield 'Traceback (most recent call last):'
      yield '  File "/workspace/notebooks/.hone-train.py", line 5, in <module>'
      yield "ModuleNotFoundError: No module named 'foo'"
      exit(1)
    })
    const run = await chain.ended(chain.push({}, { 'notebooks/train.ipynb': notebook }))
    const { file, line } = run.conclusion?.failure ?? {}
    expect(file).toBe('notebooks/train.ipynb')
    expect(notebook.split('\n')[(line ?? 0) - 1]).toContain('model.fit')
  })
})

describe('the message of a trial', () => {
  const float = { type: 'float', low: 0, high: 1, log: false } as const
  const all = [
    aHyperparameter('lr', 0.5, float),
    aHyperparameter('shuffle', true, { type: 'categorical', choices: [true, false] }),
    aHyperparameter('activation', 'relu', { type: 'categorical', choices: ['relu', 'tanh'] }),
  ]

  it('has old and new values as Python spells them, of what changed', async () => {
    chain = await testChain(never)
    expect(commitMessage(3, all, { lr: 0.5, shuffle: false, activation: 'tanh' })).toBe(
      'Trial 3: shuffle True -> False, activation relu -> tanh',
    )
  })

  it('has them in its body when they are many', async () => {
    chain = await testChain(never)
    const long = all.map((parameter) => ({ ...parameter, name: parameter.name.repeat(6) }))
    const values = Object.fromEntries(long.map(({ name, value }) => [name, value === true ? false : 'x']))
    expect(commitMessage(3, long, values)).toMatch(/^Trial 3\n\nlr.* 0\.5 -> x\n/)
  })
})
