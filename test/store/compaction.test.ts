import { describe, expect, test } from 'vitest'
import type { Metric } from '../../src/domain/metric.ts'
import { packMetrics, unpackMetrics } from '../../src/store/packed-metrics.ts'
import { START, testAttempt } from './support.ts'

const epoch = (step: number, value = step / 10): Metric => ({
  ...{ name: 'accuracy', split: 'validation', value, step, source: 'log', line: step },
  evidence: `Epoch ${step} - val_accuracy: ${value}`,
})

/** With a run that ended, of which two attempts reported metrics. */
function ended() {
  const world = testAttempt()
  const { store, runRow: run, trial, attempt } = world
  const second = store.attempts.insert({ trialId: trial.id, number: 2, container: 'd', deadline: START + 1 })
  for (const [{ id }, from] of [
    [attempt, 1],
    [second, 3],
  ] as const)
    for (let step = from; step < from + 4; step++)
      store.metrics.insert({ runId: run.id, trialId: trial.id, attemptId: id }, epoch(step))
  const odd = { runId: run.id, trialId: trial.id, attemptId: second.id }
  for (const [line, value] of [Number.NaN, Infinity, -Infinity].entries())
    store.metrics.insert(odd, { ...epoch(90 + line, value), name: 'loss', split: 'unknown' })
  store.metrics.insert(odd, { ...epoch(7), split: 'test', step: null, line: null })
  store.metrics.decide(second.id, { ...epoch(7), split: 'test', step: null, line: null })
  store.deliveries.insert({
    ...{
      projectId: run.projectId,
      deliveryId: 'd',
      event: 'push',
      outcome: 'run',
      reason: null,
      runId: run.id,
    },
    payload: Buffer.from('{"ref":"refs/heads/main"}'),
  })
  store.runs.transition(run.id, 'running')
  store.endRun(run.id, 'cancelled')
  const compact = () => store.transaction(() => store.compaction.compact(run.id))
  return { ...world, run, aRun: world.run, second, compact }
}

describe('a run that is compacted', () => {
  test('shows all that it showed before', () => {
    const { store, run, trial, attempt, second, compact, db } = ended()
    const look = () => ({
      trial: store.metrics.ofTrial(trial.id),
      attempts: [attempt, second].map(({ id }) => store.metrics.ofAttempt(id)),
      steps: store.metrics.stepsOfRun(run.id, 'accuracy'),
      losses: store.metrics.stepsOfRun(run.id, 'loss'),
      none: store.metrics.stepsOfRun(run.id, 'f1'),
      deliveries: store.deliveries.ofProject(run.projectId),
      run: store.runs.get(run.id),
      trials: store.trials.ofRun(run.id),
    })
    const before = look()
    expect(before.trial).toHaveLength(12)
    compact()
    expect(look()).toEqual(before)
    expect(db.prepare('SELECT count(*) FROM metrics').pluck().get()).toBe(0)
    compact()
    expect(look()).toEqual(before)
  })

  test('is due once it ended long enough ago, and only once', () => {
    const { store, run, compact, clock } = ended()
    expect(store.compaction.due(clock.now, 0, 10)).toEqual([])
    expect(store.compaction.due(clock.now + 1, 0, 10)).toEqual([run.id])
    expect(store.compaction.due(clock.now + 1, run.id, 10)).toEqual([])
    compact()
    expect(store.compaction.due(clock.now + 1, 0, 10)).toEqual([])
  })

  test('takes no metric twice that is read again', () => {
    const { store, run, trial, attempt, compact } = ended()
    compact()
    const before = store.metrics.ofAttempt(attempt.id)
    store.metrics.insert({ runId: run.id, trialId: trial.id, attemptId: attempt.id }, epoch(1))
    expect(store.metrics.ofAttempt(attempt.id)).toEqual(before)
  })

  test('lets its events go; the ids go on, and how far is known', () => {
    const { store, project, aRun, compact, run } = ended()
    const last = store.events.lastId()
    expect(store.events.prunedTo()).toBe(0)
    compact()
    expect(store.events.after(0, { runId: run.id })).toEqual([])
    expect([store.events.lastId(), store.events.prunedTo()]).toEqual([last, last])
    const other = aRun(project('b').id, 'f'.repeat(40))
    expect(store.events.after(0).map(({ id, runId }) => [id, runId])).toEqual([[last + 1, other.id]])
  })
})

describe('events', () => {
  test('of no run, and late ones of a compacted run, go by their age; those of a run that is alive stay', () => {
    const { store, compact, run, aRun, project, clock } = ended()
    compact()
    const alive = aRun(project('b').id, 'f'.repeat(40))
    store.events.append('delivery', {}, { age: 'old' })
    store.runs.progress(run.id, 'a mail was sent late')
    clock.now += 1000
    store.events.append('delivery', {}, { age: 'new' })
    store.transaction(() => store.compaction.pruneEvents(clock.now))
    expect(store.events.after(0).map(({ runId, data }) => [runId, data.age])).toEqual([
      [alive.id, undefined],
      [null, 'new'],
    ])
  })
})

test('packed metrics are a fraction of their rows', () => {
  const rows = Array.from({ length: 50 }, (_, step) => ({
    ...epoch(step, Math.round(1e4 * (1 - 0.9 ** step)) / 1e4),
    ...{ id: 1_000_000 + step, attemptId: 7, decisive: step === 49, at: START + step * 1000 },
  }))
  const packed = packMetrics(rows)
  expect(unpackMetrics(7, packed)).toEqual(rows)
  expect(packed.length).toBeLessThan(JSON.stringify(rows).length / 8)
})
