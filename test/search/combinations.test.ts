import { expect, test } from 'vitest'
import { firstCombination, untriedIn } from '../../src/search/combinations.ts'
import type { SearchSpace, Study, Values } from '../../src/search/sampler.ts'

/** So many hyperparameters of eight values, no two of which may have the same one. */
function differing(count: number): Study {
  const names = Array.from({ length: count }, (_, index) => `h${index}`)
  const space: SearchSpace = Object.fromEntries(
    names.map((name) => [name, { type: 'int', low: 1, high: 8, log: false }]),
  )
  const forbidden = names.flatMap((a, index) =>
    names
      .slice(index + 1)
      .flatMap((b) => Array.from({ length: 8 }, (_, at) => ({ [a]: at + 1, [b]: at + 1 }))),
  )
  return { space, direction: 'maximize', trials: [], forbidden }
}

test('finds the combinations that are hard to find', () => {
  const values = untriedIn(differing(8)).any(3)
  expect(Object.values(values as Values).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('gives up where nearly all is forbidden, rather than to look at millions', () => {
  const { space, forbidden } = differing(10)
  let looked = 0
  const found = firstCombination(space, forbidden, {
    order: Object.keys(space),
    *valuesOf() {
      for (let value = 1; value <= 8; value++) {
        looked++
        yield value
      }
    },
    accept: () => true,
  })
  expect(found).toBeNull()
  expect(looked).toBeGreaterThan(100_000)
  expect(looked).toBeLessThan(150_000)
})

test('what has been tried is walked through to its end', () => {
  const space: SearchSpace = Object.fromEntries(
    Array.from({ length: 4 }, (_, index) => [`h${index}`, { type: 'int', low: 1, high: 6, log: false }]),
  )
  const trials = Array.from({ length: 6 ** 4 - 1 }, (_, number) => ({
    number,
    values: Object.fromEntries(
      Object.keys(space).map((name, at) => [name, 1 + (Math.floor(number / 6 ** at) % 6)]),
    ),
    state: 'completed' as const,
    metric: 0,
  }))
  const study: Study = { space, direction: 'maximize', trials }
  expect(untriedIn(study).any(5)).toEqual({ h0: 6, h1: 6, h2: 6, h3: 6 })
  const all = [...trials, { ...(trials[0] as (typeof trials)[0]), values: { h0: 6, h1: 6, h2: 6, h3: 6 } }]
  expect(untriedIn({ ...study, trials: all }).any(5)).toBeNull()
})
