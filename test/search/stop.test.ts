import { expect, test } from 'vitest'
import { bestTrial, type StopTrial, shouldStop } from '../../src/search/stop.ts'

const settings = { target: 0.9, direction: 'maximize', trials: 4 } as const
const trials = (...metrics: (number | null | 'running')[]): StopTrial[] =>
  metrics.map((metric, number) => {
    if (metric === 'running') return { number, state: 'running', metric: null }
    return { number, state: metric === null ? 'failed' : 'completed', metric }
  })

test('goes on below target and budget', () => {
  expect(shouldStop([], settings, 0, 10)).toBeNull()
  expect(shouldStop(trials(0.5, 0.8, null), settings, 9, 10)).toBeNull()
  expect(shouldStop(trials(0.5), settings, Number.MAX_SAFE_INTEGER, null)).toBeNull()
})

test('stops at the target, equal included, even when budget and time are spent too', () => {
  const reason = 'reached 0.91 ≥ 0.9 in trial 3'
  expect(shouldStop(trials(0.5, null, 0.8, 0.91), settings, 20, 10)).toEqual({ kind: 'target', reason })
  expect(shouldStop(trials(0.9), settings, 0, 10)?.kind).toBe('target')
})

test('stops when the trials are spent, failed ones included, a running one not', () => {
  const reason = '4 of 4 trials spent; best 0.79 in trial 1'
  expect(shouldStop(trials(0.5, 0.79, null, 0.79), settings, 0, 10)).toEqual({ kind: 'budget', reason })
  expect(shouldStop(trials(0.5, 0.79, null, 'running'), settings, 0, 10)).toBeNull()
  expect(shouldStop(trials(null, null, null, null), settings, 0, 10)?.reason).toBe(
    '4 of 4 trials spent; no trial gave a metric',
  )
})

test('stops when the time is spent, or every combination tried', () => {
  expect(shouldStop(trials(0.5), settings, 10, 10)?.reason).toBe(
    'the time of the run is spent after 1 trial; best 0.5 in trial 0',
  )
  expect(shouldStop(trials(0.5, 0.6), settings, 0, 10, true)?.reason).toBe(
    'every combination of values tried after 2 trials; best 0.6 in trial 1',
  )
})

test('minimises', () => {
  const minimize = { target: 0.1, direction: 'minimize', trials: 3 } as const
  expect(shouldStop(trials(0.5, 0.2), minimize, 0, 10)).toBeNull()
  expect(shouldStop(trials(0.5, 0.05), minimize, 0, 10)?.reason).toBe('reached 0.05 ≤ 0.1 in trial 1')
  expect(shouldStop(trials(0.5, 0.2, 0.3), minimize, 0, 10)?.reason).toContain('best 0.2 in trial 1')
})

test('NaN and infinities neither win nor meet a target', () => {
  const broken = trials(Number.NaN, Number.POSITIVE_INFINITY, 0.3)
  expect(shouldStop(broken, settings, 0, 10)).toBeNull()
  expect(bestTrial(broken, 'maximize')?.number).toBe(2)
  expect(bestTrial(trials(Number.NEGATIVE_INFINITY), 'minimize')).toBeNull()
})

test('the best is the earliest of equals, and completed', () => {
  expect(bestTrial(trials(0.5, 0.7, 0.7), 'maximize')).toEqual({ number: 1, state: 'completed', metric: 0.7 })
  expect(bestTrial([{ number: 0, state: 'failed', metric: 0.9 }], 'maximize')).toBeNull()
  expect(bestTrial([], 'minimize')).toBeNull()
})
