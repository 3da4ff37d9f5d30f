import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Metric } from '../../src/domain/metric.ts'
import { createEventReader, parseEvents, readableEvidence } from '../../src/metrics/events.ts'
import { readMetricFiles } from '../../src/metrics/files.ts'

const lines = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')
const metric = { v: 1, type: 'metric', at: 12.5, name: 'accuracy', value: 0.81, step: null }

test('reads metrics and the exception', () => {
  const text = lines(
    { v: 1, type: 'start', at: 1, python: '3.13.5', argv: ['train.py'] },
    { ...metric, split: 'test', file: 'train.py', line: 9 },
    { ...metric, name: 'val_acc', value: 0.7, step: 3 },
    {
      v: 1,
      type: 'exception',
      at: 2,
      error: 'ValueError',
      message: 'bad',
      file: 'a.py',
      line: 3,
      code: 'f()',
    },
    { v: 1, type: 'end', at: 3, exit: 1 },
  )
  const events = parseEvents(text)
  expect(events.metrics).toEqual([
    {
      name: 'accuracy',
      split: 'test',
      value: 0.81,
      step: null,
      source: 'event',
      evidence: text.split('\n')[1],
      line: 2,
    },
    expect.objectContaining({ name: 'accuracy', split: 'validation', value: 0.7, step: 3 }),
  ])
  expect(events.exception).toMatchObject({ error: 'ValueError', file: 'a.py', line: 3, code: 'f()' })
  expect(events.badLines).toBe(0)
})

test('counts what is no event: other versions, rubbish, a line cut off by a kill', () => {
  const text = `${lines({ ...metric, v: 2 }, metric, { ...metric, value: '3' })}garbage\n[]\n\n{"v":1,"type":"me`
  const events = parseEvents(text)
  expect(events.metrics).toHaveLength(1)
  expect(events.badLines).toBe(5)
})

test("reads NaN and infinities in Python's spelling", () => {
  const text = [
    '{"v": 1, "type": "metric", "at": 1, "name": "loss", "value": NaN, "step": 1}',
    '{"v": 1, "type": "metric", "at": 1, "name": "loss", "step": 1, "value": -Infinity}',
    lines({ ...metric, name: 'loss', value: 'inf' }),
  ].join('\n')
  const events = parseEvents(text)
  expect(events.metrics.map(({ value }) => value)).toEqual([Number.NaN, -Infinity, Infinity])
})

test('reads as a place and a value', () => {
  const [found] = parseEvents(lines({ ...metric, value: 0.81, split: 'test', file: 'a.py', line: 3 })).metrics
  expect(found && readableEvidence(found)).toBe('a.py:3 computed accuracy 0.81 (test)')
  const log = { ...(found as Metric), source: 'log' as const, evidence: 'Test accuracy: 0.81' }
  expect(readableEvidence(log)).toBe('Test accuracy: 0.81')
})

const epoch = { v: 1, type: 'epoch', at: 2, step: 3, total: 5, seconds: 0.1 }

test('reads the metrics of an epoch: bare names are of the training data', () => {
  const metrics = { loss: 0.5, accuracy: 0.9, val_accuracy: 0.8, val_acc: 0.7, test_f1: 'nan' }
  const text = lines({ ...epoch, metrics })
  const found = parseEvents(text).metrics
  expect(found.map(({ name, split, value }) => [name, split, value])).toEqual([
    ['loss', 'train', 0.5],
    ['accuracy', 'train', 0.9],
    ['accuracy', 'validation', 0.8],
    ['f1', 'test', Number.NaN],
  ])
  expect(found[0]).toMatchObject({ step: 3, source: 'event', line: 1, evidence: text.trim() })
  expect(readableEvidence(found[2] as Metric)).toBe('epoch 3 ended with accuracy 0.8 (validation)')
})

test('of a variable without a split in its name nobody knows what it is of', () => {
  const found = (metrics: object) => parseEvents(lines({ ...epoch, weak: true, metrics })).metrics
  expect(found({ acc: 0.9 })).toMatchObject([{ name: 'accuracy', split: 'unknown', source: 'variable' }])
  expect(found({ acc: 0.9, val_loss: 1 })).toMatchObject([{ split: 'train' }, { split: 'validation' }])
  expect(readableEvidence(found({ acc: 0.9 })[0] as Metric)).toBe(
    'a variable of the script was accuracy 0.9 after epoch 3',
  )
})

test('a file that grows is read as one that is whole, wherever it is cut', () => {
  const text = `${lines({ ...epoch, metrics: { val_accuracy: 0.8 } }, metric, { ...metric, v: 2 }, metric)}{"cut`
  const whole = parseEvents(text)
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const reader = createEventReader()
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
      const parts = places.slice(1).map((place, index) => text.slice(places[index], place))
      const metrics = [...parts.flatMap((part) => reader.push(part)), ...reader.end()]
      expect(metrics).toEqual(whole.metrics)
      expect(reader.badLines).toBe(whole.badLines)
    }),
  )
})

test('a line without end is no event, and takes no more room than it has to', () => {
  const reader = createEventReader()
  for (let part = 0; part < 20; part++) reader.push('x'.repeat(100_000))
  expect(reader.push(`\n${lines(metric)}`)).toHaveLength(1)
  expect(reader.badLines).toBe(1)
})

test('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => parseEvents(text).metrics.length === 0))
  fc.assert(fc.property(fc.json(), (text) => parseEvents(text).metrics.length === 0))
})

test('reads accuracy.txt', () => {
  const read = (text: string) =>
    readMetricFiles({ 'accuracy.txt': text }).map(({ split, value }) => [split, value])
  expect(read('0.81\n')).toEqual([['unknown', 0.81]])
  expect(read('81 %')).toEqual([['unknown', 0.81]])
  expect(read('test accuracy: 0.81')).toEqual([['test', 0.81]])
  expect(read('0.7\n0.8\n')).toEqual([['unknown', 0.8]])
  expect(read('see log')).toEqual([])
  expect(read('')).toEqual([])
  expect(readMetricFiles({ 'out/accuracy.txt': '0.81' })).toEqual([
    {
      name: 'accuracy',
      split: 'unknown',
      value: 0.81,
      step: null,
      source: 'file',
      evidence: 'accuracy.txt: 0.81',
      line: 1,
    },
  ])
})

test('keeps the beginning of an endless message', () => {
  const said = { v: 1, type: 'exception', at: 1, error: 'E'.repeat(900_000), message: 'no '.repeat(40_000) }
  const { exception, badLines } = parseEvents(lines(said))
  expect(badLines).toBe(0)
  expect([exception?.error.length, exception?.message.length]).toEqual([300, 2000])
})

test('reads metrics.json, flat or one level deep', () => {
  const content = {
    accuracy: 81,
    test: { f1: 0.7, note: 'x', deep: { f1: 1 } },
    val_loss: 0.3,
    list: [1],
    ok: true,
  }
  const found = readMetricFiles({ 'metrics.json': JSON.stringify(content) })
  expect(found.map(({ name, split, value }) => [name, split, value])).toEqual([
    ['accuracy', 'unknown', 0.81],
    ['f1', 'test', 0.7],
    ['loss', 'validation', 0.3],
  ])
  expect(found[1]?.evidence).toBe('metrics.json: test.f1 = 0.7')
  expect(readMetricFiles({ 'metrics.json': '{"accuracy": ' })).toEqual([])
  expect(readMetricFiles({ 'metrics.json': '[0.8]' })).toEqual([])
})
