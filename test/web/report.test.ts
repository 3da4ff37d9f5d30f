import { expect, test } from 'vitest'
import { emptyReport } from '../../src/metrics/report.ts'
import { factsOf, resumedWords } from '../../web/src/report.ts'

const resumed = { step: 7, attempt: 1, by: 'hone', why: null } as const

test('from where an attempt went on', () => {
  const words = (one: ReturnType<typeof emptyReport>['resumed']) =>
    resumedWords({ ...emptyReport(), resumed: one })
  expect(words(null)).toBeNull()
  expect(words(resumed)).toBe('went on after epoch 7 (checkpoint of attempt 1)')
  expect(words({ ...resumed, step: null, attempt: null })).toBe('went on after epoch 0')
  expect(words({ step: null, attempt: null, by: 'script', why: null })).toBe(
    'went on from a checkpoint of its own',
  )
})

test('what an attempt told: the last value only of one that did not succeed', () => {
  const last = { name: 'loss', split: 'unknown', value: null, step: null } as const
  const report = { ...emptyReport(), last, memory: 1024, frameworks: { keras: null }, python: '3.13.5' }
  expect(factsOf({ report: null, state: 'failed', shmBytes: null })).toEqual([])
  expect(factsOf({ report: emptyReport(), state: 'failed', shmBytes: null })).toEqual([])
  expect(factsOf({ report: null, state: 'running', shmBytes: 2 ** 31 })).toEqual([
    '2.0 GiB of /dev/shm, as it needed more',
  ])
  const facts = ['1.0 KiB of memory at most', 'Python 3.13.5, keras']
  expect(factsOf({ report, state: 'succeeded', shmBytes: null })).toEqual(facts)
  expect(factsOf({ report, state: 'failed', shmBytes: null })).toEqual([
    'reported last: loss not finite',
    ...facts,
  ])
})
