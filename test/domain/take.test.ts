import { expect, it } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { changedValues, takenChanges } from '../../src/domain/take.ts'

const first = { values: { a: 1, b: 'x', c: true } }
const trial = { number: 2, metric: 0.2, values: { a: 2, b: 'x', c: false, d: 3 } }

it('finds what a trial has otherwise than the first, whose value may be unknown', () => {
  expect(changedValues(first, trial)).toEqual([
    { name: 'a', before: '1', after: '2' },
    { name: 'c', before: 'true', after: 'false' },
    { name: 'd', before: '?', after: '3' },
  ])
  expect(changedValues(first, first)).toEqual([])
  expect(changedValues(undefined, { values: { a: 1 } })).toEqual([{ name: 'a', before: '?', after: '1' }])
})

it('says it as lines of a commit', () => {
  const run = { number: 1, settings: defaultSettings }
  expect(takenChanges({ run, trial, first })).toBe('- a: 1 -> 2\n- c: true -> false\n- d: ? -> 3')
})
