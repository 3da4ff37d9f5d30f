import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../../src/domain/detection.ts'
import type { ParameterValue } from '../../../src/domain/trial.ts'
import { baseName } from '../../../src/search/names.ts'
import { nearestValue } from '../../../src/search/nearest-value.ts'
import type { SearchSpace } from '../../../src/search/sampler.ts'
import { areAlike, isWithin, mapValues } from '../../../src/search/transfer/map-values.ts'
import { matchNames } from '../../../src/search/transfer/names.ts'

const rate = { type: 'float', low: 1e-4, high: 1, log: true } as const
const spaceOf = (...names: string[]): SearchSpace => Object.fromEntries(names.map((name) => [name, rate]))
const matched = (present: string[], earlier: string[]) =>
  Object.fromEntries(matchNames(spaceOf(...present), spaceOf(...earlier)))

describe('names over commits', () => {
  it('are the bound names', () => {
    expect(['lr', 'lr@31', 'lr@model.py:31', 'lr@model.py:31.2'].map(baseName)).toEqual(Array(4).fill('lr'))
  })

  it('match by their order when lines moved', () => {
    expect(matched(['lr', 'lr@33'], ['lr', 'lr@31'])).toEqual({ lr: 'lr', 'lr@33': 'lr@31' })
    expect(matched(['lr', 'lr@33', 'lr@35'], ['lr', 'lr@31', 'lr@33'])).toEqual({
      lr: 'lr',
      'lr@33': 'lr@31',
      'lr@35': 'lr@33',
    })
  })

  it('match only if they are still called the same when one came or went', () => {
    expect(matched(['lr', 'lr@33'], ['lr'])).toEqual({ lr: 'lr' })
    expect(matched(['lr'], ['lr', 'lr@31'])).toEqual({ lr: 'lr' })
    expect(matched(['alpha'], ['beta'])).toEqual({})
  })
})

describe('the nearest value', () => {
  const cases: [string, Distribution, ParameterValue, ParameterValue | null][] = [
    ['stays as it is within the bounds', rate, 0.0123456, 0.0123456],
    ['is the bound for one outside', rate, 5, 1],
    ['is whole for an int', { type: 'int', low: 1, high: 9, log: false }, 3.7, 4],
    ['lies on the steps', { type: 'int', low: 16, high: 64, log: false, step: 16 }, 35, 32],
    ['is a choice of about the size', { type: 'categorical', choices: [16, 32, 64] }, 60, 64],
    ['is a choice as it is', { type: 'categorical', choices: ['adam', 'sgd'] }, 'sgd', 'sgd'],
    ['is none for a text among numbers', { type: 'categorical', choices: [1, 2] }, 'sgd', null],
    ['is none for a number among texts', { type: 'categorical', choices: ['adam', 'sgd'] }, 3, null],
    ['is none for a choice that went', { type: 'categorical', choices: ['adam', 'sgd'] }, 'lion', null],
    ['is none for a text in a range', rate, 'auto', null],
    ['is none for NaN', rate, Number.NaN, null],
  ]
  it.each(cases)('%s', (_, distribution, value, expected) => {
    expect(nearestValue(distribution, value)).toBe(expected)
  })
})

describe('values of an earlier commit', () => {
  const present: SearchSpace = {
    lr: { type: 'float', low: 1e-4, high: 0.1, log: true },
    optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
    dropout: { type: 'float', low: 0, high: 0.9, log: false },
  }
  const own = { lr: 0.01, optimizer: 'adam', dropout: 0.5 }

  it('are clamped, and the rest is the user’s own', () => {
    const earlier: SearchSpace = { lr: rate, optimizer: { type: 'categorical', choices: ['lion'] } }
    expect(mapValues(present, earlier, { lr: 0.7, optimizer: 'lion', gone: 3 }, own)).toEqual({
      lr: 0.1,
      optimizer: 'adam',
      dropout: 0.5,
    })
  })

  it('lie within or without', () => {
    const earlier: SearchSpace = {
      lr: rate,
      optimizer: { type: 'categorical', choices: ['adam', 'lion'] },
      momentum: { ...rate, condition: { name: 'optimizer', values: ['lion'] } },
    }
    const wider: SearchSpace = { ...present, momentum: { type: 'float', low: 0.5, high: 0.9, log: false } }
    const inside = (values: Record<string, ParameterValue>) => isWithin(wider, earlier, values)
    expect(inside({ lr: 0.1, optimizer: 'adam', momentum: 0.1 })).toBe(true)
    expect(inside({ lr: 0.2, optimizer: 'adam', momentum: 0.1 })).toBe(false)
    expect(inside({ lr: 0.1, optimizer: 'lion', momentum: 0.6 })).toBe(false)
    expect(
      isWithin({ momentum: wider.momentum as Distribution }, earlier, { optimizer: 'lion', momentum: 0.1 }),
    ).toBe(false)
  })

  it('count where at least half of the hyperparameters are the same', () => {
    expect(areAlike(spaceOf('a', 'b'), spaceOf('a', 'c'))).toBe(true)
    expect(areAlike(spaceOf('a', 'b', 'c'), spaceOf('a'))).toBe(false)
    expect(areAlike(spaceOf('a'), spaceOf('a', 'b', 'c'))).toBe(false)
    expect(areAlike({}, {})).toBe(false)
  })
})
