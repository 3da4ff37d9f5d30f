import { beforeEach, describe, expect, test } from 'vitest'
import { resolveSettings } from '../../src/domain/settings.ts'
import { type Bearing, jumpBetween, type Machine, steadyClock } from '../../src/main/clock.ts'
import { followClock } from '../../src/main/follow-clock.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'

const START = 1_700_000_000_000
const HOUR = 3_600_000

/** A machine whose clock can be set, that can sleep, and can be started again. */
function testMachine() {
  const state = { wall: START, elapsed: 5000, uptime: 9000, bootId: 'one' as string | null }
  const machine: Machine = {
    wall: () => state.wall,
    elapsed: () => state.elapsed,
    uptime: () => state.uptime,
    get bootId() {
      return state.bootId
    },
  }
  const pass = (ms: number) => {
    state.wall += ms
    state.elapsed += ms
    state.uptime += ms
  }
  const sleep = (ms: number) => {
    state.wall += ms
    state.uptime += ms
  }
  const setClock = (ms: number) => {
    state.wall += ms
  }
  return { state, machine, pass, sleep, setClock }
}

describe('the steady clock', () => {
  test('goes by the wall clock, and on as before when that is set, until it follows', () => {
    const { machine, pass, setClock } = testMachine()
    const clock = steadyClock(machine)
    pass(1000)
    expect([clock.now(), clock.jump()]).toEqual([START + 1000, 0])
    setClock(3 * HOUR)
    pass(500)
    expect([clock.now(), clock.jump()]).toEqual([START + 1500, 3 * HOUR])
    clock.follow()
    expect([clock.now(), clock.jump()]).toEqual([START + 1500 + 3 * HOUR, 0])
    setClock(-5 * HOUR)
    expect([clock.now(), clock.jump()]).toEqual([START + 1500 + 3 * HOUR, -5 * HOUR])
  })

  test('gives whole milliseconds, as the database wants them', () => {
    const { machine, pass } = testMachine()
    const clock = steadyClock(machine)
    pass(0.7)
    expect(clock.now()).toBe(START + 1)
  })

  test('takes the small steps of a time service for what they are', () => {
    const { machine, setClock } = testMachine()
    const clock = steadyClock(machine)
    setClock(1999)
    expect(clock.jump()).toBe(0)
  })
})

test.each<[what: string, before: Bearing | null, after: Bearing | null, jump: number]>([
  ['nothing is known', null, { bootId: 'one', bootedAt: START }, 0],
  ['starts cannot be told apart', { bootId: 'one', bootedAt: START }, null, 0],
  ['nothing has changed', { bootId: 'one', bootedAt: START }, { bootId: 'one', bootedAt: START + 20 }, 0],
  ['the clock was set', { bootId: 'one', bootedAt: START }, { bootId: 'one', bootedAt: START - HOUR }, -HOUR],
  [
    'the machine was started',
    { bootId: 'one', bootedAt: START },
    { bootId: 'two', bootedAt: START + HOUR },
    0,
  ],
])('the jump while no server ran: %s', (_, before, after, jump) => {
  expect(jumpBetween(before, after)).toBe(jump)
})

describe('following a clock that was set', () => {
  let world: ReturnType<typeof open>
  function open() {
    const made = testMachine()
    const db = openDatabase(':memory:')
    const logged: string[] = []
    /** As the start of a server does. */
    const start = () => {
      const clock = steadyClock(made.machine)
      const store = createStore(db, clock.now)
      const log = (_: object, text: string) => void logged.push(text)
      const time = followClock({ store, clock, logger: { warn: log, error: log } })
      return { clock, store, time }
    }
    return { ...made, db, start, logged, server: start() }
  }
  beforeEach(() => {
    world = open()
    const { store, time } = world.server
    time.start()
    time.stop()
    const about = { name: 'p', repoUrl: null, secret: '', pushTokenHash: '', settings: {} }
    const run = store.runs.insert({
      projectId: store.projects.insert(about).id,
      ...{ ref: 'refs/heads/main', sha: 'a', trigger: 'push', author: null, message: null, overrides: {} },
      settings: resolveSettings(),
    })
    store.runs.transition(run.id, 'running')
    store.jobs.enqueue(run.id, 'train', 'train:0', {})
    const trial = store.trials.insert({
      ...{ runId: run.id, number: 0, values: {}, origin: '', repeats: null, seed: 0, sha: 'a', diff: '' },
    })
    const times = { deadline: START + HOUR, notBefore: START + 2000 }
    store.attempts.insert({ trialId: trial.id, number: 1, container: 'c', ...times })
    store.attempts.transition(1, 'running')
    store.mails.insert({
      ...{ runId: run.id, kind: 'failed', messageId: '<m>', to: 'a@x', subject: '', text: '', html: '' },
      attachments: [],
    })
    store.mails.markFailed(store.mails.byId(1) as never, 'away', START + 1000)
  })

  /** How far ahead of the present everything lies, ms. */
  const ahead = ({ store, clock }: typeof world.server) => {
    const attempt = store.attempts.get(1)
    const times = {
      run: store.runs.get(1).deadline,
      runStarted: store.runs.get(1).startedAt,
      attempt: attempt.deadline,
      restart: attempt.notBefore,
      started: attempt.startedAt,
      job: store.jobs.byId(1).runAfter,
      mail: store.mails.byId(1)?.nextTryAt,
    }
    return Object.fromEntries(Object.entries(times).map(([name, at]) => [name, Number(at) - clock.now()]))
  }

  test.each([
    ['forwards', 3 * HOUR],
    ['backwards', -5 * HOUR],
  ])('%s: everything is as far ahead as before', (_, jump) => {
    const { server, setClock, logged } = world
    const before = ahead(server)
    setClock(jump)
    expect(ahead(server)).toEqual(before)
    server.time.look()
    expect(server.clock.now()).toBe(START + jump)
    expect(ahead(server)).toEqual(before)
    expect(logged).toEqual(['the clock was set; deadlines are moved along with it'])
    server.time.look()
    expect(ahead(server)).toEqual(before)
    expect(logged).toHaveLength(1)
  })

  test('while no server ran: the next start moves them, once', () => {
    const before = ahead(world.server)
    world.setClock(7 * HOUR)
    for (let starts = 0; starts < 2; starts++) {
      const server = world.start()
      server.time.start()
      server.time.stop()
      expect(ahead(server)).toEqual(before)
    }
  })

  test('a start of the machine is no reason to move anything', () => {
    const before = ahead(world.server)
    world.pass(HOUR)
    world.state.bootId = 'two'
    world.state.uptime = 0
    const server = world.start()
    server.time.start()
    server.time.stop()
    expect(ahead(server).run).toBe(Number(before.run) - HOUR)
  })

  test('time that the machine slept through counts for no training', () => {
    const before = ahead(world.server)
    world.sleep(2 * HOUR)
    world.server.time.look()
    expect(ahead(world.server)).toEqual(before)
    const next = world.start()
    next.time.start()
    next.time.stop()
    expect(ahead(next)).toEqual(before)
  })

  test('on a full disk the old time goes on until they can be moved', () => {
    const { server, setClock, db, logged } = world
    const before = ahead(server)
    db.exec('PRAGMA query_only = 1')
    setClock(3 * HOUR)
    server.time.look()
    expect(server.clock.now()).toBe(START)
    server.time.look()
    expect(logged).toEqual([expect.stringContaining('the deadlines could not be moved yet')])
    db.exec('PRAGMA query_only = 0')
    server.time.look()
    expect(server.clock.now()).toBe(START + 3 * HOUR)
    expect(ahead(server)).toEqual(before)
  })

  test('on a full disk a clock that a time service corrects is followed, and said once', () => {
    const { server, setClock, db, logged } = world
    db.exec('PRAGMA query_only = 1')
    for (let looks = 1; looks <= 5; looks++) {
      setClock(900)
      server.time.look()
      expect(server.clock.now()).toBe(START + 900 * looks)
    }
    expect(logged).toEqual([expect.stringContaining('could not be written down')])
    db.exec('PRAGMA query_only = 0')
    server.time.look()
    expect(logged).toHaveLength(1)
  })

  test('the times of what has ended stay as they were shown', () => {
    const { store, time } = world.server
    store.endRun(1, 'cancelled')
    const { startedAt, endedAt } = store.runs.get(1)
    world.setClock(HOUR)
    time.look()
    expect(store.runs.get(1)).toMatchObject({ startedAt, endedAt })
    expect(store.attempts.get(1).endedAt).toBe(START)
  })
})
