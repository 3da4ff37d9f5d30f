import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { NextJob } from '../../src/chain/contract.ts'
import { receivePush, recordDelivery, requireQueueRoom, startRun } from '../../src/chain/intake.ts'
import type { Push } from '../../src/chain/intake-decision.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'

const first: NextJob = { name: 'git-import', key: 'git-import', input: {} }
const sha = (letter: string) => letter.repeat(40)
const push = (change: Partial<Push> = {}): Push => ({
  ref: 'refs/heads/main',
  sha: sha('a'),
  before: null,
  deleted: false,
  head: { message: 'Train', author: 'Ada' },
  ...change,
})
const received = (deliveryId: string) => ({ deliveryId, event: 'push', payload: Buffer.from('{}') })

let store: Store
let project: Project
const cancelRun = vi.fn()
const chain = { first, cancelRun }
const projectWith = (settings: Partial<Settings>, name = 'other') =>
  store.projects.insert({ name, repoUrl: null, secret: 's', pushTokenHash: 'h', settings })
const receive = (id: string, change: Partial<Push> = {}, of = project) =>
  receivePush(store, of, push(change), received(id), chain)

beforeEach(() => {
  store = createStore(openDatabase(':memory:'), () => 1000)
  project = projectWith({ trials: 7 }, 'digits')
  cancelRun.mockReset()
})

/** A run with an attempt under way. */
function trains(runId: number): void {
  store.runs.transition(runId, 'running')
  const trial = store.trials.insert({
    runId,
    number: 0,
    values: {},
    origin: 'your own values',
    repeats: null,
    seed: 0,
    sha: sha('a'),
    diff: '',
  })
  store.attempts.insert({ trialId: trial.id, number: 1, container: `c${runId}`, deadline: 1 })
}

describe('receivePush', () => {
  it('records the delivery, its run and the first job together', () => {
    const { delivery, run } = receive('d1')
    expect(delivery).toMatchObject({ outcome: 'run', runId: run?.id, reason: null, deliveryId: 'd1' })
    expect(run).toMatchObject({
      number: 1,
      state: 'queued',
      trigger: 'push',
      author: 'Ada',
      message: 'Train',
    })
    expect(run?.settings.trials).toBe(7)
    expect(store.jobs.ofRun(run?.id as number)).toMatchObject([{ name: 'git-import', state: 'queued' }])
  })

  it('answers the same delivery id with what it answered first, and writes nothing', () => {
    const one = receive('d1')
    const events = store.events.lastId()
    const two = receive('d1', { sha: sha('b') })
    expect(two).toEqual(one)
    expect(store.events.lastId()).toBe(events)
    expect(store.runs.list()).toHaveLength(1)
  })

  it('takes another delivery of the same commit and ref for a duplicate', () => {
    const one = receive('d1')
    const two = receive('d2')
    expect(two.delivery).toMatchObject({ outcome: 'duplicate', runId: one.run?.id })
    expect(two.delivery.reason).toBe('Run 1 is of the same commit.')
    expect(store.runs.list()).toHaveLength(1)
  })

  it('keeps projects apart, for delivery ids and commits', () => {
    const other = projectWith({})
    expect(receive('d1').delivery.outcome).toBe('run')
    expect(receive('d1', {}, other).delivery.outcome).toBe('run')
    expect(store.runs.list()).toHaveLength(2)
  })

  it('records what it ignores, with the reason', () => {
    const { delivery, run } = receive('d1', { ref: 'refs/tags/v1' })
    expect(run).toBeNull()
    expect(delivery).toMatchObject({ outcome: 'ignored', reason: 'Tags do not start runs.', runId: null })
  })

  it('supersedes the queued runs of the branch and cancels their jobs', () => {
    const old = receive('d1').run
    const elsewhere = receive('d2', { ref: 'refs/heads/master' }).run
    receive('d3', { sha: sha('b') })
    expect(store.runs.get(old?.id as number).state).toBe('superseded')
    expect(store.jobs.ofRun(old?.id as number).map((job) => job.state)).toEqual(['cancelled'])
    expect(store.runs.get(elsewhere?.id as number).state).toBe('queued')
  })

  it.each([
    ['in their order', 'abcd', { a: 'superseded', b: 'superseded', c: 'superseded', d: 'queued' }],
    ['the last two exchanged', 'abdc', { a: 'superseded', b: 'superseded', c: 'superseded', d: 'queued' }],
    ['in the opposite order', 'dcba', { a: 'superseded', b: 'superseded', c: 'superseded', d: 'queued' }],
    ['the first one at the end', 'bcda', { a: 'superseded', b: 'superseded', c: 'superseded', d: 'queued' }],
    ['one missing in between', 'adc', { a: 'superseded', c: 'superseded', d: 'queued' }],
  ])('lets the push stay that was made last: %s', (_, arriving, states) => {
    const before: Record<string, string> = { a: '0', b: 'a', c: 'b', d: 'c' }
    for (const letter of arriving)
      receive(letter, { sha: sha(letter), before: sha(before[letter] as string) })
    const found = store.runs.list().map((run) => [run.sha[0], run.state])
    expect(Object.fromEntries(found)).toEqual(states)
    const open = store.runs.list().filter(({ id }) => store.jobs.ofRun(id)[0]?.state === 'queued')
    expect(open.map((run) => run.sha[0])).toEqual(['d'])
  })

  it('says on the delivery that a newer push was there, and needs no room for the older one', () => {
    const newer = receive('d2', { sha: sha('b'), before: sha('a') }).run
    const { delivery, run } = receivePush(store, project, push({ before: sha('0') }), received('d1'), {
      ...chain,
      maxWaiting: 0,
    })
    expect(delivery).toMatchObject({
      outcome: 'run',
      runId: run?.id,
      reason: 'A newer push of the branch had arrived before this one.',
    })
    expect(run?.state).toBe('superseded')
    expect(store.runs.get(newer?.id as number).state).toBe('queued')
  })

  it('takes a push for the newest that sets the branch back, and one of another branch', () => {
    receive('d1', { sha: sha('b'), before: sha('a') })
    receive('d2', { sha: sha('c'), before: sha('b') })
    const elsewhere = receive('d3', { sha: sha('a'), before: sha('0'), ref: 'refs/heads/master' }).run
    const back = receive('d4', { sha: sha('a'), before: sha('c') }).run
    expect(store.runs.list().filter(({ state }) => state === 'queued')).toEqual([back, elsewhere])
  })

  it('leaves a queued run alone that somebody asked for by hand', () => {
    const asked = startRun(
      store,
      project,
      { ref: 'refs/heads/main', sha: sha('c'), trigger: 'manual' },
      { first },
    )
    receive('d1')
    expect(store.runs.get(asked.id).state).toBe('queued')
  })

  it('lets a running run go on, unless the project wants it cancelled', () => {
    const old = receive('d1').run
    trains(old?.id as number)
    receive('d2', { sha: sha('b') })
    expect(cancelRun).not.toHaveBeenCalled()

    const eager = projectWith({ cancelRunning: true })
    const going = receive('d1', {}, eager).run
    trains(going?.id as number)
    receive('d2', { sha: sha('b') }, eager)
    expect(cancelRun.mock.calls).toEqual([[going?.id, 'superseded']])
  })

  it('supersedes a run that has begun but still waits to train', () => {
    const old = receive('d1').run
    store.runs.transition(old?.id as number, 'running')
    receive('d2', { sha: sha('b') })
    expect(cancelRun.mock.calls).toEqual([[old?.id, 'superseded']])
  })

  it('writes nothing at all when a part of it fails', () => {
    const eager = projectWith({ cancelRunning: true })
    const going = receive('d1', {}, eager).run
    store.runs.transition(going?.id as number, 'running')
    cancelRun.mockImplementation(() => {
      throw new Error('no')
    })
    expect(() => receive('d2', { sha: sha('b') }, eager)).toThrow('no')
    expect(store.deliveries.byDeliveryId(eager.id, 'd2')).toBeNull()
    expect(store.runs.ofPush(eager.id, 'refs/heads/main', sha('b'))).toBeNull()
  })
})

describe('startRun', () => {
  it('makes a run every time, with its own settings over those of the project', () => {
    const request = {
      ref: 'refs/heads/main',
      sha: sha('a'),
      trigger: 'api' as const,
      overrides: { target: 0.9 },
    }
    const one = startRun(store, project, request, { first })
    const two = startRun(store, project, request, { first })
    expect([one.number, two.number]).toEqual([1, 2])
    expect(two.settings).toMatchObject({ target: 0.9, trials: 7 })
    expect(two.overrides).toEqual({ target: 0.9 })
  })
})

describe('recordDelivery', () => {
  it('records once', () => {
    const one = recordDelivery(store, project, received('p1'), 'ping', null)
    expect(recordDelivery(store, project, received('p1'), 'ping', null)).toEqual(one)
    expect(store.deliveries.ofProject(project.id)).toHaveLength(1)
  })
})

describe('while as many runs of the project wait as may', () => {
  const bounded = { ...chain, maxWaiting: 2 }
  const take = (id: string, ref: string, letter: string, of = project) =>
    receivePush(store, of, push({ ref: `refs/heads/${ref}`, sha: sha(letter) }), received(id), bounded)
  beforeEach(() => {
    project = projectWith({ branches: ['*'] }, 'many')
    take('d1', 'one', 'a')
    take('d2', 'two', 'b')
  })

  it('a push is stored and refused, with why', () => {
    const { delivery, run } = take('d3', 'three', 'c')
    expect({ run, runs: store.runs.list().length }).toEqual({ run: null, runs: 2 })
    expect(delivery).toMatchObject({
      ...{ outcome: 'refused', runId: null },
      reason:
        'As many runs of this project wait to be trained as may (HONE_QUEUE is 2); more are taken once some of them have begun.',
    })
  })

  it('the same delivery makes its run when it comes again and there is room', () => {
    const { id } = take('d3', 'three', 'c').delivery
    expect(take('d3', 'three', 'c').delivery).toMatchObject({ id, outcome: 'refused' })
    trains(1)
    const { delivery, run } = take('d3', 'three', 'c')
    expect(delivery).toMatchObject({ id, outcome: 'run', runId: run?.id, reason: null })
    expect(take('d3', 'three', 'c').run?.id).toBe(run?.id)
    expect(store.deliveries.ofProject(project.id)).toHaveLength(3)
  })

  it('a newer push of a branch that waits takes its place', () => {
    expect(take('d3', 'two', 'c').delivery.outcome).toBe('run')
    expect(store.runs.list().map(({ ref, state }) => [ref.slice(11), state])).toEqual([
      ['two', 'queued'],
      ['two', 'superseded'],
      ['one', 'queued'],
    ])
  })

  it('another project has its own room, and runs that train take none', () => {
    expect(take('d3', 'three', 'c', projectWith({ branches: ['*'] }, 'plants')).delivery.outcome).toBe('run')
    trains(1)
    trains(2)
    expect(take('d4', 'four', 'd').delivery.outcome).toBe('run')
  })

  it('a run that is asked for is refused, too', () => {
    const ask = () => requireQueueRoom(store, project, bounded)
    expect(ask).toThrow('As many runs of this project wait to be trained as may')
    trains(1)
    expect(ask).not.toThrow()
  })
})
