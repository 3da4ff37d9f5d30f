import { expect, test } from 'vitest'
import { confirmationOf, foldRepeats, type RepeatableTrial } from '../../src/domain/repeats.ts'

const settings = { target: 0.9, direction: 'maximize', confirm: 1 } as const
const trial = (
  number: number,
  metric: number | null,
  rest: Partial<RepeatableTrial> = {},
): RepeatableTrial => ({
  number,
  metric,
  state: metric === null ? 'failed' : 'completed',
  repeats: null,
  ...rest,
})
const repeat = (number: number, of: number, metric: number | null, rest: Partial<RepeatableTrial> = {}) =>
  trial(number, metric, { repeats: of, ...rest })
const running = { state: 'running', metric: null } as const
const confirm = (trials: RepeatableTrial[], more: Partial<typeof settings> | { confirm: number } = {}) =>
  confirmationOf(trials[0] as RepeatableTrial, trials, { ...settings, ...more })

test('originals with the mean of their seeds', () => {
  const trials = [trial(0, 0.5), trial(1, 0.9), repeat(2, 1, 0.8), trial(3, null), repeat(4, 1, 0.85)]
  expect(foldRepeats(trials)).toEqual([
    { trial: trials[0], metric: 0.5, repeats: [] },
    { trial: trials[1], metric: 0.85, repeats: [0.8, 0.85] },
    { trial: trials[3], metric: null, repeats: [] },
  ])
})

test('repeats that failed, run or gave no number leave the mean alone', () => {
  const trials = [trial(1, 0.9), repeat(2, 1, null), repeat(3, 1, null, running), repeat(4, 1, Number.NaN)]
  expect(foldRepeats(trials)).toEqual([{ trial: trials[0], metric: 0.9, repeats: [] }])
  expect(foldRepeats([trial(1, Number.NaN), repeat(2, 1, 0.9)])).toMatchObject([
    { metric: null, repeats: [0.9] },
  ])
})

test('only what meets the target by itself is to be confirmed', () => {
  expect(confirm([trial(1, 0.89)])).toBeNull()
  expect(confirm([trial(1, null)])).toBeNull()
  expect(confirm([trial(1, Number.NaN)])).toBeNull()
  expect(confirm([trial(1, 0.95, { state: 'pruned' })])).toBeNull()
  expect(confirm([repeat(2, 1, 0.95)])).toBeNull()
  expect(confirmationOf(trial(1, 0.2), [], { ...settings, direction: 'minimize' })).toEqual({
    state: 'needed',
    more: 1,
  })
  expect(confirmationOf(trial(1, 0.95), [], { ...settings, direction: 'minimize' })).toBeNull()
})

test("the user's own values need none, nor does anything when the setting is 0", () => {
  expect(confirm([trial(0, 0.9)])).toEqual({ state: 'none needed' })
  expect(confirm([trial(1, 0.9)], { confirm: 0 })).toEqual({ state: 'none needed' })
})

test('needed, running, confirmed', () => {
  expect(confirm([trial(1, 0.9)], { confirm: 2 })).toEqual({ state: 'needed', more: 2 })
  expect(confirm([trial(1, 0.9), repeat(2, 1, 0.95)], { confirm: 2 })).toEqual({ state: 'needed', more: 1 })
  const one = [trial(1, 0.9), repeat(2, 1, 0.95), repeat(3, 1, null, running)]
  expect(confirm(one, { confirm: 2 })).toEqual({ state: 'running' })
  expect(confirm(one, { confirm: 1 })).toEqual({ state: 'confirmed' })
  expect(confirm([trial(1, 0.9), repeat(2, 1, 0.9), repeat(3, 1, 0.99)], { confirm: 2 })).toEqual({
    state: 'confirmed',
  })
})

test('refuted by one that misses the target, failed, or was given up', () => {
  expect(confirm([trial(1, 0.95), repeat(2, 1, 0.89)])).toEqual({ state: 'refuted' })
  expect(confirm([trial(1, 0.95), repeat(2, 1, 0.95), repeat(3, 1, 0.8)], { confirm: 2 })).toEqual({
    state: 'refuted',
  })
  expect(confirm([trial(1, 0.95), repeat(2, 1, null)])).toEqual({ state: 'refuted' })
  expect(confirm([trial(1, 0.95), repeat(2, 1, Number.NaN)])).toEqual({ state: 'refuted' })
  expect(confirm([trial(1, 0.95), repeat(2, 1, null, { state: 'pruned' })])).toEqual({ state: 'refuted' })
})

test('a cancelled repeat says nothing, nor does one of another trial', () => {
  expect(confirm([trial(1, 0.95), repeat(2, 1, null, { state: 'cancelled' })])).toEqual({
    state: 'needed',
    more: 1,
  })
  expect(confirm([trial(1, 0.95), trial(3, 0.9), repeat(2, 3, 0.1)])).toEqual({ state: 'needed', more: 1 })
})
