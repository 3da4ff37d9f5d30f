import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { systemError } from '../../src/domain/failure.ts'
import type { Run } from '../../src/domain/run.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let chain: TestChain
afterEach(() => chain.dispose())

const attemptsOf = (run: Run) => chain.store.attempts.ofRun(run.id)
const trains = (run: Run) => chain.until(() => attemptsOf(run).at(-1)?.state === 'running')
/** The container of the last attempt, once it has written so many lines. */
async function written(run: Run, lines: number) {
  await trains(run)
  const { container } = attemptsOf(run).at(-1) as { container: string }
  await chain.executor.written(container, lines)
  return chain.executor.containers.get(container)
}
/** A training that says how far it is, and then goes on when it is told to. */
function waiting() {
  let goOn = () => {}
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const program: FakeProgram = async function* () {
    yield 'Epoch 1/2: val_accuracy=0.5'
    await gate
    yield 'Test accuracy: 0.95'
  }
  return { program, goOn: () => goOn() }
}
/** Time goes by in looks of a minute. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    chain.pass(MINUTE)
    await chain.sweep()
  }
}

describe('a silent training', () => {
  /** Hangs in its first attempt. */
  const hangs: FakeProgram = async function* ({ attempt, hang }) {
    yield 'Epoch 1/2: val_accuracy=0.5'
    if (attempt === 1) await hang()
    yield 'Test accuracy: 0.95'
  }

  it('is stopped after its limit, and goes on in another attempt', async () => {
    chain = await testChain(hangs)
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 10 })
    await written(run, 1)
    await chain.sweep()
    await pass(9)
    expect(attemptsOf(run)).toMatchObject([{ state: 'running', pulse: { silentMs: expect.any(Number) } }])
    expect(attemptsOf(run)[0]?.pulse.silentMs).toBeGreaterThan(5 * MINUTE)
    await pass(3)
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toMatchObject([
      { state: 'failed', failure: { code: 'silent', message: expect.stringContaining('for 10 minutes') } },
      { state: 'succeeded' },
    ])
  })

  it('is left alone while it uses its processor, however long its epoch takes', async () => {
    const { program, goOn } = waiting()
    chain = await testChain(program)
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 5 })
    const container = await written(run, 1)
    await chain.sweep()
    for (let minute = 0; minute < 20; minute++) {
      if (container) container.usage = { ...container.usage, cpuMs: container.usage.cpuMs + 30_000 }
      await pass(1)
    }
    goOn()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })

  it('stays silent over a restart of the server, whose own time is not counted', async () => {
    chain = await testChain(hangs)
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 10, timeLimit: 600 })
    await written(run, 1)
    await chain.sweep()
    await pass(8)
    const silentMs = attemptsOf(run)[0]?.pulse.silentMs as number
    await chain.stop()
    chain.pass(HOUR)
    chain.start()
    await chain.sweep()
    expect(attemptsOf(run)).toMatchObject([{ state: 'running', pulse: { silentMs } }])
    await pass(4)
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)[0]?.failure?.code).toBe('silent')
  })

  it('is stopped again when the first time failed', async () => {
    chain = await testChain(hangs)
    const { executor } = chain
    const { stop } = executor
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 2 })
    await written(run, 1)
    await chain.sweep()
    const refusing = vi.fn(() => Promise.reject(new Error('not now')))
    executor.stop = refusing
    await pass(4)
    expect(refusing).toHaveBeenCalled()
    executor.stop = stop
    await pass(1)
    expect((await chain.ended(run)).state).toBe('succeeded')
  })
})

describe('what is not known of a training', () => {
  it('while its engine was away is no silence', async () => {
    const { program, goOn } = waiting()
    chain = await testChain(program, { engineAwayLimitMs: 24 * HOUR })
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 10, timeLimit: 600 })
    await written(run, 1)
    await chain.sweep()
    await pass(5)
    chain.executor.away = true
    await pass(60)
    chain.executor.away = false
    await chain.sweep()
    await pass(2)
    expect(attemptsOf(run)[0]?.pulse.silentMs).toBeLessThan(8 * MINUTE)
    goOn()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })

  it('keeps neither the engine away nor leftovers where they are', async () => {
    const { program, goOn } = waiting()
    chain = await testChain(program)
    const { executor } = chain
    const run = chain.push({ target: 0.9, confirm: 0, silentLimit: 1, timeLimit: 600 })
    await written(run, 1)
    executor.usage = () => Promise.reject(systemError('engine-refused', 'No such cgroup.', 'None.'))
    executor.away = true
    await chain.sweep()
    expect(chain.store.engineAway.get()).not.toBeNull()
    executor.away = false
    await executor.create({
      ...{ name: 'z', image: 'image', command: [], env: {}, workdir: '/', network: false, volumes: [] },
      labels: { 'hone.instance': 'test', 'hone.attempt': '99' },
      limits: { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 },
    })
    await pass(3)
    expect(chain.store.engineAway.get()).toBeNull()
    expect(chain.health.problems()).toEqual([])
    expect(executor.containers.has('z')).toBe(false)
    goOn()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })
})

describe('limits of time', () => {
  it('may be parts of a minute that are no whole milliseconds', async () => {
    chain = await testChain(() => ['Test accuracy: 0.95'])
    const run = chain.push({ target: 0.9, confirm: 0, timeLimit: 100 / 7, runTimeLimit: 1000 / 7 })
    expect((await chain.ended(run)).state).toBe('succeeded')
  })

  it('may be longer than a timer of Node', async () => {
    const { program, goOn } = waiting()
    chain = await testChain(program)
    const run = chain.push({ target: 0.9, confirm: 0, timeLimit: 30 * 24 * 60, runTimeLimit: 30 * 24 * 60 })
    await written(run, 1)
    goOn()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })

  it('hold over a restart of the server in which they pass', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2: val_accuracy=0.5'
      await hang()
    })
    const run = chain.push({ timeLimit: 30 })
    await written(run, 1)
    await chain.stop()
    chain.pass(HOUR)
    chain.start()
    expect(await chain.ended(run)).toMatchObject({
      state: 'failed',
      conclusion: { failure: { code: 'time-limit' } },
    })
  })

  it.each([
    ['', 0],
    [', and whoever sets the clock ahead meanwhile', 2 * HOUR],
    [', and whoever sets it back', -2 * HOUR],
  ])('of a trial are shared by its attempts, as far as they go on from each other%s', async (_, jump) => {
    let isRunning = () => Promise.resolve()
    chain = await testChain(async function* ({ attempt, hang, exit, write }) {
      yield 'Epoch 1/9: val_accuracy=0.5'
      if (attempt > 1) await hang()
      await isRunning()
      chain.pass(10 * MINUTE)
      chain.setClock(jump)
      chain.pass(10 * MINUTE)
      const at = chain.now() / 1000
      write(
        '/opt/hone/run/events.jsonl',
        `${JSON.stringify({ v: 1, type: 'checkpoint', at, place: 'train.py:1#0', step: 1, bytes: 9, seconds: 0.1 })}\n`,
      )
      chain.pass(5 * MINUTE)
      exit(137)
    })
    const run = chain.push({ timeLimit: 30 })
    isRunning = () => trains(run)
    await chain.until(() => attemptsOf(run)[1]?.state === 'running')
    const [first, second] = attemptsOf(run)
    const minutes = (from: number | null | undefined, to: number | null | undefined) =>
      Math.round((Number(to) - Number(from)) / MINUTE)
    expect(minutes(first?.startedAt, first?.endedAt)).toBe(25)
    expect(minutes(second?.startedAt, second?.deadline)).toBe(10)
    chain.cancel(run)
  })

  it.each([
    ['one that failed by itself, later than it might have trained', 1, HOUR, 0, 'exit-code'],
    ['one that was killed in time, while the clock was set ahead', 137, MINUTE, 2 * HOUR, 'killed'],
    ['one that was killed when its time was over', 137, HOUR, 0, 'time-limit'],
  ])('while no server ran: %s', async (_, exitCode, later, jump, code) => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    chain = await testChain(async function* ({ attempt, exit }) {
      yield 'Epoch 1/9: val_accuracy=0.5'
      if (attempt > 1) return
      await ended
      exit(exitCode)
    })
    const run = chain.push({ timeLimit: 30 })
    const container = await written(run, 1)
    await chain.stop()
    chain.pass(later)
    chain.setClock(jump)
    end()
    await expect.poll(() => container?.state).toBe('exited')
    chain.start()
    await chain.until(() => attemptsOf(run)[0]?.state === 'failed')
    expect(attemptsOf(run)[0]?.failure).toMatchObject({ code })
  })
})

describe('the wait before a restart', () => {
  it('is stored, so that a restart of the server does not cut it short', async () => {
    chain = await testChain(({ attempt, exit }) => (attempt === 1 ? exit(137) : ['Test accuracy: 0.95']))
    const run = chain.push({ target: 0.9, confirm: 0 })
    await chain.until(() => attemptsOf(run).length === 2)
    const [first, second] = attemptsOf(run)
    expect((second?.notBefore as number) - (first?.endedAt as number)).toBeGreaterThanOrEqual(900)
    await chain.stop()
    chain.start()
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)[1]?.startedAt).toBeGreaterThanOrEqual(second?.notBefore as number)
    expect(attemptsOf(run)).toHaveLength(2)
  })
})

describe('a training that is out of shared memory', () => {
  it('gets more of it, and so does every later one of its run', async () => {
    const GIB = 2 ** 30
    const needs: FakeProgram = function* ({ spec, exit, read }) {
      if (spec.limits.shmBytes < 2 * GIB) {
        yield 'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).'
        exit(1)
      }
      yield `Test accuracy: ${read('train.py')?.includes('alpha = 5.0') ? 0.4 : 0.95}`
    }
    chain = await testChain(needs)
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    expect(run.state).toBe('succeeded')
    expect(attemptsOf(run)).toMatchObject([
      { state: 'failed', shmBytes: null, failure: { code: 'shared-memory' } },
      { state: 'succeeded', shmBytes: 2 * GIB },
      { state: 'succeeded', shmBytes: 2 * GIB },
    ])
  })
})

describe('an engine that is away', () => {
  it('is known to be so since when, over a restart of the server too', async () => {
    const { program, goOn } = waiting()
    chain = await testChain(program)
    const run = chain.push({ target: 0.9, confirm: 0, timeLimit: 6000, runTimeLimit: 6000 })
    await written(run, 1)
    chain.executor.away = true
    await chain.sweep()
    const since = chain.store.engineAway.get()?.since as number
    expect(since).toBeGreaterThan(0)
    await chain.stop()
    chain.pass(24 * HOUR)
    chain.start()
    await chain.sweep()
    // The day in which no server ran is not counted.
    expect(chain.store.engineAway.get()).toMatchObject({ since, awayMs: expect.any(Number) })
    expect(chain.store.engineAway.get()?.awayMs).toBeLessThan(MINUTE)
    expect(chain.health.problems()).toMatchObject([{ part: 'engine', since }])
    chain.executor.away = false
    goOn()
    await chain.sweep()
    expect(chain.store.engineAway.get()).toBeNull()
    await expect
      .poll(() => chain.health.facts().engine)
      .toEqual({
        ...{ version: expect.any(String), at: expect.any(Number) },
      })
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(attemptsOf(run)).toHaveLength(1)
  })

  it('for too long ends the runs that wait for it, with the cause', async () => {
    const { program } = waiting()
    chain = await testChain(program, { engineAwayLimitMs: 2 * HOUR })
    const run = chain.push({ target: 0.9, confirm: 0 })
    await written(run, 1)
    chain.executor.away = true
    await chain.until(() => chain.store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
    await chain.sweep()
    await pass(119)
    expect(chain.store.runs.get(run.id).state).toBe('running')
    await pass(2)
    chain.wake()
    expect(await chain.ended(run)).toMatchObject({
      state: 'failed',
      conclusion: { failure: { code: 'engine-gone', message: expect.stringContaining('120 minutes') } },
    })
    expect(attemptsOf(run)).toMatchObject([{ state: 'cancelled' }])
    chain.executor.away = false
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
  })
})
