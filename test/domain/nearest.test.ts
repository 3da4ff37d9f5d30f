import { expect, test } from 'vitest'
import { nearestNames } from '../../src/domain/nearest.ts'

test.each([
  ['trails', ['trials', 'target'], ['trials']],
  ['alhpa', ['alpha', 'beta'], ['alpha']],
  ['hihg', ['low', 'high'], ['high']],
  ['batchSize', ['batch_size', 'epochs'], ['batch_size']],
  ['lr', ['lr@3', 'lr@12', 'epochs'], ['lr@3', 'lr@12']],
  ['colour', ['lr', 'epochs'], []],
  ['', ['lr'], []],
  ['x'.repeat(1000), ['lr'], []],
])('%j of %j means %j', (name, known, near) => {
  expect(nearestNames(name, known, 3)).toEqual(near)
})

test('at most as many as are asked for, the nearest first', () => {
  expect(nearestNames('hidden', ['hidden_3', 'hidden12', 'hidden'], 2)).toEqual(['hidden', 'hidden_3'])
})
