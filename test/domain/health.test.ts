import { expect, test } from 'vitest'
import { Health } from '../../src/domain/health.ts'

test('health keeps the first time of a problem, its newest words, and forgets what is over', () => {
  let now = 10
  const health = new Health(() => now)
  expect(health.problems()).toEqual([])
  health.report('engine', 'away', 'start it')
  now = 20
  health.report('engine', 'still away', 'start it')
  health.report('disk', 'full', 'free some')
  expect(health.problems()).toEqual([
    { part: 'engine', since: 10, message: 'still away', remedy: 'start it' },
    { part: 'disk', since: 20, message: 'full', remedy: 'free some' },
  ])
  health.clear('engine')
  health.clear('mail')
  expect(health.problems().map(({ part }) => part)).toEqual(['disk'])
  now = 30
  health.report('engine', 'away', 'start it')
  expect(health.problems().at(-1)?.since).toBe(30)
})

test('health keeps what is known beside the problems', () => {
  const health = new Health()
  expect(health.facts()).toEqual({})
  health.know('engine', { version: null, at: 5 })
  health.know('engine', { version: '28.1.1', at: 6 })
  expect(health.facts()).toEqual({ engine: { version: '28.1.1', at: 6 } })
})
