import { describe, expect, test } from 'vitest'
import { toFailure } from '../../src/domain/failure.ts'
import { IllegalTransition } from '../../src/domain/machine.ts'
import type { Metric } from '../../src/domain/metric.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import { emptyReport } from '../../src/metrics/report.ts'
import { START, testAttempt, testStore } from './support.ts'

const unique = expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' })
function thrown(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('It did not throw')
}

describe('projects', () => {
  test('have one name, in whatever case', () => {
    const { store, project } = testStore()
    const made = project('Digits')
    expect(store.projects.byName('digits')).toEqual(made)
    expect(thrown(() => project('DIGITS'))).toEqual(unique)
  })

  test('change only what is given', () => {
    const { store, project } = testStore()
    const made = project()
    store.projects.update(made.id, { secret: 'new' })
    expect(store.projects.byId(made.id)).toEqual({ ...made, secret: 'new' })
    store.projects.update(made.id, { settings: {} })
    expect(store.projects.byId(made.id)?.settings).toEqual({})
  })
})

describe('runs', () => {
  test('count from 1 in each project', () => {
    const { project, run } = testStore()
    const [a, b] = [project('a'), project('b')]
    expect([run(a.id, '1'), run(b.id, '1'), run(a.id, '2')].map(({ number }) => number)).toEqual([1, 1, 2])
  })

  test('are one for a push or poll of a commit to a ref', () => {
    const { store, project, run } = testStore()
    const { id } = project()
    const made = run(id, 'x', 'push')
    expect(thrown(() => run(id, 'x', 'push'))).toEqual(unique)
    expect(thrown(() => run(id, 'x', 'poll'))).toEqual(unique)
    expect(store.runs.ofPush(id, 'refs/heads/main', 'x')?.id).toBe(made.id)
    expect(store.runs.ofPush(id, 'refs/heads/other', 'x')).toBeNull()
  })

  test('may be started by hand as often as one likes', () => {
    const { project, run } = testStore()
    const { id } = project()
    expect(
      [run(id, 'x', 'push'), run(id, 'x', 'manual'), run(id, 'x', 'manual'), run(id, 'x', 'api')].length,
    ).toBe(4)
  })

  test('move as their state machine allows, with their times', () => {
    const { store, project, run, clock } = testStore()
    const { id } = run(project().id)
    clock.now += 5
    expect(store.runs.transition(id, 'running')).toMatchObject({
      state: 'running',
      startedAt: START + 5,
      endedAt: null,
    })
    clock.now += 5
    const conclusion = { kind: 'failed', reason: 'r', failure: toFailure(new Error('x')) } as const
    expect(store.runs.transition(id, 'failed', conclusion)).toMatchObject({ endedAt: START + 10, conclusion })
    expect(() => store.runs.transition(id, 'running')).toThrow(IllegalTransition)
    expect(store.runs.alive()).toEqual([])
  })

  test('learn on the way, and forget nothing', () => {
    const { store, project, run } = testStore()
    const { id } = run(project().id)
    store.runs.update(id, { detection: { framework: 'scikit-learn' }, deadline: 5 })
    store.runs.update(id, { settings: resolveSettings({ target: 0.5 }), author: 'Ada' })
    expect(store.runs.get(id)).toMatchObject({
      detection: { framework: 'scikit-learn' },
      deadline: 5,
      author: 'Ada',
      message: null,
      settings: { target: 0.5 },
    })
  })

  test('are listed from the newest on', () => {
    const { store, project, run } = testStore()
    const [a, b] = [project('a').id, project('b').id]
    const ids = [run(a, '1'), run(b, '1'), run(a, '2'), run(a, '3')].map(({ id }) => id)
    expect(store.runs.list({ projectId: a }).map(({ id }) => id)).toEqual([ids[3], ids[2], ids[0]])
    expect(store.runs.list({ before: ids[2] as number, limit: 1 }).map(({ id }) => id)).toEqual([ids[1]])
  })

  test('that are not there are named', () => {
    expect(() => testStore().store.runs.get(7)).toThrow('run 7 does not exist')
    expect(testStore().store.runs.byId(7)).toBeNull()
  })
})

test('a delivery id makes one delivery in a project', () => {
  const { store, project } = testStore()
  const [a, b] = [project('a').id, project('b').id]
  const delivery = {
    deliveryId: 'd1',
    event: 'push',
    outcome: 'ignored',
    reason: 'a tag',
    runId: null,
  } as const
  const payload = Buffer.from([0, 255, 10])
  const made = store.deliveries.insert({ ...delivery, projectId: a, payload })
  expect(thrown(() => store.deliveries.insert({ ...delivery, projectId: a, payload }))).toEqual(unique)
  store.deliveries.insert({ ...delivery, projectId: b, payload })
  expect(store.deliveries.byDeliveryId(a, 'd1')).toEqual({ ...made, payload, receivedAt: START })
})

describe('trials', () => {
  test('of one number are one', () => {
    const { store, runRow, trial } = testAttempt()
    const again = store.trials.insert({ ...trial, values: { lr: 9 }, sha: 'z', diff: 'z' })
    expect(again).toEqual(trial)
    expect(store.trials.ofRun(runRow.id)).toEqual([trial])
  })

  test('end with a value or a failure', () => {
    const { store, trial } = testAttempt()
    store.trials.transition(trial.id, 'running')
    expect(store.trials.transition(trial.id, 'completed', { metric: 0.5 })).toMatchObject({
      metric: 0.5,
      endedAt: START,
    })
    expect(() => store.trials.cancelOpen(trial.runId)).not.toThrow()
    expect(store.trials.get(trial.id).state).toBe('completed')
    expect(() => store.trials.transition(trial.id, 'failed')).toThrow(IllegalTransition)
  })
})

describe('attempts', () => {
  test('keep what the runtime told, and announce it only aloud', () => {
    const { store, attempt, runRow } = testAttempt()
    const announced = () =>
      store.events.after(0, { runId: runRow.id }).filter(({ type }) => type === 'attempt').length
    const before = announced()
    const report = { ...emptyReport(), python: '3.13.5' }
    store.attempts.tell(attempt.id, report, false)
    expect([store.attempts.get(attempt.id).report, announced() - before]).toEqual([report, 0])
    store.attempts.tell(attempt.id, { ...report, memory: 7 }, true)
    expect(announced() - before).toBe(1)
    store.attempts.transition(attempt.id, 'running')
    expect(store.attempts.get(attempt.id).report).toMatchObject({ memory: 7 })
    const end = { ...report, end: 'finished' } as const
    expect(store.attempts.transition(attempt.id, 'succeeded', { report: end }).report).toEqual(end)
  })

  test('have a container and a number of their own', () => {
    const { store, trial } = testAttempt()
    const next = { trialId: trial.id, number: 2, container: 'd', deadline: START }
    expect(thrown(() => store.attempts.insert({ ...next, number: 1 }))).toEqual(unique)
    expect(thrown(() => store.attempts.insert({ ...next, container: 'c' }))).toEqual(unique)
    expect(store.attempts.insert(next).state).toBe('starting')
  })

  test('keep how they ended', () => {
    const { store, attempt, runRow, clock } = testAttempt()
    store.attempts.transition(attempt.id, 'running')
    expect(store.attempts.open().length).toBe(1)
    clock.now += 9
    const failure = toFailure(new Error('x'))
    const end = { exitCode: 137, signal: 'SIGKILL', outOfMemory: true, failure }
    expect(store.attempts.transition(attempt.id, 'failed', end)).toEqual({
      ...attempt,
      ...end,
      state: 'failed',
      startedAt: START,
      endedAt: START + 9,
    })
    expect(store.attempts.open()).toEqual([])
    store.attempts.cancelOpen(runRow.id)
    expect(store.attempts.get(attempt.id).state).toBe('failed')
  })
})

describe('metrics', () => {
  const metric: Metric = {
    name: 'accuracy',
    split: 'test',
    value: 0.5,
    step: null,
    source: 'log',
    evidence: 'accuracy: 0.5',
    line: 7,
  }

  test('read from one place are stored once', () => {
    const { store, runRow, trial, attempt } = testAttempt()
    const about = { runId: runRow.id, trialId: trial.id, attemptId: attempt.id }
    store.metrics.insert(about, metric)
    store.metrics.insert(about, metric)
    store.metrics.insert(about, { ...metric, line: null })
    store.metrics.insert(about, { ...metric, line: null })
    store.metrics.insert(about, { ...metric, line: 8, value: 0.6 })
    expect(store.metrics.ofTrial(trial.id).map(({ line, value }) => [line, value])).toEqual([
      [7, 0.5],
      [null, 0.5],
      [8, 0.6],
    ])
    expect(store.events.after(0).filter(({ type }) => type === 'metric').length).toBe(3)
    store.metrics.decide(attempt.id, metric)
    expect(store.metrics.ofAttempt(attempt.id).map(({ decisive }) => decisive)).toEqual([true, false, false])
  })

  test.each([Number.NaN, Infinity, -Infinity])('keep %d', (value) => {
    const { store, runRow, trial, attempt } = testAttempt()
    store.metrics.insert({ runId: runRow.id, trialId: trial.id, attemptId: attempt.id }, { ...metric, value })
    expect(store.metrics.ofTrial(trial.id)[0]?.value).toBe(value)
  })
})

describe('mails', () => {
  const mail = { kind: 'target', subject: 's', text: 't', html: 'h', attachments: [] }

  test('are one of a kind for a run and recipient', () => {
    const { store, project, run, clock } = testStore()
    const runId = run(project().id).id
    const add = (to: string, messageId: string, kind = 'target') =>
      store.mails.insert({ ...mail, runId, to, messageId, kind })
    add('a@x', '<1>')
    add('a@x', '<2>')
    add('b@x', '<3>')
    add('a@x', '<4>', 'failed')
    expect(store.mails.due().map(({ messageId }) => messageId)).toEqual(['<1>', '<3>', '<4>'])
    const [first] = store.mails.due()
    if (!first) throw new Error('no mail')
    store.mails.markFailed(first, 'away', START + 10)
    expect(store.mails.due().length).toBe(2)
    expect(store.mails.nextDue()).toBe(START)
    clock.now += 10
    expect(store.mails.due()[0]).toMatchObject({ tries: 1, error: 'away' })
    for (const one of store.mails.due()) store.mails.markSent(one)
    expect([store.mails.pendingCount(), store.mails.nextDue()]).toEqual([0, null])
    expect(store.mails.byId(first.id)).toMatchObject({
      state: 'sent',
      sentAt: START + 10,
      error: null,
      tries: 2,
    })
  })
})

test('meta keeps the newest value', () => {
  const { store } = testStore()
  expect(store.meta.get('a')).toBeNull()
  store.meta.set('a', '1')
  store.meta.set('a', '2')
  expect(store.meta.get('a')).toBe('2')
})
