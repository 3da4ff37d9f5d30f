import { expect, test } from 'vitest'
import type { HyperparameterView, RunView, TrialSummary } from '../../src/http/contract.ts'
import { axesOf, brushByKey, isIn, metricAxis, pointsIn } from '../../web/src/space.ts'
import { timelineOf, timeTicks } from '../../web/src/timeline.ts'

const aParameter = (name: string, distribution: HyperparameterView['distribution']): HyperparameterView => ({
  ...{ name, distribution, file: 'train.py', line: 1, column: 1, value: 1, source: '' },
  ...{ ties: [], condition: null, structure: false },
})

const aTrial = (number: number, change: Partial<TrialSummary>): TrialSummary => ({
  ...{
    id: number,
    number,
    state: 'completed',
    values: {},
    origin: '',
    repeats: null,
    seed: 0,
    pruning: null,
  },
  ...{ sha: '', metric: null, failure: null, attempts: [], startedAt: null, endedAt: null },
  ...change,
})

const parameters = [
  aParameter('activation', { type: 'categorical', choices: ['relu', 'tanh'] }),
  aParameter('lr', { type: 'float', low: 1e-4, high: 1, log: true }),
  aParameter('units', { type: 'int', low: 4, high: 8, log: false }),
  aParameter('fixed', { type: 'int', low: 1, high: 3, log: false }),
]
const trials = [
  aTrial(0, { metric: 0.4, values: { lr: 1, units: 4, activation: 'tanh', fixed: 1 } }),
  aTrial(1, { metric: 0.8, values: { lr: 0.01, units: 8, activation: 'relu', fixed: 1 } }),
  aTrial(2, { metric: 0.9, values: { lr: 0.01, units: 8, activation: 'relu', fixed: 1 }, repeats: 1 }),
  aTrial(3, { state: 'failed', values: { lr: 0.1, units: 6, activation: 'relu', fixed: 1 } }),
  aTrial(4, { state: 'pruned', values: { lr: 5, activation: 'gelu', fixed: 1 } }),
]
const curves = [{ trial: 4, points: [{ step: 1, value: 0.2 }] }]
const run = { metric: 'accuracy', target: 0.95, direction: 'maximize', trials } as unknown as RunView

test('an axis for what varies, the most important first, in the scale of its range', () => {
  const importance = [
    { name: 'lr', share: 0.7 },
    { name: 'units', share: 0.2 },
  ]
  const axes = axesOf(parameters, trials, importance)
  expect(axes.map(({ name }) => name)).toEqual(['lr', 'units', 'activation'])

  const [lr, units, activation] = axes
  expect([1e-4, 0.01, 1, 5, 0, 'x', null].map((value) => lr?.at(value))).toEqual([
    0,
    0.5,
    1,
    1,
    null,
    null,
    null,
  ])
  expect(lr?.ticks.map(({ text }) => text)).toEqual(['0.0001', '0.001', '0.01', '0.1', '1'])
  expect([units?.at(6), activation?.at('tanh'), activation?.at('gelu')]).toEqual([0.5, 0.5, 1])
})

test('points are the trials with a value, and lie in or out of brushed parts', () => {
  const axes = axesOf(parameters, trials, [])
  const metric = metricAxis(run, curves)
  expect([metric.ticks[0]?.at, metric.ticks.at(-1)?.at]).toEqual([0, 1])
  const points = pointsIn(run, curves, axes, metric)
  expect(points.map(({ trial }) => trial)).toEqual([0, 1, 4])
  expect(points[1]?.title).toBe('trial 1: accuracy 0.8, activation relu, lr 0.01, units 8')
  const all = [...axes, metric]
  const kept = (brushes: Parameters<typeof isIn>[2]) =>
    points.filter((point) => isIn(point, all, brushes)).map(({ trial }) => trial)
  expect(kept({})).toEqual([0, 1, 4])
  expect(kept({ lr: [0.4, 0.6] })).toEqual([1])
  expect(kept({ units: [0, 1] })).toEqual([0, 1])
  expect(kept({ accuracy: [0, 0.3], lr: [0.9, 1] })).toEqual([0, 4])
})

test('keys narrow a brush and widen it again', () => {
  const low = brushByKey('ArrowUp', false)
  expect(low).toEqual([0.1, 1])
  expect(brushByKey('ArrowDown', false, low ?? undefined)).toEqual([0.1, 0.9])
  expect(brushByKey('ArrowDown', true, [0.1, 1])).toBeNull()
  expect(brushByKey('Escape', false, [0.1, 1])).toBeNull()
  expect(brushByKey('Tab', false)).toBeUndefined()
})

test('a timeline has a row for each stage and trial that has begun, and round times', () => {
  const job = { key: 'tweak:1', failure: null, tries: 2, runAfter: 0, createdAt: 0 }
  const timeline = timelineOf({
    ...run,
    ...{ state: 'running', createdAt: 5, startedAt: 10, endedAt: null },
    jobs: [
      { ...job, id: 1, name: 'tweak', state: 'done', startedAt: 20, endedAt: 30 },
      { ...job, id: 2, name: 'notify', state: 'queued', startedAt: null, endedAt: null },
    ],
  } as RunView)
  expect(timeline).toMatchObject({ from: 10, to: null })
  expect(timeline.rows.map(({ label }) => label)).toEqual(['tweak'])
  expect(timeline.rows[0]?.spans[0]).toMatchObject({ title: 'tweak:1: done', lines: ['tried again 2 times'] })
  expect(timeTicks(50_000)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000])
  expect(timeTicks(3 * 86_400_000)).toHaveLength(4)
  expect(timeTicks(40 * 86_400_000).length).toBeLessThanOrEqual(7)
})
