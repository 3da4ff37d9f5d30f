import { describe, expect, test } from 'vitest'
import { applyHints } from '../../src/domain/apply-hints.ts'
import type { Hyperparameter, LeftAlone } from '../../src/domain/detection.ts'
import { HoneError } from '../../src/domain/failure.ts'
import { parseHoneYaml } from '../../src/domain/hone-yaml.ts'
import { aHyperparameter } from '../helpers/detections.ts'

const lr = aHyperparameter('lr', 0.1, { type: 'float', low: 1e-4, high: 0.1, log: true })
const batch = aHyperparameter('batch_size', 64, { type: 'int', low: 16, high: 512, log: true })
const optimiser = aHyperparameter('optimizer', 'sgd', { type: 'categorical', choices: ['sgd', 'adam'] })
const momentum = aHyperparameter(
  'momentum',
  0.9,
  { type: 'float', low: 0.1, high: 0.99, log: false },
  { condition: { name: 'optimizer', values: ['sgd'] } },
)
const shuffle = aHyperparameter('shuffle', true, { type: 'categorical', choices: [true, false] })
const blocks = aHyperparameter(
  'conv_blocks',
  2,
  { type: 'int', low: 1, high: 3, log: false },
  { variants: { 1: [], 3: [] } },
)
const layers = aHyperparameter('layers', 2, { type: 'categorical', choices: [1, 2, 4] })
const ALL = [lr, batch, optimiser, momentum, shuffle, blocks, layers]
const KEPT: LeftAlone[] = [
  { name: 'test_size', file: 'train.py', line: 9, text: '0.2', reason: 'the share that is held out' },
]

const apply = (lines: string, all: Hyperparameter[] = ALL) =>
  applyHints(all, KEPT, parseHoneYaml(`hyperparameters:\n${lines}`).hyperparameters)
const named = (found: { hyperparameters: Hyperparameter[] }, name: string) =>
  found.hyperparameters.find((parameter) => parameter.name === name)

function failure(lines: string, all: Hyperparameter[] = ALL) {
  try {
    apply(lines, all)
  } catch (error) {
    if (error instanceof HoneError) return error.failure
  }
  throw new Error('expected a HoneError')
}

test('without hints all stays as it was found', () => {
  expect(applyHints(ALL, KEPT)).toEqual({ hyperparameters: ALL, leftAlone: KEPT, fixed: {} })
})

test('what is excluded is left alone, and says why', () => {
  const found = apply('  lr: exclude\n')
  expect(named(found, 'lr')).toBeUndefined()
  expect(found.leftAlone.at(-1)).toEqual({
    name: 'lr',
    file: 'train.py',
    line: 1,
    text: '0.1',
    reason: 'hone.yaml excludes it',
  })
})

test('what is left alone anyway may be excluded, and not changed', () => {
  expect(apply('  test_size: exclude\n').leftAlone).toEqual(KEPT)
  expect(failure('  test_size: 0.1\n')).toMatchObject({
    line: 2,
    message: expect.stringContaining('the share that is held out (train.py:9)'),
  })
})

describe('a fixed value', () => {
  test('of the source itself is left alone', () => {
    const found = apply('  batch_size: 64\n  shuffle: true\n')
    expect(found.fixed).toEqual({ batch_size: 64, shuffle: true })
    expect(found.leftAlone.slice(1)).toMatchObject([
      { name: 'batch_size', reason: 'hone.yaml fixes it to 64' },
      { name: 'shuffle', reason: 'hone.yaml fixes it to True' },
    ])
  })

  test('of its own is the only choice, from trial 1 on', () => {
    const found = apply('  lr: 0.05\n')
    expect(found.fixed).toEqual({ lr: 0.05 })
    expect(named(found, 'lr')).toMatchObject({
      value: 0.1,
      distribution: { type: 'categorical', choices: [0.05] },
      source: 'hone.yaml, line 2; your own 0.1 is tried in trial 0 only',
    })
  })

  test.each([
    ['  lr: high\n', "`lr` is 0.1 in the source, and 'high' cannot take its place"],
    ['  shuffle: 1\n', '`shuffle` is True in the source'],
    ['  batch_size: 0.5\n', '`batch_size` is a whole number in the source, and 0.5 is none'],
    ['  conv_blocks: 7\n', '`conv_blocks` cannot become 7; possible are 1, 2, 3'],
  ])('%j cannot stand there', (lines, message) => {
    expect(failure(lines)).toMatchObject({ code: 'hone-yaml', file: 'hone.yaml', line: 2 })
    expect(failure(lines).message).toContain(message)
  })
})

describe('bounds', () => {
  test('take the place of the prior, and keep its scale', () => {
    expect(named(apply('  lr: {low: 0.01, high: 0.5}\n'), 'lr')).toMatchObject({
      distribution: { type: 'float', low: 0.01, high: 0.5, log: true },
      source: 'hone.yaml, line 2',
    })
    expect(named(apply('  batch_size: {low: 8, high: 128}\n'), 'batch_size')?.distribution).toEqual({
      type: 'int',
      low: 8,
      high: 128,
      log: true,
    })
    expect(named(apply('  lr: {low: 0.01, high: 0.5, log: false}\n'), 'lr')?.distribution).toMatchObject({
      log: false,
    })
  })

  test.each([
    ['  batch_size: {low: 0, high: 8}\n', '`batch_size` cannot be 0: it has to be more than 0'],
    ['  batch_size: -4\n', '`batch_size` cannot be -4: it has to be more than 0'],
    ['  layers: 2.5\n', '`layers` is a whole number in the source'],
    ['  momentum: {choices: [0.5, 1.0]}\n', '`momentum` cannot be 1: it has to be less than 1'],
  ])('hold nothing that makes no sense: %s', (lines, message) => {
    expect(failure(lines)).toMatchObject({ code: 'hone-yaml', line: 2 })
    expect(failure(lines).message).toContain(message)
  })

  test("may leave the source's own value out, and then say so", () => {
    const found = named(apply('  lr: {low: 0.001, high: 0.01}\n'), 'lr')
    expect(found?.source).toBe('hone.yaml, line 2; your own 0.1 is tried in trial 0 only')
  })

  test('of a number of layers are numbers that the source can be given', () => {
    expect(named(apply('  conv_blocks: {low: 2, high: 3}\n'), 'conv_blocks')?.distribution).toMatchObject({
      low: 2,
      high: 3,
    })
    expect(failure('  conv_blocks: {low: 2, high: 9}\n').message).toContain('cannot become 4')
  })

  test.each([
    ['  optimizer: {low: 1, high: 2}\n', /'sgd', which has no range/],
    ['  batch_size: {low: 0.5, high: 2}\n', /whole number/],
    ['  conv_blocks: {low: 1, high: 2, type: float}\n', /whole number/],
  ])('%j are refused', (lines, message) => {
    expect(failure(lines).message).toMatch(message)
  })

  test('may say that a whole number is none', () => {
    const found = named(apply('  batch_size: {low: 0.1, high: 1, type: float}\n'), 'batch_size')
    expect(found?.distribution).toMatchObject({ type: 'float', low: 0.1 })
  })
})

test('choices are values of the same type', () => {
  expect(named(apply('  optimizer: {choices: [adam, rmsprop]}\n'), 'optimizer')).toMatchObject({
    distribution: { type: 'categorical', choices: ['adam', 'rmsprop'] },
    source: expect.stringContaining("your own 'sgd'"),
  })
  expect(failure('  lr: {choices: [0.1, big]}\n').message).toContain("'big' cannot take its place")
})

describe('a tie', () => {
  const first = aHyperparameter('hidden1', 128, { type: 'int', low: 16, high: 256, log: true })
  const second = { ...first, name: 'hidden2', line: 7, start: 90, end: 93 }
  const third = { ...first, name: 'hidden3', line: 8, start: 110, end: 113 }

  test("puts one hyperparameter's literals under another", () => {
    const found = apply('  hidden2: {tie: hidden1}\n  hidden3: {tie: hidden2}\n', [first, second, third])
    expect(found.hyperparameters).toMatchObject([
      {
        name: 'hidden1',
        ties: [
          { line: 7, start: 90, times: 1, why: 'hone.yaml, line 2, ties hidden2 to it' },
          { line: 8, start: 110, times: 1 },
        ],
      },
    ])
  })

  test('goes with what is said of the other', () => {
    const found = apply('  hidden2: {tie: hidden1}\n  hidden1: 256\n', [first, second])
    expect(found.hyperparameters).toMatchObject([{ name: 'hidden1', ties: [{ line: 7 }] }])
    expect(found.fixed).toEqual({ hidden1: 256 })
  })

  test('carries conditions over', () => {
    const other = { ...optimiser, name: 'second_optimizer' }
    const found = apply('  optimizer: {tie: second_optimizer}\n', [optimiser, other, momentum])
    expect(named(found, 'momentum')?.condition?.name).toBe('second_optimizer')
  })

  test.each([
    ['  hidden2: {tie: hidden2}\n', /tied to itself/],
    ['  hidden1: {tie: hidden2}\n  hidden2: {tie: hidden1}\n', /tied to itself/],
    ['  hidden2: {tie: hidden9}\n', /no hyperparameter is called `hidden9`/],
    ['  hidden2: {tie: hidden1}\n  hidden1: exclude\n', /which is excluded/],
    ['  hidden2: {tie: conv_blocks}\n', /number of layers/],
    ['  hidden2: {tie: batch_size}\n', /`hidden2` is 128 and `batch_size` is 64/],
  ])('%j is refused', (lines, message) => {
    expect(failure(lines, [first, second, ...ALL]).message).toMatch(message)
  })
})

describe('a condition', () => {
  test('that always holds is dropped', () => {
    expect(named(apply('  optimizer: exclude\n'), 'momentum')?.condition).toBeNull()
    expect(named(apply('  shuffle: exclude\n'), 'momentum')?.condition).not.toBeNull()
  })

  test('that never holds leaves its hyperparameter alone', () => {
    const found = apply('  optimizer: adam\n')
    expect(named(found, 'momentum')).toBeUndefined()
    expect(found.leftAlone.at(-1)).toMatchObject({
      name: 'momentum',
      reason: "it matters only while optimizer is 'sgd'",
    })
  })
})

test('an unknown name is refused with those that are near', () => {
  expect(failure('  batchsize: 3\n')).toMatchObject({
    line: 2,
    message: 'hone.yaml, line 2: no hyperparameter is called `batchsize`.',
    remedy: 'Did you mean `batch_size`?',
  })
  expect(failure('  colour: 3\n').remedy).toMatch(/^Those found are `lr`, `batch_size`/)
  expect(failure('  lr: 3\n', []).remedy).toBe('Hone found no hyperparameter in the source.')
  const twice = [
    { ...lr, name: 'lr@3' },
    { ...lr, name: 'lr@9' },
  ]
  expect(failure('  lr: 0.1\n', twice).remedy).toBe('Did you mean `lr@3`, `lr@9`?')
})
