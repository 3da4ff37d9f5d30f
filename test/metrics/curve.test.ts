import { expect, test } from 'vitest'
import type { Metric } from '../../src/domain/metric.ts'
import { curveOf } from '../../src/metrics/curve.ts'
import { createLogReader } from '../../src/metrics/log-lines.ts'

const metric = (step: number | null, value: number, rest: Partial<Metric> = {}): Metric => ({
  name: 'accuracy',
  split: 'validation',
  value,
  step,
  source: 'log',
  evidence: `epoch ${step}: val accuracy ${value}`,
  line: null,
  ...rest,
})
const curve = (metrics: Metric[], name = 'accuracy') =>
  curveOf(metrics, { metric: name }).map(({ step, value }) => [step, value])

test('the objective of each epoch, from the lines of a log', () => {
  const reader = createLogReader('accuracy')
  const lines = [
    'Epoch 1: val acc 0.5',
    'Epoch 2: val acc 61 %',
    'lr 0.1',
    'Epoch 3: val acc 0.7',
    'Test accuracy: 0.69',
  ]
  const metrics = lines.flatMap((line, index) => reader.read(line, index + 1))
  expect(curve(metrics)).toEqual([
    [1, 0.5],
    [2, 0.61],
    [3, 0.7],
  ])
})

test('no curve without steps, or of another metric', () => {
  expect(curve([])).toEqual([])
  expect(curve([metric(null, 0.9)])).toEqual([])
  expect(curve([metric(1, 0.9, { name: 'loss' })])).toEqual([])
})

test('steps counted from 0 are counted from 1', () => {
  expect(curve([metric(0, 0.1), metric(1, 0.2)])).toEqual([
    [1, 0.1],
    [2, 0.2],
  ])
  expect(curve([metric(1, 0.1), metric(2, 0.2)])).toEqual([
    [1, 0.1],
    [2, 0.2],
  ])
  expect(curve([metric(-1, 0.1), metric(0, 0.2)])).toEqual([[1, 0.2]])
})

test('the most trustworthy split that has steps', () => {
  const train = [
    metric(1, 0.8, { split: 'train' }),
    metric(2, 0.9, { split: 'train' }),
    metric(3, 1, { split: 'train' }),
  ]
  const unknown = [metric(1, 0.7, { split: 'unknown' })]
  const validation = [metric(2, 0.6)]
  const test = [metric(null, 0.5, { split: 'test' })]
  expect(curve(train)).toHaveLength(3)
  expect(curve([...train, ...unknown])).toEqual([[1, 0.7]])
  expect(curve([...train, ...unknown, ...validation, ...test])).toEqual([[2, 0.6]])
  expect(curve([...validation, metric(4, 0.4, { split: 'test' })])).toEqual([[4, 0.4]])
})

test('a split that the settings name is the only one', () => {
  const both = [metric(1, 0.6), metric(1, 0.5, { split: 'test' }), metric(1, 0.9, { split: 'train' })]
  expect(curve(both, 'val_acc')).toEqual([[1, 0.6]])
  expect(curve(both, 'train_accuracy')).toEqual([[1, 0.9]])
  expect(curve([metric(1, 0.6)], 'test_accuracy')).toEqual([])
})

test('of a step that comes twice the later value counts, as after a restart', () => {
  const attempts = [
    metric(1, 0.1),
    metric(2, 0.2),
    metric(3, 0.3),
    metric(2, 0.25),
    metric(3, 0.35),
    metric(4, 0.4),
  ]
  expect(curve(attempts)).toEqual([
    [1, 0.1],
    [2, 0.25],
    [3, 0.35],
    [4, 0.4],
  ])
})

test('NaN and infinities are kept', () => {
  const broken = [
    metric(1, 2.3, { name: 'loss' }),
    metric(2, Number.NaN, { name: 'loss' }),
    metric(3, Infinity, { name: 'loss' }),
  ]
  expect(curve(broken, 'loss')).toEqual([
    [1, 2.3],
    [2, Number.NaN],
    [3, Infinity],
  ])
})

test('two sources that count differently are not mixed: the longer one counts, events before the log', () => {
  const events = [metric(0, 0.512, { source: 'event' }), metric(1, 0.613, { source: 'event' })]
  const log = [metric(1, 0.51), metric(2, 0.61)]
  expect(curve([...log, ...events])).toEqual([
    [1, 0.512],
    [2, 0.613],
  ])
  expect(curve([...events, ...log, metric(3, 0.7)])).toEqual([
    [1, 0.51],
    [2, 0.61],
    [3, 0.7],
  ])
})

test('values found in variables are a curve only where there is no other', () => {
  const variables = [1, 2, 3].map((step) => metric(step, step / 10, { source: 'variable', split: 'test' }))
  expect(curve(variables)).toEqual([
    [1, 0.1],
    [2, 0.2],
    [3, 0.3],
  ])
  expect(curve([...variables, metric(1, 0.5)])).toEqual([[1, 0.5]])
  expect(curve([...variables, metric(null, 0.5)])).toHaveLength(3)
})
