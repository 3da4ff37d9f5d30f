import { expect, test } from 'vitest'
import { epochsSaved } from '../../src/domain/attempt-report.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { parseEvents } from '../../src/metrics/events.ts'
import { emptyReport, lastOf } from '../../src/metrics/report.ts'

const reportOf = (...events: object[]) =>
  parseEvents(events.map((event) => `${JSON.stringify({ v: 1, at: 5, ...event })}\n`).join('')).report

const checkpoint = { type: 'checkpoint', place: 'fit#0', bytes: 10, seconds: 0.25 }
const resumed = { type: 'resumed', place: 'fit#0', step: 4, attempt: 1, by: 'hone' }
const warning = { type: 'warning', code: 'checkpoint', message: 'No checkpoint can be kept.' }

test('what the runtime tells of itself', () => {
  expect(reportOf()).toEqual(emptyReport())
  const report = reportOf(
    { type: 'start', python: '3.13.5', argv: ['train.py'] },
    { type: 'framework', name: 'pytorch', version: '2.6' },
    { type: 'framework', name: 'keras', version: null },
    resumed,
    { type: 'heartbeat', memory: 100, at: 7 },
    { type: 'heartbeat', memory: null, at: 8.5 },
    { type: 'end', exit: 143, reason: 'stopped', memory: 90 },
  )
  expect(report).toEqual({
    ...emptyReport(),
    python: '3.13.5',
    frameworks: { pytorch: '2.6', keras: null },
    resumed: { step: 4, attempt: 1, by: 'hone', why: null },
    heartbeatAt: 8500,
    memory: 100,
    end: 'stopped',
  })
})

test('the last checkpoint, and what all of them took', () => {
  expect(reportOf({ ...checkpoint, step: 1 }, { ...checkpoint, step: 2, at: 9 }).checkpoint).toEqual({
    ...{ step: 2, at: 9000, bytes: 10, seconds: 0.25 },
    ...{ count: 2, totalSeconds: 0.5 },
  })
})

test('a warning is told once, and there are not endlessly many', () => {
  expect(reportOf(warning, warning).warnings).toHaveLength(1)
  const many = Array.from({ length: 100 }, (_, index) => ({ ...warning, message: `${index}` }))
  expect(reportOf(...many).warnings).toHaveLength(20)
  const long = reportOf({ ...warning, message: 'x'.repeat(10_000) }).warnings[0]
  expect(long?.message).toHaveLength(500)
})

test('the epochs that are saved are those of the last attempt that has a checkpoint', () => {
  const second = reportOf({ ...checkpoint, step: 2 })
  expect(epochsSaved([null, emptyReport()])).toBeNull()
  expect(epochsSaved([second, null, emptyReport()])).toBe(2)
  expect(epochsSaved([second, reportOf(resumed)])).toBe(4)
  expect(epochsSaved([second, reportOf(resumed, { ...checkpoint, step: 6 })])).toBe(6)
  expect(epochsSaved([reportOf({ ...resumed, by: 'script', step: null, attempt: null })])).toBeNull()
})

test('the last value of the objective, else of any metric', () => {
  const metric = (value: number, step: number | null, rest: Partial<Metric> = {}): Metric => ({
    ...{ name: 'accuracy', split: 'validation', source: 'log', evidence: '', line: 1, value, step },
    ...rest,
  })
  const loss = metric(2, 9, { name: 'loss' })
  const last = (...metrics: Metric[]) => lastOf(metrics, 'val_acc')
  expect(last()).toBeNull()
  expect(last(loss)).toEqual({ name: 'loss', split: 'validation', value: 2, step: 9 })
  expect(last(metric(0.5, 1), metric(0.6, 2), metric(0.55, 1, { source: 'event' }), loss)).toMatchObject({
    value: 0.6,
    step: 2,
  })
  expect(last(metric(0.7, null), metric(0.6, 2, { source: 'event' }))).toMatchObject({ value: 0.7 })
  expect(last(metric(Number.NaN, 1))).toMatchObject({ value: null })
  expect(last(metric(0.9, 3, { source: 'variable' }), metric(0.5, 1))).toMatchObject({ value: 0.5 })
})
