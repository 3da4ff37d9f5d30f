import { expect, test } from 'vitest'
import { keysOf, tableOf } from '../../web/src/epochs.ts'
import { nearestCurve } from '../../web/src/points.ts'
import { aMetric } from './metric.ts'

const curves = [
  { trial: 0, points: [{ step: 1, value: 0.2 }] },
  {
    trial: 3,
    points: [
      { step: 1, value: 0.4 },
      { step: 2, value: 0.9 },
    ],
  },
]
/** A chart of 100 pixels from 0 to 1. */
const place = (value: number) => 100 - 100 * value

test.each([
  [1, 79, 0],
  [1, 62, 3],
  [2, 12, 3],
  [2, 80, null],
  [7, 10, null],
])('the curve nearest to epoch %i and %i pixels is that of trial %s', (step, y, trial) => {
  expect(nearestCurve(curves, step, y, place, 24)).toBe(trial)
})

test('a value that is not finite is near to nothing', () => {
  const broken = [{ trial: 0, points: [{ step: 1, value: Number.NaN }] }]
  expect(nearestCurve(broken, 1, 50, place, 24)).toBe(null)
})

test('the metrics of one epoch stand in one row, the latest epoch first', () => {
  const line = (step: number) => `Epoch ${step}: loss 0.${step} - accuracy 0.${step}`
  const metrics = [1, 2, 3].flatMap((step) => [
    aMetric({
      name: 'accuracy',
      split: 'validation',
      value: step / 10,
      step,
      line: step,
      evidence: line(step),
    }),
    aMetric({ name: 'loss', split: 'unknown', value: 1 / step, step, line: step, evidence: line(step) }),
  ])
  const table = tableOf([
    ...metrics,
    aMetric({ name: 'accuracy', split: 'test', value: 0.9, decisive: true }),
  ])
  expect(table.columns).toEqual(['accuracy validation', 'loss'])
  expect(table.epochs.map(({ step }) => step)).toEqual([3, 2, 1])
  expect(table.epochs[0]?.metrics.map((metric) => metric?.value)).toEqual([0.3, 1 / 3])
  expect(table.epochs[0]?.evidence).toEqual([{ place: 'log line 3', text: line(3) }])
  expect(table.single.map(({ split }) => split)).toEqual(['test'])
})

test('of a value that the script printed and the runtime saw, the line counts', () => {
  const seen = { name: 'accuracy', split: 'validation', step: 1 } as const
  const [row] = tableOf([
    aMetric({ ...seen, value: 0.9812, source: 'log', line: 4, evidence: 'val_accuracy: 0.9812' }),
    aMetric({ ...seen, value: 0.98123, source: 'event', line: 9, evidence: 'a variable was 0.98123' }),
  ]).epochs
  expect(row?.metrics.map((metric) => metric?.value)).toEqual([0.9812])
  expect(row?.evidence).toEqual([{ place: 'log line 4', text: 'val_accuracy: 0.9812' }])
})

test('an epoch that was trained again after a restart has a row for each attempt', () => {
  const table = tableOf([
    aMetric({ attemptId: 1, step: 1, value: 0.1 }),
    aMetric({ attemptId: 1, step: 2, value: 0.2 }),
    aMetric({ attemptId: 2, step: 2, value: 0.25 }),
  ])
  expect(table.epochs.map(({ attemptId, step }) => [attemptId, step])).toEqual([
    [2, 2],
    [1, 2],
    [1, 1],
  ])
})

test('of two reports of the same metric the decisive one is shown, and where both were read', () => {
  const table = tableOf([
    aMetric({ step: 1, value: 0.5, source: 'event', line: null, evidence: 'a', decisive: true }),
    aMetric({ step: 1, value: 0.51, evidence: 'b' }),
    aMetric({ step: 1, value: 0.6, name: 'f1', evidence: 'b' }),
    aMetric({ step: 2, value: 0.7, evidence: 'c' }),
  ])
  expect(table.epochs[1]).toMatchObject({
    isDecisive: true,
    metrics: [{ value: 0.5 }, { value: 0.6 }],
    evidence: [
      { place: 'report', text: 'a' },
      { place: 'log line 3', text: 'b' },
    ],
  })
  expect(table.epochs[0]?.metrics).toMatchObject([{ value: 0.7 }, null])
})

test('two values of one place have keys of their own, which they keep when a later one comes', () => {
  const alike = [1, 2, 3].map((value) => aMetric({ source: 'event', line: null, value }))
  const [oldest, older] = keysOf(alike.slice(0, 2).reverse()).reverse()
  expect(oldest).not.toBe(older)
  expect(
    keysOf([...alike].reverse())
      .reverse()
      .slice(0, 2),
  ).toEqual([oldest, older])
})
