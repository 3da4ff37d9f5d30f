import { describe, expect, test } from 'vitest'
import { parseDiff } from '../../web/src/diff-lines.ts'
import { formatBytes, formatDuration, formatNumber, formatRelative } from '../../web/src/format.ts'
import { appendLog, emptyLog, logText, MAX_LINES } from '../../web/src/log-buffer.ts'
import { pointsOf, ticksOf } from '../../web/src/points.ts'
import { stagesOf } from '../../web/src/stages.ts'

const trial = (number: number, metric: number | null) => ({
  id: number,
  number,
  state: 'completed' as const,
  values: {},
  sha: '',
  metric,
  failure: null,
  attempts: [],
  startedAt: null,
  endedAt: null,
})

type Job = Parameters<typeof stagesOf>[0][number]
const job = (name: Job['name'], state: Job['state'], failure: Job['failure'] = null): Job => ({
  id: 1,
  name,
  key: name,
  state,
  failure,
  tries: 0,
  runAfter: 0,
  createdAt: 0,
  startedAt: 0,
  endedAt: 0,
})

test('numbers, durations and times are short and keep what matters', () => {
  expect([0.96222, 0.5, 0, 1e-5, 0.00048, 1797, 12345678].map(formatNumber)).toEqual([
    '0.9622',
    '0.5',
    '0',
    '1e-5',
    '4.8e-4',
    '1797',
    '1.235e+7',
  ])
  expect(formatNumber(Number.NaN)).toBe('NaN')
  expect([850, 4240, 59_600, 192_000, 7_500_000].map(formatDuration)).toEqual([
    '850 ms',
    '4.2 s',
    '59 s',
    '3 min 12 s',
    '2 h 5 min',
  ])
  expect(formatRelative(1000, 2000)).toBe('just now')
  expect(formatRelative(0, 300_000)).toBe('5 min ago')
  expect(formatRelative(30_000, 0)).toBe('in 30 s')
  expect([0, 1023, 184_320].map(formatBytes)).toEqual(['0 B', '1023 B', '180.0 KiB'])
})

describe('a log', () => {
  test('grows in its last line, and what a carriage return replaced is not shown', () => {
    let log = appendLog(emptyLog, 'Epoch 1: 10%\rEpoch 1: 5')
    log = appendLog(log, '0%\rEpoch 1: 100%\r\nEpoch ')
    log = appendLog(log, '2\n')
    expect(logText(log)).toBe('Epoch 1: 100%\nEpoch 2\n')
  })

  test('keeps the last lines only and counts the others', () => {
    const lines = Array.from({ length: MAX_LINES + 99 }, (_, index) => `${index}\n`)
    const log = appendLog(emptyLog, lines.join(''))
    expect(log.lines).toHaveLength(MAX_LINES)
    expect(log.dropped).toBe(100)
    expect(log.lines.at(-2)).toBe(String(MAX_LINES + 98))
  })
})

describe('a diff', () => {
  const diff = '--- a/t.py\n+++ b/t.py\n@@ -1,4 +1,4 @@\n x = 1\n-lr = 0.5\n---n\n+lr = 0.05\n+--m\n'

  test('tells headers from removed lines that look like them', () => {
    expect(parseDiff(diff).map(({ kind }) => kind)).toEqual([
      'file',
      'file',
      'hunk',
      'same',
      'del',
      'del',
      'add',
      'add',
    ])
  })

  test('marks what differs between a removed line and the one in its place', () => {
    const marked = parseDiff(diff).map(({ text, changed }) => (changed ? text.slice(...changed) : null))
    expect(marked.slice(4)).toEqual(['0.5', 'n', '0.05', 'm'])
  })
})

describe('the chart', () => {
  test('knows the best so far in both directions and leaves out trials without a value', () => {
    const trials = [trial(0, 0.4), trial(1, null), trial(2, 0.9), trial(3, 0.7)]
    expect(pointsOf(trials, 'maximize').map(({ trial, best }) => [trial, best])).toEqual([
      [0, 0.4],
      [2, 0.9],
      [3, 0.9],
    ])
    expect(pointsOf(trials, 'minimize').map(({ best }) => best)).toEqual([0.4, 0.4, 0.4])
  })

  test('has round ticks around all values, and some for a single one', () => {
    const point = (value: number) => ({ trial: 0, value, best: value })
    expect(ticksOf([point(0.4122), point(0.9622)], 0.95)).toEqual([0.4, 0.6, 0.8, 1])
    const [first, ...others] = ticksOf([point(0)], 0)
    expect(first).toBeLessThanOrEqual(0)
    expect(others.at(-1)).toBeGreaterThan(0)
  })
})

test('a stage is what runs or waits now, else how its last job ended', () => {
  const failure = { kind: 'unavailable', code: 'x', message: 'x', remedy: '' } as const
  const stages = stagesOf([
    job('git-import', 'done'),
    job('detect-model', 'queued', failure),
    job('train', 'done'),
    job('train', 'failed'),
    job('tweak', 'running'),
    job('tweak', 'done'),
  ])
  expect(stages.map(({ state }) => state)).toEqual(['done', 'waiting', 'failed', 'running', 'none'])
})
