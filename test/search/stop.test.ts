import { expect, test } from 'vitest'
import type { Outlook } from '../../src/domain/outlook.ts'
import {
  bestTrial,
  nextToConfirm,
  type Progress,
  type StopSettings,
  type StopTrial,
  shouldStop,
  spentBudget,
} from '../../src/search/stop.ts'

const settings: StopSettings = {
  metric: 'accuracy',
  target: 0.9,
  direction: 'maximize',
  trials: 4,
  confirm: 1,
  giveUp: 0.01,
}
const minimize: StopSettings = { ...settings, metric: 'loss', target: 0.1, direction: 'minimize' }
const quick: StopSettings = { ...settings, confirm: 0 }
const now: Progress = { nowMs: 0, deadlineMs: 10, trainingMs: 0, inFlight: 0, outlook: null }

const trials = (...metrics: (number | null | 'running')[]): StopTrial[] =>
  metrics.map((metric, number) => {
    if (metric === 'running') return { number, state: 'running', metric: null, repeats: null }
    return { number, state: metric === null ? 'failed' : 'completed', metric, repeats: null }
  })
/** The last ones repeat a trial. */
const repeating = (of: number, own: StopTrial[], ...metrics: (number | null | 'running')[]): StopTrial[] => [
  ...own,
  ...trials(...metrics).map((trial, index) => ({ ...trial, number: own.length + index, repeats: of })),
]
const chance = (value: number | null): Outlook => ({
  trials: 10,
  chance: value,
  best: null,
  importance: [],
  advice: [],
})

test('goes on below target and budget', () => {
  expect(shouldStop([], settings, now)).toBeNull()
  expect(shouldStop(trials(0.5, 0.8, null), settings, { ...now, nowMs: 9 })).toBeNull()
  expect(
    shouldStop(trials(0.5), settings, { ...now, nowMs: Number.MAX_SAFE_INTEGER, deadlineMs: null }),
  ).toBeNull()
})

test('stops at the target, equal included, at once and even when budget and time are spent', () => {
  const reason = 'reached 0.91 ≥ 0.9 in trial 3'
  const late = { ...now, nowMs: 20, inFlight: 3 }
  expect(shouldStop(trials(0.5, null, 0.8, 0.91), quick, late)).toEqual({ kind: 'target', reason })
  expect(shouldStop(trials(0.9), settings, now)).toEqual({
    kind: 'target',
    reason: 'reached 0.9 ≥ 0.9 in trial 0',
  })
})

test('a target counts only when another seed meets it too, and both values are named', () => {
  const met = trials(0.5, 0.953)
  expect(shouldStop(met, settings, now)).toBeNull()
  expect(shouldStop(repeating(1, met, 'running'), settings, { ...now, inFlight: 1 })).toBeNull()
  expect(shouldStop(repeating(1, met, 0.951), settings, now)).toEqual({
    kind: 'target',
    reason: 'reached 0.953 ≥ 0.9 in trial 1, and 0.951 with another seed',
  })
  expect(shouldStop(repeating(1, met, 0.951, 0.94), { ...settings, confirm: 2 }, now)?.reason).toBe(
    'reached 0.953 ≥ 0.9 in trial 1, and 0.951, 0.94 with other seeds',
  )
})

test('says so when another seed changes nothing', () => {
  expect(shouldStop(repeating(1, trials(0.5, 0.953), 0.953), settings, now)?.reason).toBe(
    'reached 0.953 ≥ 0.9 in trial 1; the same again with another seed: the script seems to set a seed of its own',
  )
  const nearly = shouldStop(repeating(1, trials(0.5, 0.953), 0.95300000001), settings, now)
  expect(nearly?.reason).toBe('reached 0.953 ≥ 0.9 in trial 1, and 0.953 with another seed')
})

test('a refuted trial counts with its mean, and the search goes on', () => {
  const refuted = repeating(1, trials(0.85, 0.92), 0.7)
  expect(shouldStop(refuted, settings, now)).toBeNull()
  expect(bestTrial(refuted, settings)).toMatchObject({ number: 0, metric: 0.85 })
  expect(shouldStop(refuted, settings, { ...now, nowMs: 10 })?.reason).toBe(
    'the time of the run is spent after 2 trials; best 0.85 in trial 0',
  )
  const still = repeating(1, trials(0.7, 0.95), 0.89)
  expect(bestTrial(still, settings)).toMatchObject({ number: 1, metric: 0.92 })
  expect(shouldStop(still, settings, { ...now, nowMs: 10 })?.reason).toBe(
    'the time of the run is spent after 2 trials; best 0.92 in trial 1, which met the target once but not with another seed',
  )
})

test('names the best of those that are confirmed, and takes it for the best', () => {
  const two = [
    ...repeating(1, trials(0.5, 0.91), 0.9),
    { number: 3, state: 'completed', metric: 0.99, repeats: null } as const,
  ]
  expect(shouldStop(two, settings, now)?.reason).toContain('in trial 1,')
  expect(bestTrial(two, settings)?.number).toBe(1)
  expect(nextToConfirm(two, settings)).toBe(3)
})

test('the trial to confirm next is the best that waits for it', () => {
  expect(nextToConfirm(trials(0.95), settings)).toBeNull()
  expect(nextToConfirm(trials(0.5, 0.91, 0.93, 0.92), settings)).toBe(2)
  expect(nextToConfirm(repeating(2, trials(0.5, 0.91, 0.93), 'running'), settings)).toBe(1)
  expect(nextToConfirm(repeating(2, trials(0.5, 0.8, 0.93), 0.5), settings)).toBeNull()
  expect(nextToConfirm(trials(0.5, 0.09, 0.08), minimize)).toBe(2)
  expect(nextToConfirm(trials(0.5, 0.95), quick)).toBeNull()
})

test('stops when the trials are spent: failed and pruned ones count, repeats do not', () => {
  const reason = '4 of 4 trials spent; best 0.79 in trial 1'
  expect(shouldStop(trials(0.5, 0.79, null, 0.79), settings, now)).toEqual({ kind: 'budget', reason })
  const pruned: StopTrial[] = [
    ...trials(0.5, 0.79, null),
    { number: 3, state: 'pruned', metric: null, repeats: null },
  ]
  expect(shouldStop(pruned, settings, now)).toEqual({ kind: 'budget', reason })
  expect(shouldStop(repeating(1, trials(0.5, 0.91, 0.6), 0.5, 0.6), settings, now)).toBeNull()
  expect(shouldStop(trials(null, null, null, null), settings, now)?.reason).toBe(
    '4 of 4 trials spent; no trial gave a metric',
  )
})

test('a spent budget waits for what is in flight, but lets nothing start', () => {
  const all = trials(0.5, 0.79, null, 'running')
  expect(shouldStop(all, settings, { ...now, inFlight: 1 })).toBeNull()
  expect(spentBudget(all, settings, { ...now, inFlight: 1 })).toBe('4 of 4 trials spent')
  expect(spentBudget(all.slice(1), settings, { ...now, inFlight: 1 })).toBeNull()
  expect(shouldStop(trials(0.5), settings, { ...now, nowMs: 10, inFlight: 1 })).toBeNull()
})

test('the last trial is confirmed, and a pruned one goes on, after the budget of trials but not after that of time', () => {
  const met = trials(0.5, 0.6, 0.7, 0.95)
  expect(shouldStop(met, settings, now)).toBeNull()
  expect(spentBudget(met, settings, now)).toBeNull()
  expect(shouldStop(met, settings, { ...now, nowMs: 10 })?.reason).toBe(
    'the time of the run is spent after 4 trials; best 0.95 in trial 3, which meets the target but is not confirmed with another seed',
  )
  const below = trials(0.5, 0.6, 0.7, 0.8)
  expect(shouldStop(below, settings, { ...now, resumable: true })).toBeNull()
  expect(shouldStop(below, settings, { ...now, resumable: true, nowMs: 10 })).not.toBeNull()
})

test('stops when the time or the training is spent, or every combination tried', () => {
  expect(shouldStop(trials(0.5), settings, { ...now, nowMs: 10 })?.reason).toBe(
    'the time of the run is spent after 1 trial; best 0.5 in trial 0',
  )
  expect(shouldStop(trials(0.5, 0.6), settings, { ...now, exhausted: true })?.reason).toBe(
    'every combination of values tried after 2 trials; best 0.6 in trial 1',
  )
  const training = { ...settings, trainingBudget: 90 }
  expect(shouldStop(trials(0.5, 0.6), training, { ...now, trainingMs: 90 * 60_000 - 1 })).toBeNull()
  expect(shouldStop(trials(0.5, 0.6), training, { ...now, trainingMs: 90 * 60_000 })?.reason).toBe(
    'the 90 minutes of training are spent after 2 trials; best 0.6 in trial 1',
  )
})

test('gives up when the chance to reach the target is too small, and says how small', () => {
  const some = trials(0.5, 0.6)
  expect(shouldStop(some, settings, { ...now, outlook: chance(0.0042) })?.reason).toBe(
    'no probable improvement: the chance to reach 0.9 in the trials that are left is 0.42 %, below the 1 % of giveUp; best 0.6 in trial 1',
  )
  const early = { ...chance(0), trials: 9 }
  expect(shouldStop(some, settings, { ...now, outlook: early })).toBeNull()
  expect(shouldStop(some, settings, { ...now, outlook: chance(0.01) })).toBeNull()
  expect(shouldStop(some, settings, { ...now, outlook: chance(null) })).toBeNull()
  expect(shouldStop(some, { ...settings, giveUp: 0 }, { ...now, outlook: chance(0) })).toBeNull()
  expect(shouldStop(some, settings, { ...now, outlook: chance(0), inFlight: 1 })).toBeNull()
  expect(shouldStop(trials(0.5, 0.95), settings, { ...now, outlook: chance(0) })).toBeNull()
})

test('never gives up on a target that only means as good as possible', () => {
  const hopeless = { ...now, outlook: chance(0) }
  expect(shouldStop(trials(0.5), { ...minimize, target: 0 }, hopeless)).toBeNull()
  expect(shouldStop(trials(0.5), minimize, hopeless)).not.toBeNull()
  expect(shouldStop(trials(0.5), { ...minimize, target: -3 }, hopeless)).not.toBeNull()
  expect(shouldStop(trials(0.5), { ...settings, target: 1 }, hopeless)).toBeNull()
  expect(shouldStop(trials(0.5), { ...settings, metric: 'reward', target: 200 }, hopeless)).not.toBeNull()
})

test('minimises', () => {
  const three = { ...minimize, trials: 3 }
  expect(shouldStop(trials(0.5, 0.2), three, now)).toBeNull()
  expect(shouldStop(trials(0.5, 0.05), { ...three, confirm: 0 }, now)?.reason).toBe(
    'reached 0.05 ≤ 0.1 in trial 1',
  )
  expect(shouldStop(repeating(1, trials(0.5, 0.05), 0.11), three, now)).toBeNull()
  expect(shouldStop(trials(0.5, 0.2, 0.3), three, now)?.reason).toContain('best 0.2 in trial 1')
})

test('NaN and infinities neither win nor meet a target', () => {
  const broken = trials(Number.NaN, Number.POSITIVE_INFINITY, 0.3)
  expect(shouldStop(broken, settings, now)).toBeNull()
  expect(bestTrial(broken, settings)?.number).toBe(2)
  expect(bestTrial(trials(Number.NEGATIVE_INFINITY), minimize)).toBeNull()
})

test('the best is the earliest of equals, completed, and no repeat', () => {
  expect(bestTrial(trials(0.5, 0.7, 0.7), settings)).toEqual({
    number: 1,
    state: 'completed',
    metric: 0.7,
    repeats: null,
  })
  expect(bestTrial([{ number: 0, state: 'failed', metric: 0.9, repeats: null }], settings)).toBeNull()
  expect(bestTrial(repeating(1, trials(0.5, 0.6), 0.8), settings)).toMatchObject({ number: 1, metric: 0.7 })
  expect(bestTrial([], minimize)).toBeNull()
})
