import { describe, expect, it } from 'vitest'
import { SETTING_FIELDS } from '../../src/domain/setting-fields.ts'
import type { SettingFieldView } from '../../src/http/contract.ts'
import { failureSince } from '../../web/src/attempts.ts'
import { conclusionWords } from '../../web/src/conclusion.ts'
import { etaReason, etaWords, limitWords, roughly } from '../../web/src/eta.ts'
import { didWords } from '../../web/src/job-words.ts'
import { beginningsOf, changedSettings } from '../../web/src/rerun.ts'

const MINUTE = 60_000
const at = (earliest: number, latest: number) =>
  etaWords({ earliest: 1000 + earliest, latest: 1000 + latest }, 1000)

describe('the time that is left', () => {
  it.each([
    [3000, '10 s'],
    [44_000, '40 s'],
    [54_900, '50 s'],
    [58_000, '1 min'],
    [12.4 * MINUTE, '12 min'],
    [59.6 * MINUTE, '1 h'],
    [23.8 * 60 * MINUTE, '1 d'],
    [210 * MINUTE, '3.5 h'],
    [60 * 60 * MINUTE, '2.5 d'],
  ])('%d ms is %s', (ms, words) => expect(roughly(ms)).toBe(words))

  it.each([
    [8 * MINUTE, 20 * MINUTE, '8 to 20 min'],
    [11 * MINUTE, 12 * MINUTE, 'about 12 min'],
    [0, 20 * MINUTE, 'up to 20 min'],
    [100 * MINUTE, 130 * MINUTE, '1.5 to 2 h'],
    [58_000, 3 * MINUTE, '1 to 3 min'],
    [20_000, 3 * MINUTE, '20 s to 3 min'],
    [20 * MINUTE, 120 * MINUTE, '0.5 to 2 h'],
    [70_000, 88_000, 'about 1 min'],
    [0, 4000, 'under 10 s'],
    [-9000, -4000, 'under 10 s'],
  ])('from %d to %d ms is said as %s', (earliest, latest, words) => expect(at(earliest, latest)).toBe(words))

  it('has limits, and says what it is reckoned from', () => {
    const left = { trials: 3, deadline: 61_000, trainingMs: 5 * MINUTE, eta: null }
    expect(limitWords(left, 1000)).toBe('1 min 0 s, 5 min 0 s of training')
    expect(limitWords({ ...left, deadline: null, trainingMs: null }, 1000)).toBeNull()
    expect(etaReason(left)).toContain('before a training has ended')
    expect(etaReason({ ...left, eta: { earliest: 1, latest: 2, from: 4 } })).toContain(
      'from 4 trainings so far',
    )
  })
})

describe('how a run ended', () => {
  const run = { state: 'succeeded', met: 'yes' } as const
  const failure = { kind: 'user', code: 'x', message: 'No module.', remedy: '' } as const
  it.each([
    [
      run,
      { kind: 'target', reason: 'reached 0.95 ≥ 0.9 in trial 4' },
      'Target reached:',
      '0.95 ≥ 0.9 in trial 4',
    ],
    [
      { state: 'exhausted', met: 'no' },
      { kind: 'budget', reason: '3 of 3 trials spent' },
      'Target not reached:',
      '3 of 3 trials spent',
    ],
    [
      { state: 'exhausted', met: 'refuted' },
      { kind: 'budget', reason: 'spent' },
      'Target not confirmed:',
      'spent',
    ],
    [
      { state: 'exhausted', met: 'refuted' },
      { kind: 'budget', stopped: true, reason: 'stopped by a person after 2 of 9 trials' },
      'Stopped',
      'by a person after 2 of 9 trials',
    ],
    [
      { state: 'exhausted', met: 'no' },
      { kind: 'budget', reason: '9 of 9 trials spent; best 0.966667 < 0.999' },
      'Target not reached:',
      '9 of 9 trials spent; best 0.9667 < 0.999',
    ],
    [
      { state: 'exhausted', met: 'no' },
      { kind: 'budget', reason: 'best 0.949999 < 0.95' },
      'Target not reached:',
      'best 0.949999 < 0.95',
    ],
    [{ ...run, state: 'failed' }, { kind: 'failed', reason: 'No module.', failure }, 'The run failed.', null],
    [{ ...run, state: 'failed' }, { kind: 'failed', reason: 'gone' }, 'The run failed:', 'gone'],
  ] as const)('%j: %j', (of, conclusion, title, why) => {
    expect(conclusionWords({ ...of, conclusion })).toEqual({ title, why })
  })

  it('is not said before', () => {
    expect(conclusionWords({ ...run, state: 'running', conclusion: null })).toBeNull()
  })
})

describe('what Hone does after a crash', () => {
  const failure = { remedy: 'Hone starts it again in 1.5 s, from its checkpoint after epoch 7.' }
  const done = { remedy: 'Hone started it again, from its checkpoint after epoch 7.' }
  it.each([
    ['is to come', undefined, failure],
    ['is to come, while the next attempt waits', { notBefore: 2000 }, failure],
    ['is done, once that began', { notBefore: 900 }, done],
    ['is done, where it did not have to wait', { notBefore: null }, done],
  ])('%s', (_, next, expected) => expect(failureSince(failure, next, 1000)).toEqual(expected))
})

describe('what is asked of a run that is run again', () => {
  const settings = { target: 0.9, trials: 20, runTimeLimit: 60, parallel: 1, seed: 0, sampler: 'grid' }
  const fields = SETTING_FIELDS as unknown as SettingFieldView[]
  const form = (values: Record<string, string>) => ({ get: (name: string) => values[name] ?? null })
  it('is only what differs', () => {
    const same = {
      target: '0.9',
      trials: '20',
      runTimeLimit: '60',
      parallel: '1',
      seed: '0',
      sampler: 'grid',
    }
    expect(changedSettings(fields, form(same), settings)).toEqual({})
    const other = { ...same, target: '0.95', seed: '3', sampler: 'random', trials: ' ', parallel: 'x' }
    expect(changedSettings(fields, form(other), settings)).toEqual({
      ...{ target: 0.95, seed: 3, sampler: 'random' },
      parallel: 'x',
    })
  })

  it('may begin where there is something to begin with', () => {
    expect(beginningsOf({ detection: null, mails: [] })).toEqual(['git-import', 'detect-model'])
    const full = { detection: {}, mails: [{}] } as unknown as Parameters<typeof beginningsOf>[0]
    expect(beginningsOf(full)).toEqual(['git-import', 'detect-model', 'train', 'notify'])
  })
})

describe('what a job did', () => {
  const trial = { number: 3, state: 'completed', metric: 0.95, attempts: [{}, {}], origin: 'the sampler' }
  const run = {
    ...{
      sha: 'abcdef0123',
      ref: 'refs/heads/main',
      message: 'Train\nmore',
      state: 'running',
      metric: 'accuracy',
    },
    ...{ mails: [{}], rerun: null, trials: [trial] },
    detection: { framework: 'keras', family: 'cnn', entry: 'train.py', hyperparameters: [{}, {}] },
  } as unknown as Parameters<typeof didWords>[1]
  it.each([
    ['git-import', null, 'abcdef0 of main: Train'],
    ['detect-model', null, 'keras, cnn, in train.py: 2 hyperparameters to search'],
    ['train', 3, 'trial 3: completed, accuracy 0.95, 2 attempts'],
    ['tweak', 3, 'trial 3, from the sampler'],
    ['tweak', null, 'nothing to train then'],
    ['notify', null, '1 mail into the outbox'],
  ] as const)('%s of trial %s: %s', (name, number, words) => {
    expect(didWords({ name, state: 'done', trial: number }, run)).toBe(words)
  })

  it('is not told before it is done, but for a training', () => {
    expect(didWords({ name: 'notify', state: 'running', trial: null }, run)).toBeNull()
    expect(didWords({ name: 'train', state: 'running', trial: 3 }, run)).toContain('trial 3')
    expect(didWords({ name: 'train', state: 'queued', trial: 9 }, run)).toBeNull()
    expect(
      didWords({ name: 'detect-model', state: 'done', trial: null }, { ...run, detection: null }),
    ).toBeNull()
    const kept = { ...run, rerun: { run: 9, number: 4, from: 'train' as const } }
    expect(didWords({ name: 'detect-model', state: 'done', trial: null }, kept)).toContain(
      'as run #4 found it',
    )
  })
})
