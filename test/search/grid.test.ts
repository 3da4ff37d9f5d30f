import { expect, test } from 'vitest'
import { grid, gridLevels } from '../../src/search/samplers/grid.ts'
import { CONDITIONAL, choice, float, int } from '../contracts/sampler/spaces.ts'
import { search } from '../contracts/sampler/studies.ts'

test('the middle and the ends of all first, the first hyperparameter fastest; then what lies between', () => {
  const trials = search(grid, { x: float(0, 1), n: int(1, 5) }, 12)
  expect(trials.map(({ values }) => [values.x, values.n])).toEqual([
    [0.5, 3],
    [0, 3],
    [1, 3],
    [0.5, 1],
    [0, 1],
    [1, 1],
    [0.5, 5],
    [0, 5],
    [1, 5],
    [0.25, 3],
    [0.75, 3],
    [0.25, 1],
  ])
})

test('choices without an order are all in the first grid; those with one are halved like a range', () => {
  expect(gridLevels(choice('a', 'b', 'c', 'd', 'e'), 1)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(gridLevels(choice(1, 2, 4, 8, 16), 1)).toEqual([4, 1, 16])
  expect(gridLevels(choice(1, 2, 4, 8, 16), 9)).toEqual([4, 1, 16, 2, 8])
})

test('a logarithmic range is halved on its scale', () => {
  expect(gridLevels(float(1e-4, 1, true), 2)).toEqual([0.01, 1e-4, 1, 0.001, 0.1])
})

test('goes on where another sampler has begun', () => {
  const first = { number: 0, values: { n: 3 }, state: 'failed' as const, metric: null }
  const trials = search(grid, { n: int(1, 5) }, 4, { study: { trials: [first] } })
  expect(trials.map(({ values }) => values.n)).toEqual([3, 1, 5, 2])
})

test('spends nothing on what does not matter', () => {
  const trials = search(grid, CONDITIONAL, 60)
  expect(trials.filter(({ values }) => values.optimiser === 'none')).toHaveLength(1)
})

test('leaves out what is forbidden, and ends in time where most of a large space is', () => {
  const space = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, int(1, 500)]))
  const forbidden = [...Array(500).keys()].flatMap((index) => [
    { a: index + 1, b: 250 },
    { a: 250, b: index + 1 },
  ])
  const trials = search(grid, space, 20, { study: { forbidden } })
  expect(trials).toHaveLength(20)
  expect(trials.every(({ values }) => values.a !== 250 && values.b !== 250)).toBe(true)
})
