import { describe, expect, it } from 'vitest'
import { readAssignments, valuesFor } from '../../src/cli/rewrite/values.ts'
import { failureOf } from '../python/python.ts'
import { parameter } from './detection.ts'

const SPACE = [
  parameter(),
  parameter({ name: 'batch_size', value: 64, distribution: { type: 'int', low: 8, high: 512, log: true } }),
  parameter({
    name: 'optimizer',
    value: 'Adam',
    distribution: { type: 'categorical', choices: ['Adam', 'SGD'] },
  }),
  parameter({ name: 'bias', value: true, distribution: { type: 'categorical', choices: [true, false] } }),
  parameter({ name: 'size', value: 3, distribution: { type: 'categorical', choices: [3, 5] } }),
  parameter({
    name: 'conv_blocks',
    value: 2,
    distribution: { type: 'int', low: 1, high: 5, log: false },
    variants: { 1: [], 3: [] },
  }),
]
const read = (...texts: string[]) => valuesFor(SPACE, readAssignments(texts))
const failure = (...texts: string[]) => failureOf(() => read(...texts))

describe('--set', () => {
  it('takes values of the type of each', () => {
    const texts = ['lr=1e-3', 'batch_size=128', 'optimizer=SGD', 'bias=False', 'size=5', 'conv_blocks=3']
    expect(read(...texts)).toEqual({
      lr: 1e-3,
      batch_size: 128,
      optimizer: 'SGD',
      bias: false,
      size: 5,
      conv_blocks: 3,
    })
    expect(read('lr = .05', 'batch_size=64', 'conv_blocks=2')).toEqual({
      lr: 0.05,
      batch_size: 64,
      conv_blocks: 2,
    })
  })

  it('takes the present value, also where it lies outside of the bounds', () => {
    const [own] = [parameter({ value: 3 })]
    expect(valuesFor([own], new Map([['lr', '3']]))).toEqual({ lr: 3 })
  })

  it('refuses a value outside of the bounds, shows them and says where they can be widened', () => {
    const { code, message, remedy, file, line } = failure('lr=5')
    expect({ code, file, line }).toEqual({ code: 'value-outside', file: 'train.py', line: 7 })
    expect(message).toContain('1e-5 … 0.1')
    expect(remedy).toContain('`lr: {low: 1e-5, high: 0.1}` under `hyperparameters:` in hone.yaml')
    expect(failure('optimizer=Lion').message).toContain('one of Adam, SGD')
    expect(failure('conv_blocks=5').message).toContain('allows 1, 2, 3')
  })

  it.each(['nan', 'inf', '1e999', 'many', '0x10', '1_0'])('refuses %s as a number', (text) => {
    expect(failure(`lr=${text}`).code).toBe('value-type')
  })

  it('refuses a part of a whole number', () => {
    expect(failure('batch_size=12.5')).toMatchObject({ code: 'value-type' })
    expect(failure('batch_size=0').code).toBe('value-outside')
  })

  it.each([
    ['lr', ['LEARNING_RATE', 'EPOCHS'], 'Did you mean `LEARNING_RATE`?'],
    ['learning_rate', ['epochs', 'LR@31', 'LR@40'], 'Did you mean `LR@31` or `LR@40`?'],
    ['Batch_Size', ['BATCH_SIZE'], 'Did you mean `BATCH_SIZE`?'],
    ['bs', ['batch_size', 'bias'], 'Did you mean `batch_size`?'],
    ['epochs', ['N_EPOCHS', 'hidden'], 'Did you mean `N_EPOCHS`?'],
    ['seed', ['hidden'], 'There are hidden: `hone inspect` shows them.'],
  ])('knows what %s is called among %j', (asked, names, remedy) => {
    const space = names.map((name) => parameter({ name }))
    expect(failureOf(() => valuesFor(space, new Map([[asked, '1']])))).toMatchObject({ remedy })
  })

  it('names the nearest to an unknown name', () => {
    expect(failure('batchsize=3')).toMatchObject({
      code: 'name-unknown',
      remedy: 'Did you mean `batch_size`?',
    })
    expect(failure('zzzzzz=3').remedy).toContain('There are lr, batch_size, optimizer')
    expect(failureOf(() => valuesFor([], new Map([['lr', '1']]))).remedy).toContain('Nothing was found')
  })

  it.each(['lr', '=3', 'lr=', ' = 3'])('refuses %s as an assignment', (text) => {
    expect(failure(text).code).toBe('set-spelling')
  })

  it('refuses two values of one name', () => {
    expect(failure('lr=0.1', 'lr=0.2').code).toBe('set-twice')
  })
})
