import { beforeEach, describe, expect, test } from 'vitest'
import { type Failure, toFailure } from '../../src/domain/failure.ts'
import type { Job } from '../../src/domain/job.ts'
import { IllegalTransition } from '../../src/domain/machine.ts'
import { LostLease } from '../../src/store/jobs.ts'
import { START, testStore } from './support.ts'

const LEASE = 30_000
const FAILURE: Failure = toFailure(new Error('boom'))
const AWAY: Failure = { kind: 'unavailable', code: 'engine-away', message: 'm', remedy: 'r' }

let world: ReturnType<typeof testStore>
let runId: number
beforeEach(() => {
  world = testStore()
  runId = world.run(world.project().id).id
})

const claim = (owner = 'one') =>
  world.store.jobs.claim({ names: ['git-import', 'train'], exclusive: [] }, owner, LEASE)
function claimed(owner = 'one'): Job {
  const job = claim(owner)
  if (!job) throw new Error('there was no job')
  return job
}
const enqueue = (key = 'train:0', input: unknown = {}) => world.store.jobs.enqueue(runId, 'train', key, input)

describe('enqueue', () => {
  test('the same key twice is one job, with the first input', () => {
    enqueue('train:0', { n: 1 })
    enqueue('train:0', { n: 2 })
    expect(world.store.jobs.ofRun(runId).map(({ input }) => input)).toEqual([{ n: 1 }])
    expect(world.store.events.after(0).filter(({ type }) => type === 'job').length).toBe(1)
  })

  test('the same key of another run is another job', () => {
    enqueue()
    world.store.jobs.enqueue(world.run(1, 'b'.repeat(40)).id, 'train', 'train:0', {})
    expect(world.store.jobs.countByState()).toEqual({ queued: 2 })
  })

  test('a job that ended is not done again', () => {
    enqueue()
    world.store.jobs.complete(claimed(), { ok: true })
    enqueue()
    expect(claim()).toBeNull()
  })
})

describe('claim', () => {
  test('gives each job to one owner, the oldest first', () => {
    for (const key of ['train:0', 'train:1', 'train:2']) enqueue(key)
    const keys = ['one', 'two', 'one', 'two'].map((owner) => claim(owner)?.key)
    expect(keys).toEqual(['train:0', 'train:1', 'train:2', undefined])
  })

  test('takes only jobs of the asked names', () => {
    enqueue()
    expect(world.store.jobs.claim({ names: ['tweak'], exclusive: [] }, 'one', LEASE)).toBeNull()
    expect(world.store.jobs.claim({ names: [], exclusive: [] }, 'one', LEASE)).toBeNull()
  })

  test('leaves a job alone until its time has come', () => {
    enqueue()
    world.store.jobs.retry(claimed(), FAILURE, START + 5000, true)
    expect(world.store.jobs.nextDue({ names: ['train'] }, START)).toBe(START + 5000)
    world.clock.now += 4999
    expect(claim()).toBeNull()
    world.clock.now += 1
    expect(claimed()).toMatchObject({ tries: 1, failure: FAILURE, startedAt: START })
    expect(world.store.jobs.nextDue({ names: ['train'] }, START)).toBeNull()
  })

  test('takes only one of an exclusive name in each run', () => {
    const { store } = world
    const asked = { names: ['tweak', 'train'], exclusive: ['tweak'] } as const
    const next = () => store.jobs.claim(asked, 'one', LEASE)
    for (const key of ['tweak:1', 'tweak:2']) store.jobs.enqueue(runId, 'tweak', key, {})
    store.jobs.enqueue(runId, 'train', 'train:1', {})
    const first = next() as Job
    expect(first.key).toBe('tweak:1')
    expect(next()?.key).toBe('train:1')
    expect([next(), store.jobs.nextDue(asked, START)]).toEqual([null, null])
    store.jobs.complete(first, {})
    expect(next()?.key).toBe('tweak:2')
  })

  test('takes the job of an owner whose lease has run out', () => {
    enqueue()
    claimed('one')
    world.clock.now += LEASE
    expect(claim('two')).toBeNull()
    world.clock.now += 1
    expect(claimed('two')).toMatchObject({ owner: 'two', leaseUntil: world.clock.now + LEASE })
  })

  test('never gives an owner a job that it has already, even after a sleep', () => {
    enqueue()
    claimed('one')
    world.clock.now += 10 * LEASE
    expect(claim('one')).toBeNull()
  })
})

describe('heartbeat', () => {
  test('keeps a job', () => {
    enqueue()
    const { id } = claimed('one')
    world.clock.now += LEASE - 1
    expect(world.store.jobs.heartbeat(id, 'one', LEASE)).toBe(true)
    world.clock.now += LEASE
    expect(claim('two')).toBeNull()
  })

  test('tells an owner that it has lost it', () => {
    enqueue()
    const { id } = claimed('one')
    world.clock.now += LEASE + 1
    claimed('two')
    expect(world.store.jobs.heartbeat(id, 'one', LEASE)).toBe(false)
    world.store.jobs.cancelOpen(runId)
    expect(world.store.jobs.heartbeat(id, 'two', LEASE)).toBe(false)
  })
})

describe('a stale owner', () => {
  const finishes: [string, (job: Job) => unknown][] = [
    ['complete', (job) => world.store.jobs.complete(job, {})],
    ['fail', (job) => world.store.jobs.fail(job, FAILURE)],
    ['retry', (job) => world.store.jobs.retry(job, FAILURE, START, true)],
    ['requeue', (job) => world.store.jobs.requeue(job)],
  ]
  test.each(finishes)('cannot %s what another one has taken', (_, finish) => {
    enqueue()
    const stale = claimed('one')
    world.clock.now += LEASE + 1
    const taken = claimed('two')
    expect(() => finish(stale)).toThrow(LostLease)
    expect(world.store.jobs.byId(stale.id)).toEqual(taken)
  })

  test.each(finishes)('cannot %s what was cancelled', (_, finish) => {
    enqueue()
    const job = claimed()
    world.store.jobs.cancelOpen(runId)
    expect(() => finish(job)).toThrow(LostLease)
    expect(world.store.jobs.byId(job.id).state).toBe('cancelled')
  })

  test.each(finishes)('cannot %s what went back to the queue', (_, finish) => {
    enqueue()
    const job = claimed()
    world.store.jobs.recover()
    expect(() => finish(job)).toThrow(LostLease)
  })
})

test('a job that ended stays so', () => {
  enqueue()
  const done = world.store.jobs.complete(claimed(), { a: 1 })
  expect(done).toMatchObject({
    state: 'done',
    output: { a: 1 },
    owner: null,
    leaseUntil: null,
    endedAt: START,
  })
  expect(() => world.store.jobs.fail(done, FAILURE)).toThrow(IllegalTransition)
})

describe('settle and enqueue', () => {
  test('are one transaction', () => {
    enqueue()
    const job = claimed()
    const settle = () =>
      world.store.transaction(() => {
        world.store.jobs.complete(job, {})
        enqueue('train:1')
        throw new Error('killed')
      })
    expect(settle).toThrow('killed')
    expect(world.store.jobs.ofRun(runId).map(({ key, state }) => [key, state])).toEqual([
      ['train:0', 'running'],
    ])
  })

  test('write nothing when the lease is lost', () => {
    enqueue()
    const stale = claimed('one')
    world.clock.now += LEASE + 1
    claimed('two')
    const settle = () =>
      world.store.transaction(() => {
        enqueue('train:1')
        world.store.jobs.complete(stale, {})
      })
    expect(settle).toThrow(LostLease)
    expect(world.store.jobs.ofRun(runId).map(({ key }) => key)).toEqual(['train:0'])
  })
})

test('recover gives back what a dead server was running, and nothing else', () => {
  enqueue('train:0')
  enqueue('train:1')
  enqueue('train:2')
  world.store.jobs.complete(claimed('dead'), {})
  claimed('dead')
  expect(world.store.jobs.recover()).toBe(1)
  expect(world.store.jobs.ofRun(runId).map(({ state, owner, tries }) => [state, owner, tries])).toEqual([
    ['done', null, 0],
    ['queued', null, 0],
    ['queued', null, 0],
  ])
  expect(claimed('alive').key).toBe('train:1')
})

test('hurry lets only those try now that wait for something unavailable', () => {
  enqueue('train:0')
  enqueue('train:1')
  world.store.jobs.retry(claimed(), AWAY, START + 60_000, false)
  world.store.jobs.retry(claimed(), FAILURE, START + 60_000, true)
  world.store.jobs.hurry()
  expect(claim()?.key).toBe('train:0')
  expect(claim()).toBeNull()
})

test('cancelOpen ends what has not ended', () => {
  for (const key of ['train:0', 'train:1', 'train:2']) enqueue(key)
  world.store.jobs.complete(claimed(), {})
  claimed()
  world.store.jobs.cancelOpen(runId)
  expect(world.store.jobs.ofRun(runId).map(({ state }) => state)).toEqual(['done', 'cancelled', 'cancelled'])
})
