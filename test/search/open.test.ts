import { expect, test } from 'vitest'
import type { Hyperparameter } from '../../src/domain/detection.ts'
import { openFor } from '../../src/search/open.ts'

const parameter = (name: string, influence: number) => ({ name, influence }) as Hyperparameter
const all = [parameter('a', 5), parameter('lr', 1), ...['b', 'c', 'd', 'e'].map((name) => parameter(name, 3))]
const names = (trials: number, wanted: string[] = []) =>
  openFor(all, trials, new Set(wanted)).map(({ name }) => name)

test('a small budget opens the most influential, in the order of the source', () => {
  expect(names(5)).toEqual(['lr', 'b', 'c', 'd'])
  expect(names(20)).toEqual(['lr', 'b', 'c', 'd', 'e'])
})

test('a large budget opens all', () => {
  expect(names(100)).toEqual(['a', 'lr', 'b', 'c', 'd', 'e'])
})

test('what hone.yaml names is opened in any case', () => {
  expect(names(5, ['a'])).toEqual(['a', 'lr', 'b', 'c'])
  expect(names(5, ['a', 'b', 'c', 'd', 'e'])).toEqual(['a', 'b', 'c', 'd', 'e'])
})
