import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Failure } from '../../src/domain/failure.ts'
import type { Job, JobName } from '../../src/domain/job.ts'
import { CLAIM, NEXT_DUE } from '../../src/store/claim.ts'
import { START, testStore } from './support.ts'

const LEASE = 30_000
const BUSY: Failure = { kind: 'unavailable', code: 'slots-busy', message: 'm', remedy: 'r' }
const BOOM: Failure = { kind: 'system', code: 'boom', message: 'm', remedy: 'r' }
const LIGHT = ['git-import', 'detect-model', 'tweak', 'notify'] as const

let world: ReturnType<typeof testStore>
beforeEach(() => {
  world = testStore()
})

/** A project with so many runs, each with its first training queued; they are named `a1`, `a2`, ... */
function project(name: string, runs: number, job: JobName = 'train') {
  const { id } = world.project(name)
  for (let number = 1; number <= runs; number++) {
    const sha = `${name}-${number}-`.padEnd(40, '0')
    world.store.jobs.enqueue(world.run(id, sha).id, job, `${job}:0`, `${name}${number}`)
  }
}

const claim = (names: readonly JobName[] = ['train']): Job | null => {
  world.clock.now += 1
  return world.store.jobs.claim({ names, exclusive: ['tweak'] }, 'one', LEASE)
}
/** Names of the runs whose jobs are taken next, `-` where there is none. */
const next = (count: number, names?: readonly JobName[]) =>
  Array.from({ length: count }, () => claim(names)?.input ?? '-').join(' ')
function claimed(names?: readonly JobName[]): Job {
  const job = claim(names)
  if (!job) throw new Error('there was no job')
  return job
}

describe('the next job', () => {
  test('is of the project with the fewest running, however many another one has queued', () => {
    project('a', 100)
    project('b', 1)
    project('c', 2)
    expect(next(6)).toBe('a1 b1 c1 a2 c2 a3')
  })

  test('with one worker is of each project in turn', () => {
    project('a', 100)
    project('b', 3)
    const turns = Array.from({ length: 8 }, () => {
      const job = claimed()
      world.store.jobs.complete(job, {})
      return job.input
    })
    expect(turns.join(' ')).toBe('a1 b1 a2 b2 a3 b3 a4 a5')
  })

  test('is of each project in turn also for as long as the clock was set back', () => {
    project('a', 9)
    project('b', 9)
    const take = () => {
      const job = claimed()
      world.store.jobs.complete(job, {})
      return job.input
    }
    const before = [take(), take()]
    world.clock.now -= 3_600_000
    world.store.shiftTimes(-3_600_000)
    expect([...before, take(), take(), take(), take()].join(' ')).toBe('a1 b1 a2 b2 a3 b3')
  })

  test('of a project whose oldest waits for a slot is one that asks for something else', () => {
    project('a', 4)
    const ask = (run: number, settings: string) =>
      world.db.prepare('UPDATE runs SET settings = json_patch(settings, ?) WHERE id = ?').run(settings, run)
    ask(1, '{"memory":"5g"}')
    ask(2, '{"memory":"5g"}')
    ask(3, '{"memory":"1g"}')
    world.db.prepare(`UPDATE runs SET detection = '{"gpus":1}' WHERE id = 4`).run()
    world.store.jobs.retry(claimed(), BUSY, world.clock.now + 5000, false)
    expect(next(3)).toBe('a3 a4 -')
    world.store.jobs.hurry('slots-busy')
    expect(next(3)).toBe('a1 a2 -')
  })

  test('of a single project goes to every worker, the oldest first', () => {
    project('a', 4)
    expect(next(5)).toBe('a1 a2 a3 a4 -')
  })

  test('of a project that comes late is not behind all that others have queued', () => {
    project('a', 50)
    world.store.jobs.complete(claimed(), {})
    world.store.jobs.complete(claimed(), {})
    project('b', 1)
    expect(next(2)).toBe('b1 a3')
  })

  test('of light jobs, too, and a lane does not see what the other one runs', () => {
    project('a', 3, 'git-import')
    project('b', 1, 'detect-model')
    project('c', 1)
    expect(next(1)).toBe('c1')
    expect(next(4, LIGHT)).toBe('a1 b1 a2 a3')
  })

  test('keeps its place when it had to wait, and its project its turn; those behind it wait with it', () => {
    project('a', 3)
    project('b', 2)
    world.store.jobs.retry(claimed(), BUSY, world.clock.now + 5000, false)
    expect(next(3)).toBe('b1 b2 -')
    expect(world.store.jobs.nextDue({ names: ['train'] }, world.clock.now)).toBe(START + 5001)
    world.store.jobs.hurry('slots-busy')
    expect(next(4)).toBe('a1 a2 a3 -')
  })

  test('goes past one that waits for something else', () => {
    project('a', 2)
    world.store.jobs.retry(claimed(), { ...BUSY, code: 'git-away' }, world.clock.now + 5000, false)
    world.store.jobs.hurry('slots-busy')
    expect(next(2)).toBe('a2 -')
    world.store.jobs.hurry()
    expect(next(1)).toBe('a1')
  })

  test('of a project whose job failed for a reason of its own is behind the others', () => {
    project('a', 2)
    project('b', 1)
    world.store.jobs.retry(claimed(), BOOM, world.clock.now, true)
    expect(next(3)).toBe('b1 a1 a2')
  })

  test('of those that go one at a time in a project leaves the others of it alone', () => {
    project('a', 3, 'git-import')
    project('b', 1, 'git-import')
    const names = ['git-import'] as const
    const take = () => {
      world.clock.now += 1
      return world.store.jobs.claim({ names, exclusive: [], inProject: names }, 'one', LEASE)
    }
    const first = take()
    expect([first?.input, take()?.input, take()]).toEqual(['a1', 'b1', null])
    world.store.jobs.complete(first as Job, {})
    expect([take()?.input, take()]).toEqual(['a2', null])
  })

  test('is first one whose owner has gone', () => {
    project('a', 1)
    project('b', 1)
    claimed()
    world.clock.now += LEASE + 1
    const take = () => world.store.jobs.claim({ names: ['train'], exclusive: [] }, 'two', LEASE)?.input
    expect([take(), take(), take()]).toEqual(['a1', 'b1', undefined])
  })
})

test('what a job waits for has a beginning, which a new reason sets anew', () => {
  project('a', 1)
  const wait = (failure: Failure) => {
    world.store.jobs.retry(claimed(), failure, world.clock.now, false)
    return world.store.jobs.ofRun(1)[0]?.waitingSince
  }
  expect([wait(BUSY), wait(BUSY), wait(BOOM), wait(BUSY)]).toEqual([
    START + 1,
    START + 1,
    START + 3,
    START + 4,
  ])
  world.store.jobs.complete(claimed(), {})
  expect(world.store.jobs.keptWaiting('slots-busy')).toEqual([])
})

test('how long a job fails is counted from its first system failure, whatever else came in between, and moves with the clock', () => {
  project('a', 1)
  const other = { ...BOOM, code: 'another' }
  const fail = (failure: Failure) => {
    world.store.jobs.retry(claimed(), failure, world.clock.now, true)
    return world.store.jobs.ofRun(1)[0]?.failingSince
  }
  const first = START + 2
  expect([fail(BUSY), fail(BOOM), fail(other), fail(BUSY), fail(BOOM)]).toEqual([
    null,
    ...Array(4).fill(first),
  ])
  world.store.shiftTimes(-500)
  expect(world.store.jobs.ofRun(1)[0]?.failingSince).toBe(first - 500)
})

type Step = {
  act: 'claim' | 'wait' | 'fail' | 'complete' | 'queue'
  project: number
  name: JobName
  at: number
}

test('is the one that the description names, whatever happened before', () => {
  const names = [...LIGHT, 'train'] as const
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('claim', 'claim', 'wait', 'fail', 'complete', 'queue', 'queue'),
    project: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom(...names),
    at: fc.nat({ max: 50 }),
  })
  const property = fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
    world = testStore()
    const projects = ['a', 'b', 'c', 'd'].map((name) => world.project(name).id)
    const runs = projects.map((id) => world.run(id).id)
    const turns = new Map<number, Map<number, number>>()
    const all = () => runs.flatMap((id) => world.store.jobs.ofRun(id))
    /** As the doc comment of `CLAIM` says it. */
    const expected = (lane: readonly JobName[]) => {
      const own = all().filter(({ name }) => lane.includes(name))
      const isBusy = (job: Job) =>
        own.some(({ runId, name, state }) => runId === job.runId && name === 'tweak' && state === 'running')
      const isBehind = (job: Job, ahead: Job) =>
        ahead.id < job.id &&
        ahead.runId === job.runId &&
        ahead.name === job.name &&
        ahead.state === 'queued' &&
        ahead.failure?.code === BUSY.code &&
        ahead.runAfter > world.clock.now
      const due = own.filter(
        (job) =>
          job.state === 'queued' &&
          job.runAfter <= world.clock.now &&
          !(job.name === 'tweak' && isBusy(job)) &&
          !own.some((ahead) => isBehind(job, ahead)),
      )
      const rank = (job: Job) => [
        own.filter(({ runId, state }) => runId === job.runId && state === 'running').length,
        Math.max(
          0,
          ...own
            .filter(({ runId }) => runId === job.runId)
            .map(({ id }) => turns.get(job.runId)?.get(id) ?? 0),
        ),
        job.id,
      ]
      const before = (one: number[], other: number[]) =>
        one.map((value, index) => value - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0
      return due.toSorted((one, other) => before(rank(one), rank(other)))[0]?.id
    }
    for (const [index, { act, project, name, at }] of steps.entries()) {
      world.clock.now += 1
      const runId = runs[project] as number
      if (act === 'queue') world.store.jobs.enqueue(runId, name, `${name}:${index}`, {})
      else if (act === 'claim') {
        const lane = name === 'train' ? (['train'] as const) : LIGHT
        const wanted = expected(lane)
        const job = world.store.jobs.claim({ names: lane, exclusive: ['tweak'] }, 'one', LEASE * 100)
        expect(job?.id).toBe(wanted)
        if (job) turns.set(job.runId, (turns.get(job.runId) ?? new Map()).set(job.id, world.clock.now))
      } else {
        const job = all().find((one) => one.state === 'running' && one.runId === runId)
        if (!job) continue
        if (act === 'complete') world.store.jobs.complete(job, {})
        if (act === 'fail') world.store.jobs.retry(job, BOOM, world.clock.now + at, true)
        if (act === 'wait') {
          world.store.jobs.retry(job, BUSY, world.clock.now + at, false)
          turns.get(job.runId)?.delete(job.id)
        }
      }
    }
  })
  fc.assert(property, { seed: 11, numRuns: 100 })
})

describe('with 10,000 jobs queued', () => {
  beforeEach(() => {
    for (let index = 0; index < 50; index++) world.run(world.project(`p${index}`).id)
    world.db.exec(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200)
      INSERT INTO jobs (run_id, project_id, name, key, state, input, run_after, created_at)
      SELECT id, project_id, 'train', 'train:' || n, 'queued', json_quote(id || '/' || n), 0, 0 FROM runs, numbers`)
  })

  test('is found in a look into an index for each project', () => {
    const began = performance.now()
    const taken = Array.from({ length: 100 }, () => claimed().input)
    const each = (performance.now() - began) / taken.length
    expect(new Set(taken).size).toBe(100)
    // Half a millisecond; a look at every job takes a hundred times as long.
    expect(each).toBeLessThan(20)
  })

  test.each([
    ['the claim', CLAIM, /^SEARCH job USING INDEX jobs_queued \(project_id=\? AND name=\?\)/],
    [
      'when the next one is due',
      NEXT_DUE,
      /^SEARCH job USING COVERING INDEX jobs_due \(name=\? AND run_after>\?\)/,
    ],
  ])('%s is no look at every job', (_, sql, index) => {
    const given = {
      names: '["train"]',
      exclusive: '["tweak"]',
      inProject: '["git-import"]',
      owner: 'o',
      now: world.clock.now,
      leaseMs: 1,
      after: 0,
    }
    const plan = world.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(given) as { detail: string }[]
    const steps = plan.map(({ detail }) => detail)
    expect(steps.filter((step) => /^SCAN (?!project|wanted|json_each)/.test(step))).toEqual([])
    expect(steps).toContainEqual(expect.stringMatching(index))
  })
})
