import { describe, expect, test } from 'vitest'
import { parseDiff } from '../../web/src/diff-lines.ts'
import {
  columnFormat,
  formatBytes,
  formatDuration,
  formatNumber,
  formatParameter,
  formatRelative,
} from '../../web/src/format.ts'
import { describeDistribution, describeTies } from '../../web/src/parameters.ts'
import {
  noMailReason,
  runningOf,
  type Stage,
  stagesOf,
  stageWord,
  waitingOf,
  waitsForSlot,
  wordOf,
} from '../../web/src/stages.ts'

type RunState = Parameters<typeof stagesOf>[0]['state']
type Failure = Parameters<typeof stagesOf>[0]['trials'][number]['failure']
type Job = Parameters<typeof stagesOf>[0]['jobs'][number]
const job = (name: Job['name'], state: Job['state'], failure: Job['failure'] = null): Job => ({
  id: 1,
  name,
  key: name,
  state,
  failure,
  trial: null,
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
  expect([850, 999.7, 4240, 9_990, 59_600, 192_000, 7_500_000].map(formatDuration)).toEqual([
    '850 ms',
    '1.0 s',
    '4.2 s',
    '9.9 s',
    '59 s',
    '3 min 12 s',
    '2 h 5 min',
  ])
  expect(formatRelative(1000, 2000)).toBe('just now')
  expect(formatRelative(0, 300_000)).toBe('5 min ago')
  expect(formatRelative(30_000, 0)).toBe('in 30 s')
  expect([0, 1023, 184_320].map(formatBytes)).toEqual(['0 B', '1023 B', '180.0 KiB'])
  expect([1024 ** 2 - 1, 1.5 * 1024 ** 4].map(formatBytes)).toEqual(['1.0 MiB', '1.5 TiB'])
})

test.each([
  [59_900, '59 s ago', 'in 1 min'],
  [3_599_000, '59 min ago', 'in 1 h'],
  [7_100_000, '1 h ago', 'in 2 h'],
  [86_399_000, '23 h ago', 'in 1 d'],
])('%d ms are %s, and %s', (ms, ago, ahead) => {
  expect(formatRelative(0, ms)).toBe(ago)
  expect(formatRelative(ms, 0)).toBe(ahead)
})

test('hyperparameters keep every digit of the source, as Python spells them', () => {
  const values = [0.00452, 0.0001, 0.000131, 0.00001, 0.1 + 0.2, 256, 1_000_000, true, 'relu', [64, 32]]
  expect(values.map(formatParameter)).toEqual([
    ...['0.00452', '0.0001', '0.000131', '1e-5', '0.3', '256', '1000000', 'True', 'relu', '[64,32]'],
  ])
})

test('numbers in a column have the same number of decimals', () => {
  const column = [0.376, 0.8961, 1, null, 1e-5]
  const format = columnFormat(column)
  expect(column.map((value) => value && format(value))).toEqual(['0.3760', '0.8961', '1.0000', null, '1e-5'])
  expect([3, 12].map(columnFormat([3, 12]))).toEqual(['3', '12'])
  expect(columnFormat([Number.NaN])(Number.NaN)).toBe('NaN')
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

describe('a stage', () => {
  const RUNNING = { state: 'running', trials: [], conclusion: null } as const
  test('is what runs or waits now, else how its last job ended', () => {
    const failure = { kind: 'unavailable', code: 'x', message: 'x', remedy: '' } as const
    const jobs = [
      job('git-import', 'done'),
      job('detect-model', 'queued', failure),
      job('train', 'done'),
      job('train', 'failed'),
      job('tweak', 'running'),
      job('tweak', 'done'),
    ]
    const stages = stagesOf({ ...RUNNING, jobs })
    expect(stages.map(({ state }) => state)).toEqual(['done', 'waiting', 'failed', 'running', 'none'])
  })

  const failure = (message: string) => ({ kind: 'user', code: 'x', message, remedy: '' }) as const
  const lost = { kind: 'failed', reason: 'boom', failure: failure('boom') } as const
  const trainState = (state: RunState, job: Job, failures: Failure[]) =>
    stagesOf({ state, jobs: [job], conclusion: lost, trials: failures.map((failure) => ({ failure })) })[2]
      ?.state

  test('train has failed when a trial failed the run, though the job is done', () => {
    const done = job('train', 'done')
    expect(trainState('failed', done, [null, failure('boom')])).toBe('failed')
    expect(trainState('failed', done, [failure('boom'), null])).toBe('failed')
    expect(trainState('failed', done, [failure('other'), null])).toBe('done')
    expect(trainState('failed', done, [])).toBe('done')
    expect(trainState('running', done, [failure('boom')])).toBe('done')
    expect(trainState('exhausted', done, [failure('boom')])).toBe('done')
    expect(trainState('failed', job('train', 'cancelled'), [failure('boom')])).toBe('cancelled')
  })

  test('what the end of a run stopped says nothing of its stage', () => {
    const jobs = [job('train', 'done'), job('tweak', 'done'), job('train', 'cancelled')]
    const trainOf = (state: RunState, own = jobs) => stagesOf({ ...RUNNING, state, jobs: own })[2] as Stage
    for (const state of ['succeeded', 'exhausted', 'running'] as const) {
      expect(trainOf(state).state).toBe('done')
    }
    expect(trainOf('failed', [job('train', 'failed'), ...jobs.slice(2)]).state).toBe('failed')
    expect(trainOf('cancelled').state).toBe('cancelled')
    expect(trainOf('superseded').state).toBe('cancelled')
    expect(stageWord(trainOf('succeeded', jobs.slice(2)), 'succeeded')).toBe('stopped')
    expect(stageWord(trainOf('cancelled'), 'cancelled')).toBe('cancelled')
    expect([wordOf('cancelled', 'exhausted'), wordOf('pruned', 'exhausted')]).toEqual(['stopped', 'pruned'])
  })

  test('a failed trial says nothing of the other stages', () => {
    const jobs = [job('git-import', 'done'), job('train', 'done'), job('notify', 'done')]
    const trials = [{ failure: failure('boom') }]
    const stages = stagesOf({ state: 'failed', jobs, conclusion: lost, trials })
    expect(stages.map(({ state }) => state)).toEqual(['done', 'none', 'failed', 'none', 'done'])
  })

  test('counts what runs at once, and still says what waits', () => {
    const jobs = [
      job('train', 'done'),
      job('train', 'running'),
      job('train', 'queued', failure('away')),
      job('train', 'queued', failure('away')),
      job('train', 'running'),
    ]
    const [, , train] = stagesOf({ ...RUNNING, jobs })
    expect(train?.state).toBe('running')
    expect(train && runningOf(train)).toBe(2)
    expect(train && waitingOf(train).map((one) => one.failure.message)).toEqual(['away'])
  })

  test('train waits for a slot while it is queued and nothing is wrong', () => {
    const waits = (job: Job) => stagesOf({ ...RUNNING, jobs: [job] }).some(waitsForSlot)
    const failure = { kind: 'unavailable', code: 'x', message: 'x', remedy: '' } as const
    expect(waits(job('train', 'queued'))).toBe(true)
    expect(waits(job('train', 'queued', failure))).toBe(false)
    expect(waits(job('train', 'running'))).toBe(false)
    expect(waits(job('tweak', 'queued'))).toBe(false)
  })

  test('that a run never came to is not awaited once the run has ended', () => {
    const notify = { name: 'notify', state: 'none' } as const
    const tweak = { name: 'tweak', state: 'none' } as const
    expect(stageWord(notify, 'running')).toBe('not yet')
    expect(stageWord(notify, 'cancelled')).toBe('no mail')
    expect(stageWord(tweak, 'superseded')).toBe('not run')
    expect(stageWord(tweak, 'succeeded')).toBe('not needed')
    expect(stageWord({ name: 'tweak', state: 'done' }, 'failed')).toBe('done')
  })
})

test('a run without mail says whether one can still come', () => {
  expect(noMailReason('running')).toContain('None yet')
  expect(noMailReason('cancelled')).toBe('None: no mail is written for a cancelled run.')
  expect(noMailReason('superseded')).toBe('None: no mail is written for a superseded run.')
  expect(noMailReason('failed')).toBe('None: the run ended without one.')
})

describe('a hyperparameter', () => {
  test.each([
    [{ type: 'float', low: 1e-4, high: 0.1, log: true }, '0.0001 – 0.1, log'],
    [{ type: 'int', low: 1, high: 3, log: false }, '1 – 3, whole'],
    [{ type: 'categorical', choices: ['relu', true, 0.5] }, 'one of relu, True, 0.5'],
    [{ type: 'categorical', choices: [false] }, 'always False'],
  ] as const)('%j may become %s', (distribution, words) => {
    expect(describeDistribution(distribution as Parameters<typeof describeDistribution>[0])).toBe(words)
  })

  test('says where it changes too, each place once', () => {
    const tie = (file: string, line: number) => ({ file, line, times: 1, why: 'the next layer' })
    const ties = [tie('a.py', 21), tie('a.py', 21), tie('a.py', 24), tie('b.py', 7), tie('b.py', 7)]
    expect(describeTies({ file: 'a.py', ties })).toBe('lines 21, 24 and b.py:7')
    expect(describeTies({ file: 'a.py', ties: [tie('a.py', 3)] })).toBe('line 3')
  })
})
