import { describe, expect, test } from 'vitest'
import { analyse } from '../../../src/python/analyse.ts'
import { failureOf, python, repository } from '../python.ts'

type Hints = Parameters<typeof analyse>[2]
const run = (files: Record<string, string>, hints: Hints = {}) => analyse(python, repository(files), hints)
const failure = (text: string, hints: Hints = {}) => failureOf(() => run({ 'train.py': text }, hints))

const IMPORTS =
  'from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n'
const MISSPELT = `${IMPORTS}from sklearn.neural_network import MLPClasifier\n`
const PIPELINE = `${MISSPELT}model = make_pipeline(StandardScaler(), MLPClasifier(max_iter=9))\nmodel.fit(X, y)\n`
const UNKNOWN = 'import sklearn\nfrom homemade import Oracle\nmodel = Oracle()\nmodel.fit(X, y)\n'

describe('a misspelt estimator', () => {
  test.each([
    ['in a pipeline', PIPELINE],
    ['alone', `${MISSPELT}MLPClasifier().fit(X, y)\n`],
    [
      'that is scored',
      `${MISSPELT}from sklearn.model_selection import cross_val_score\ncross_val_score(MLPClasifier(), X, y)\n`,
    ],
  ])('%s is named with its line and the name that is likely meant', (_, text) => {
    expect(failure(text)).toMatchObject({
      kind: 'user',
      code: 'estimator-unknown',
      message: 'Hone knows no MLPClasifier in sklearn.neural_network: did you mean MLPClassifier?',
      file: 'train.py',
      line: 3,
    })
  })

  test('of a module that is imported whole is named where it is used', () => {
    const found = failure('from sklearn import svm\n\nmodel = svm.SCV(C=1)\nmodel.fit(X, y)\n')
    expect(found.message).toBe('Hone knows no SCV in sklearn.svm: did you mean SVC?')
    expect(found.line).toBe(3)
  })

  test('in a file that the script imports is named there', () => {
    const files = { 'train.py': 'from model import model\nmodel.fit(X, y)\n', 'model.py': `${PIPELINE}` }
    expect(failureOf(() => run(files, { entry: 'train.py' }))).toMatchObject({ file: 'model.py', line: 3 })
  })

  test('is the same error where hone.yaml names the script', () => {
    expect(failure(PIPELINE, { entry: 'train.py' })).toEqual(failure(PIPELINE))
  })

  test('trains where the remedy is followed for a name that is right after all', () => {
    const { remedy } = failure(PIPELINE)
    expect(remedy).toContain('`entry: train.py` and `framework: scikit-learn`')
    const found = run({ 'train.py': PIPELINE }, { entry: 'train.py', framework: 'scikit-learn' })
    expect(found).toMatchObject({ entry: 'train.py', framework: 'scikit-learn' })
  })

  test('beside a model that is known stops nothing', () => {
    const text = `${PIPELINE}from sklearn.svm import SVC\nSVC().fit(X, y)\n`
    expect(run({ 'train.py': text }).framework).toBe('scikit-learn')
  })
})

describe('an estimator of a name that is like no other', () => {
  const SEEN = 'train.py:4 calls fit() of Oracle, which Hone does not know.'

  test('is told with its line, with or without `entry:`', () => {
    for (const hints of [{}, { entry: 'train.py' }]) {
      const found = failure(UNKNOWN, hints)
      expect(found.code).toBe('no-training-found')
      expect(found.message.endsWith(SEEN)).toBe(true)
      expect(found.remedy).toContain('write `entry: train.py` and its framework as `framework:`')
    }
  })

  test('of an unknown library only', () => {
    const found = failure('from homemade import Oracle\n\nmodel = Oracle()\nmodel.fit(X, y)\n')
    expect(found.message).toMatch(/^No script trains a model: .* in train\.py\. /)
    expect(found.message.endsWith(SEEN)).toBe(true)
  })

  test('of a known library has no near name', () => {
    const found = failure('from sklearn.svm import Xyzzyplugh\n\nmodel = Xyzzyplugh()\nmodel.fit(X, y)\n')
    expect(found.code).toBe('no-training-found')
    expect(found.message).toContain('train.py:4 calls fit() of Xyzzyplugh, which')
  })
})

test('what only prepares data is no cause', () => {
  const text = 'from sklearn.preprocessing import StandardScaller\nStandardScaller().fit(X)\n'
  expect(failure(text).message).not.toContain('StandardScaller')
})

test('a script that hone.yaml names is not to be named again', () => {
  const { remedy, message } = failure('print("hello")\n', { entry: 'train.py' })
  expect(message).toBe('train.py trains no model with a framework that Hone knows.')
  expect(remedy).toBe(
    'Correct `entry:` in hone.yaml if another script trains, or name the framework with `framework:`.',
  )
})
