import { describe, expect, it } from 'vitest'
import { HoneError } from '../../src/domain/failure.ts'
import { type ForbiddenHint, settleForbidden } from '../../src/domain/forbidden.ts'
import { parseHoneYaml } from '../../src/domain/hone-yaml.ts'
import { aHyperparameter } from '../helpers/detections.ts'

const kernel = aHyperparameter('kernel', 'rbf', { type: 'categorical', choices: ['rbf', 'linear'] })
const degree = aHyperparameter('degree', 3, { type: 'int', low: 2, high: 5, log: false })
const penalty = aHyperparameter('C', 1, { type: 'float', low: 0.1, high: 10, log: true })
const found = [kernel, degree, penalty]

const said = (...all: ForbiddenHint['values'][]): ForbiddenHint[] =>
  all.map((values, index) => ({ values, line: index + 1 }))

it('combinations of what is searched are kept', () => {
  const values = { kernel: 'linear', degree: 4 }
  expect(settleForbidden(said(values), found, found)).toEqual([values])
})

describe('of what is not searched', () => {
  it('the value it keeps counts as there', () => {
    expect(settleForbidden(said({ kernel: 'rbf', degree: 4 }), [degree], found)).toEqual([{ degree: 4 }])
  })

  it('another value can never come about', () => {
    expect(settleForbidden(said({ kernel: 'linear', degree: 4 }), [degree], found)).toEqual([])
  })

  it('one that hone.yaml fixes is the fixed one', () => {
    const fixed = { kernel: 'linear' }
    expect(settleForbidden(said({ kernel: 'linear', degree: 4 }), [degree], found, fixed)).toEqual([
      { degree: 4 },
    ])
  })
})

const failure = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('expected a HoneError')
}

it.each([
  [{}, /names no value/, /two values/],
  [{ colour: 'red' }, /no hyperparameter `colour`/, /The names are kernel, degree, C\./],
  [{ kernle: 'rbf' }, /no hyperparameter `kernle`/, /`kernel`/],
  [
    { kernel: 'poly', degree: 2 },
    /kernel is "poly" there, but is searched among "rbf", "linear"/,
    /Name one/,
  ],
  [{ kernel: 'rbf', degree: 9 }, /degree is 9 there, but is searched from 2 to 5/, /./],
  [{ kernel: 'rbf', C: 1 }, /C is 1 there.*range/, /\{ C: \{ choices/],
])('%j is refused, with its line', (values, message, remedy) => {
  const { code, line, file, ...words } = failure(() => settleForbidden(said(values as never), found, found))
  expect({ code, file, line }).toEqual({ code: 'hone-yaml', file: 'hone.yaml', line: 1 })
  expect(words.message).toMatch(message)
  expect(words.remedy).toMatch(remedy)
})

it('one that is all fixed is refused: nothing could be trained', () => {
  const { message } = failure(() => settleForbidden(said({ kernel: 'rbf' }), [degree], found))
  expect(message).toMatch(/not searched are all of it/)
})

it('is read from hone.yaml with its lines', () => {
  const text = 'trials: 5\nforbidden:\n  - { kernel: linear, degree: 4 }\n  - kernel: rbf\n    degree: 5\n'
  expect(parseHoneYaml(text).forbidden).toEqual([
    { values: { kernel: 'linear', degree: 4 }, line: 3 },
    { values: { kernel: 'rbf', degree: 5 }, line: 4 },
  ])
  expect(failure(() => parseHoneYaml('forbidden:\n  - { a: [1] }\n'))).toMatchObject({ line: 2 })
})
