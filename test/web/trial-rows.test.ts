import { expect, test } from 'vitest'
import type { TrialSummary } from '../../src/http/contract.ts'
import {
  ariaSort,
  chosenOf,
  columnsBy,
  compared,
  filterOf,
  nextSort,
  parseFilter,
  sorted,
} from '../../web/src/trial-rows.ts'

const aTrial = (number: number, change: Partial<TrialSummary> = {}): TrialSummary => ({
  ...{ id: 100 + number, number, state: 'completed', values: {}, origin: 'the sampler', repeats: null },
  ...{ seed: 0, pruning: null, sha: 'a'.repeat(40), metric: null, failure: null, attempts: [] },
  ...{ startedAt: 1000, endedAt: 2000 + number },
  ...change,
})

const trials = [
  aTrial(0, { metric: 0.4, values: { hidden: 4, activation: 'tanh', shuffle: true } }),
  aTrial(1, { metric: 0.9, values: { hidden: 96, activation: 'relu', shuffle: true } }),
  aTrial(2, { state: 'pruned', values: { hidden: 12, activation: 'relu', shuffle: false } }),
  aTrial(3, { state: 'failed', values: { activation: 'relu' }, origin: 'the best of run #12' }),
  aTrial(10, {
    metric: 0.9,
    values: { hidden: 180, activation: 'logistic' },
    startedAt: null,
    endedAt: null,
  }),
]
const last = (trial: number) => (trial === 2 ? 0.3 : null)
const columns = columnsBy('accuracy', ['hidden', 'activation', 'shuffle'], last, 9000, ({ state }) => state)
const orderOf = (sort: string) => sorted(trials, columns, sort).map(({ number }) => number)

test.each([
  ['trial', [0, 1, 2, 3, 10]],
  ['-trial', [10, 3, 2, 1, 0]],
  ['accuracy', [2, 0, 1, 10, 3]],
  ['-accuracy', [1, 10, 0, 2, 3]],
  ['hidden', [0, 2, 1, 10, 3]],
  ['-hidden', [10, 1, 2, 0, 3]],
  ['activation', [10, 1, 2, 3, 0]],
  ['-time', [3, 2, 1, 0, 10]],
  ['nothing', [0, 1, 2, 3, 10]],
])('sorts by %s, those without a value last', (sort, order) => {
  expect(orderOf(sort)).toEqual(order)
})

const kept = (text: string) => {
  const filter = parseFilter(text, columns)
  return 'error' in filter ? filter.error : trials.filter(filter.test).map(({ number }) => number)
}

test.each([
  ['', [0, 1, 2, 3, 10]],
  ['hidden > 12', [1, 10]],
  ['hidden>=12, activation = relu', [1, 2]],
  ['activation != relu', [0, 10]],
  ['Accuracy >= 0.9', [1, 10]],
  ['accuracy < 0.35', [2]],
  ['hidden = 4', [0]],
  ['shuffle = True', [0, 1]],
  ['state=pruned', [2]],
  ['run #12', [3]],
  [', hidden < 5 ,', [0]],
])('the filter %j keeps what it says', (text, numbers) => {
  expect(kept(text)).toEqual(numbers)
})

test('a filter that cannot be read says why', () => {
  expect(kept('hiden > 3')).toMatch(/^There is no column hiden: trial, state, accuracy, hidden, /)
  expect(kept('hidden > many')).toBe('hidden > wants a number after it, and many is none.')
})

test('a head sorts up, then down, then not at all', () => {
  expect([nextSort('a', null), nextSort('a', 'b'), nextSort('a', 'a'), nextSort('a', '-a')]).toEqual([
    'a',
    'a',
    '-a',
    null,
  ])
  expect([ariaSort('a', 'a'), ariaSort('a', '-a'), ariaSort('a', 'b')]).toEqual([
    'ascending',
    'descending',
    'none',
  ])
})

test('compares what an address names, differing values first', () => {
  const chosen = chosenOf('10,1,99,x,1', trials)
  expect(chosen.map(({ number }) => number)).toEqual([10, 1])
  expect(chosenOf(null, trials)).toEqual([])
  const { differing, same } = compared([trials[1], trials[2]] as TrialSummary[])
  expect(differing).toEqual([
    { name: 'hidden', values: [96, 12] },
    { name: 'shuffle', values: [true, false] },
  ])
  expect(same).toEqual([{ name: 'activation', values: ['relu', 'relu'] }])
  expect(compared(chosen).differing.find(({ name }) => name === 'shuffle')?.values).toEqual([null, true])
})

test('a filter that is being typed leaves the last one in force that could be understood', () => {
  const numbers = (text: string, good: string) => {
    const { test, error } = filterOf(text, good, columns)
    return [trials.filter(test).map(({ number }) => number), error]
  }
  expect(numbers('hidden > 12', '')).toEqual([[1, 10], null])
  expect(numbers('hidden > 12, activation > ', 'hidden > 12')).toEqual([[1, 10], expect.any(String)])
  expect(numbers('hiden > 12', '')).toEqual([[0, 1, 2, 3, 10], expect.stringContaining('no column hiden')])
})
