import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CurveView, TrialSummary } from '../../src/http/contract.ts'
import { reasonOf, reasonWords, restartsOf, trainedMs, watchWords } from '../../web/src/attempts.ts'
import { columnsOf, sameNames } from '../../web/src/columns.ts'
import { originWords } from '../../web/src/origin.ts'
import {
  barsOf,
  chanceWords,
  firstImpression,
  formatChance,
  formatEstimate,
  giveUpWords,
  isMetSoFar,
  isUnconfirmed,
  leftWords,
  otherSeeds,
  shareWords,
} from '../../web/src/outlook.ts'
import {
  boundsOfCurves,
  closeUp,
  lastOf,
  lastOfEach,
  needCurves,
  pointsOf,
  rowsOf,
  seedsInMean,
  seedsOf,
  ticksOf,
  valuesOf,
} from '../../web/src/points.ts'
import { trialToShow } from '../../web/src/selection.ts'

const trial = (number: number, metric: number | null, change: Partial<TrialSummary> = {}): TrialSummary => ({
  ...{ id: number, number, state: 'completed', values: {}, origin: 'the sampler', repeats: null, seed: 0 },
  ...{ pruning: null, sha: '', metric, failure: null, attempts: [], startedAt: null, endedAt: null },
  ...change,
})
const curve = (trial: number, ...values: number[]): CurveView => ({
  trial,
  points: values.map((value, index) => ({ step: index + 1, value })),
})

describe('the chart by trial', () => {
  const bests = (trials: TrialSummary[], direction: 'maximize' | 'minimize' = 'maximize') =>
    pointsOf(trials, direction).map(({ trial, best }) => [trial, best])

  test('knows the best so far in both directions and leaves out trials without a value', () => {
    const trials = [trial(0, 0.4), trial(1, null), trial(2, 0.9), trial(3, 0.7)]
    expect(bests(trials)).toEqual([
      [0, 0.4],
      [2, 0.9],
      [3, 0.9],
    ])
    expect(bests(trials, 'minimize').map(([, best]) => best)).toEqual([0.4, 0.4, 0.4])
  })

  test('shows repeats at what they repeat, which counts by the mean of its seeds', () => {
    const trials = [trial(0, 0.5), trial(1, 0.75), trial(2, 0.25, { repeats: 1 }), trial(3, 0.625)]
    expect(pointsOf(trials, 'maximize')).toEqual([
      { trial: 0, value: 0.5, pruned: null, seeds: [], best: 0.5 },
      { trial: 1, value: 0.75, pruned: null, seeds: [0.25], best: 0.5 },
      { trial: 3, value: 0.625, pruned: null, seeds: [], best: 0.625 },
    ])
    expect(seedsOf(1, trials)).toEqual([0.25])
    expect([seedsInMean(1, trials), seedsInMean(3, trials)]).toEqual([2, 1])
    expect(seedsInMean(1, [trial(1, 0.75), trial(2, 0.75, { repeats: 1 })])).toBe(1)
  })

  test('shows what was given up at its last value, which is never the best', () => {
    const trials = [
      trial(0, null, { state: 'pruned' }),
      trial(1, 0.5),
      trial(2, null, { state: 'pruned' }),
      trial(3, 0.9, { state: 'pruned' }),
      trial(4, null, { state: 'running' }),
    ]
    const points = pointsOf(trials, 'maximize', [curve(2, 0.2, 0.7), curve(4, 0.8)])
    expect(points.map(({ trial, pruned, best }) => [trial, pruned, best])).toEqual([
      [1, null, 0.5],
      [2, 0.7, 0.5],
      [3, 0.9, 0.5],
    ])
    expect(valuesOf(points)).toEqual([0.5, 0.7, 0.9])
    expect([needCurves(trials), needCurves([trial(1, 0.5), trial(3, 0.9, { state: 'pruned' })])]).toEqual([
      true,
      false,
    ])
  })

  test('has round ticks around all values, and some for a single one', () => {
    expect(ticksOf([0.4122, 0.9622, 0.95])).toEqual([0.4, 0.6, 0.8, 1])
    const [first, ...others] = ticksOf([0])
    expect(first).toBeLessThanOrEqual(0)
    expect(others.at(-1)).toBeGreaterThan(0)
  })

  test('has round ticks around more values than a call takes arguments', () => {
    const many = Array.from({ length: 300_000 }, (_, index) => index / 300_000)
    expect(ticksOf(many)).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(boundsOfCurves([curve(0, ...many.slice(0, 9)), curve(1), curve(2, 7)])).toEqual([
      ...[0, 8 / 300_000],
      ...[7, 7],
    ])
    expect(boundsOfCurves([])).toEqual([])
  })

  test('can look closely at the better half, where that shows more', () => {
    const points = (...all: number[]) =>
      pointsOf(
        all.map((value, number) => trial(number, value)),
        'maximize',
      )
    const goal = { target: 0.95, direction: 'maximize' } as const
    const span = (all: number[] | null) => all && [Math.min(...all), Math.max(...all)]
    const many = points(0.1, 0.94, 0.2, 0.93, 0.9)
    expect(span(closeUp(many, [], goal))).toEqual([0.875, 0.95])
    expect(span(closeUp(many, [curve(1, 0.3, 0.97)], goal))).toEqual([0.875, 0.97])
    expect(closeUp(points(0.92, 0.94, 0.93, 0.91), [], goal)).toBeNull()
    expect(closeUp(points(0.1, 0.94, 0.93), [], goal)).toBeNull()
    expect(span(closeUp(points(9, 0.25, 8, 0.125), [], { target: 0, direction: 'minimize' }))).toEqual([
      0, 0.375,
    ])
  })

  test('the chart by epoch has a row for each step that any trial reports', () => {
    expect(rowsOf([curve(0, 0.1, 0.2, 0.3), curve(7, 0.5)])).toEqual([
      { step: 1, t0: 0.1, t7: 0.5 },
      { step: 2, t0: 0.2 },
      { step: 3, t0: 0.3 },
    ])
    expect(rowsOf([curve(0, 0.1, 0.2), curve(7, 0.5)], [7, null])).toEqual([
      { step: 1, t7: 0.5 },
      { step: 2 },
    ])
    expect(lastOf(7, [curve(7, 0.1, 0.5)])).toEqual({ step: 2, value: 0.5 })
    expect(lastOf(8, [curve(7, 0.1)])).toBeNull()
    expect(lastOfEach([curve(7, 0.1, 0.5), curve(8), curve(9, 0.2)])).toEqual(
      new Map([
        [7, { step: 2, value: 0.5 }],
        [9, { step: 1, value: 0.2 }],
      ]),
    )
  })
})

describe('the trial that is shown', () => {
  type State = TrialSummary['state']
  const run = (trials: Record<number, State>, state: 'running' | 'succeeded' = 'running', bestTrial = 1) => ({
    ...{ state, bestTrial },
    trials: Object.entries(trials).map(([number, state]) => ({ number: Number(number), state })),
  })

  test('is the one that was chosen, whatever else goes on', () => {
    const two = run({ 0: 'completed', 1: 'completed', 2: 'running', 3: 'running' })
    expect(trialToShow(two, 0, 3)).toBe(0)
    expect(trialToShow(two, 9, 3)).toBe(3)
  })

  test('stays while it trains, and gives way to another that trains', () => {
    expect(trialToShow(run({ 1: 'completed', 2: 'running', 3: 'running' }), null, null)).toBe(2)
    expect(trialToShow(run({ 1: 'completed', 2: 'running', 3: 'running' }), null, 3)).toBe(3)
    expect(trialToShow(run({ 1: 'completed', 2: 'running', 3: 'pruned' }), null, 3)).toBe(2)
  })

  test('stays until the next begins, and is the best at the end', () => {
    expect(trialToShow(run({ 0: 'completed', 1: 'completed', 2: 'failed' }), null, 2)).toBe(2)
    expect(trialToShow(run({ 0: 'completed', 1: 'completed', 2: 'failed' }), null, null)).toBe(1)
    expect(trialToShow(run({ 0: 'completed', 1: 'completed', 2: 'failed' }, 'succeeded'), null, 2)).toBe(1)
    expect(trialToShow(run({}), null, null)).toBeNull()
  })
})

describe('the outlook in words', () => {
  test.each([
    [0, 'under 1 %'],
    [0.004, 'under 1 %'],
    [0.62, '62 %'],
    [0.985, '99 %'],
    [1, 'over 99 %'],
  ])('a chance of %d is %s', (chance, words) => {
    expect(formatChance(chance)).toBe(words)
  })

  test('says within how many trials', () => {
    expect(chanceWords({ target: 0.95, trialBudget: 20, trialCount: 8 })).toBe(
      'to reach 0.95 within the 12 trials that are not done',
    )
    expect(chanceWords({ target: 0.95, trialBudget: 9, trialCount: 8 })).toBe(
      'to reach 0.95 within the 1 trial that is not done',
    )
  })

  test.each([
    [
      { trials: 7, chance: 0.004 },
      'Below 1 % (giveUp) the run ends, once 10 trials have a metric; 7 have one.',
    ],
    [
      { trials: 12, chance: 0.004 },
      'That is below 1 % (giveUp): the run ends with the trainings that are under way, unless one of them changes it.',
    ],
    [{ trials: 12, chance: 0.4 }, 'Below 1 % (giveUp) the run ends.'],
    [{ trials: 3, chance: null }, null],
  ])('says what the chance does to the run: %j', (known, words) => {
    const outlook = { ...known, best: null, importance: [], advice: [] }
    const run = { outlook, givesUp: { below: 0.01, after: 10 }, target: 0.95, settings: { giveUp: 0.01 } }
    expect(giveUpWords(run)).toBe(words)
  })

  test('calls a chance from fewer than ten trials a first impression', () => {
    expect(firstImpression({ trials: 9 })).toBe(
      'A first impression, from 9 trials: it may still change a lot.',
    )
    expect(firstImpression({ trials: 10 })).toBeNull()
  })

  test('says why a run spends its budget whatever the chance', () => {
    const outlook = { trials: 12, chance: 0, best: null, importance: [], advice: [] }
    const run = { outlook, givesUp: null, target: 1, settings: { giveUp: 0.01 } }
    expect(giveUpWords(run)).toBe(
      'It spends its budget whatever the chance: a target of 1 means as good as possible.',
    )
    expect(giveUpWords({ ...run, settings: { giveUp: 0 } })).toContain('giveUp is 0')
    expect(giveUpWords({ ...run, outlook: null })).toBeNull()
  })

  test('tells the trials under way from those that may still begin, which together are not done', () => {
    const left = { trials: 11, deadline: null, trainingMs: null, eta: null }
    const run = { trialBudget: 20, trialCount: 7, left }
    expect(leftWords(run)).toBe('2 under way, 11 left to begin')
    expect(leftWords({ ...run, trialCount: 9 })).toBe('11 left to begin')
    expect(leftWords({ ...run, left: null })).toBeNull()
  })

  test.each([
    [{ mean: 0.94926, sd: 0.0041 }, '0.949 ± 0.004'],
    [{ mean: 1234.56, sd: 56.7 }, '1235 ± 57'],
    [{ mean: 0.5, sd: 0 }, '0.5'],
    [{ mean: 0.5, sd: 1e-9 }, '0.5'],
    [{ mean: 12.04, sd: 0.25 }, '12.0 ± 0.3'],
  ])('an estimate has the digits that count: %j', (best, words) => {
    expect(formatEstimate(best)).toBe(words)
  })

  test('a target is met so far until another seed says otherwise', () => {
    const met = (['no', 'unconfirmed', 'refuted', 'yes'] as const).filter((met) => isMetSoFar({ met }))
    expect(met).toEqual(['unconfirmed', 'yes'])
  })

  test('a run is not confirmed where its best meets the target and it ended without', () => {
    expect(isUnconfirmed({ state: 'exhausted', met: 'refuted' })).toBe(true)
    expect(isUnconfirmed({ state: 'exhausted', met: 'unconfirmed' })).toBe(true)
    expect(isUnconfirmed({ state: 'exhausted', met: 'no' })).toBe(false)
    expect(isUnconfirmed({ state: 'running', met: 'unconfirmed' })).toBe(false)
    expect(isUnconfirmed({ state: 'succeeded', met: 'yes' })).toBe(false)
  })

  test('says how many other seeds have to meet the target', () => {
    expect([1, 2, undefined].map(otherSeeds)).toEqual([
      'with another seed',
      'with 2 other seeds',
      'with another seed',
    ])
  })

  test('shares are called a first impression while they come from few trials', () => {
    expect(shareWords(9)).toContain('may exceed 100 %. A first impression, from 9 trials.')
    expect(shareWords(10)).toMatch(/may exceed 100 %\.$/)
  })

  test('bars are as wide as the share, and leave out what does not matter', () => {
    const bars = barsOf([
      { name: 'lr', share: 0.8 },
      { name: 'batch', share: 0.2 },
      { name: 'seed', share: 0.001 },
    ])
    expect(bars).toEqual([
      { name: 'lr', share: '80 %', width: 80 },
      { name: 'batch', share: '20 %', width: 20 },
    ])
    expect(barsOf([])).toEqual([])
  })

  test('no bar is wider than its place', () => {
    const importance = fc.array(
      fc.record({ name: fc.string(), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    )
    fc.assert(
      fc.property(importance, (all) => {
        for (const { width } of barsOf(all)) expect(width > 0 && width <= 100).toBe(true)
      }),
    )
  })
})

test('a row says where its values come from only where it is worth a line', () => {
  expect(originWords(trial(3, 0.5))).toBe('')
  expect(originWords(trial(3, 0.5, { origin: 'the gaussian-process sampler' }))).toBe('')
  expect(originWords(trial(1, 0.5, { origin: 'the best of run #12, its trial 7' }))).toBe(
    'the best of run #12',
  )
  expect(originWords(trial(1, 0.5, { origin: 'more epochs: trial 4 still rises' }))).toBe('more epochs')
  expect(originWords(trial(0, 0.5, { origin: 'your own values' }))).toBe('your own values')
  expect(originWords(trial(5, 0.5, { repeats: 4, seed: 43, origin: 'trial 4 again' }))).toBe(
    'seed 43 of trial 4',
  )
})

test('a training that goes on after it was given up is no restart', () => {
  const states = (...all: TrialSummary['attempts'][number]['state'][]) => all.map((state) => ({ state }))
  expect(restartsOf(states('failed', 'lost', 'succeeded'))).toBe(2)
  expect(restartsOf(states('stopped', 'failed', 'running'))).toBe(1)
  expect(restartsOf([])).toBe(0)
  expect([undefined, { state: 'stopped' }, { state: 'failed' }].map((one) => reasonOf(one as never))).toEqual(
    [null, 'went on', 'restart'],
  )
})

test('the time of a training that went on is without the time between', () => {
  const attempt = (state: 'stopped' | 'failed' | 'running', startedAt: number, endedAt: number | null) => ({
    ...{ state, startedAt, endedAt },
  })
  const first = attempt('stopped', 1000, 3000)
  expect(trainedMs([first, attempt('stopped', 90_000, 95_000)])).toBe(7000)
  expect(trainedMs([first, attempt('running', 90_000, null)])).toBeNull()
  expect(trainedMs([attempt('failed', 0, 1), attempt('stopped', 5, 9)])).toBeNull()
  expect(trainedMs([])).toBeNull()
})

describe('the table of trials', () => {
  const values = (count: number, value: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, index < 8 ? value : 0]))

  test('has a column for each of a few hyperparameters', () => {
    const trials = [{ values: values(6, 1) }, { values: values(6, 1) }]
    expect(columnsOf(trials, [])).toEqual({ columns: ['h0', 'h1', 'h2', 'h3', 'h4', 'h5'], left: 0 })
  })

  test('has the most important of many that vary, in the order of the source', () => {
    const trials = [{ values: values(20, 1) }, { values: values(20, 2) }]
    const importance = ['h7', 'h19', 'h2'].map((name, index) => ({ name, share: 0.9 - index / 10 }))
    expect(columnsOf(trials, importance)).toEqual({
      columns: ['h0', 'h1', 'h2', 'h3', 'h4', 'h7'],
      left: 2,
    })
    expect(columnsOf([{ values: values(20, 1) }], importance)).toEqual({ columns: [], left: 0 })
    const shown = ['h0', 'h1']
    expect(sameNames(shown, ['h0', 'h1'])).toBe(shown)
    expect([sameNames(shown, ['h0']), sameNames(shown, ['h1', 'h0'])]).toEqual([['h0'], ['h1', 'h0']])
  })
})

test('a restart is named with its cause', () => {
  const failed = (code: string) =>
    reasonWords({ state: 'failed', failure: { kind: 'system', code, message: '', remedy: '' } })
  expect(failed('killed')).toBe('restart: killed')
  expect(failed('silent')).toBe('restart: silent')
  expect(failed('of-another-kind')).toBe('restart')
  expect(reasonWords({ state: 'lost', failure: null })).toBe('restart')
  expect(reasonWords({ state: 'stopped', failure: null })).toBe('went on')
  expect(reasonWords(undefined)).toBeNull()
})

test('what the monitor does with an attempt is said where it is more than to follow it', () => {
  const said = (
    attempt: Partial<Parameters<typeof watchWords>[0]>,
    more: Partial<Parameters<typeof watchWords>[1]> = {},
  ) =>
    watchWords(
      { state: 'running', silentMs: 0, notBefore: null, ...attempt },
      { engineAway: false, silentLimit: 15, now: 1000, ...more },
    )
  expect(said({})).toBeNull()
  expect(said({ silentMs: 59_000 })).toBeNull()
  expect(said({ silentMs: 300_000 })).toMatch(/^No sign of life for 5 min.*at 15 minutes it is stopped/)
  expect(said({ state: 'failed', silentMs: 900_000 })).toBeNull()
  expect(said({ state: 'starting', notBefore: 9000 })).toMatch(/starts in 8/)
  expect(said({ state: 'starting', notBefore: 900 })).toBeNull()
  expect(said({ silentMs: 300_000 }, { engineAway: true })).toMatch(/while the engine is away/)
  expect(said({ state: 'succeeded' }, { engineAway: true })).toBeNull()
})
