import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ContainerSpec } from '../../src/containers/executor.ts'
import type { FakeContext, FakeProgram } from '../../src/containers/fake-container.ts'
import { systemError, unavailable } from '../../src/domain/failure.ts'
import { readTail } from '../../src/store/log-file.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

/** Others hold data sets and winners. */
const isTraining = ({ labels }: ContainerSpec) => 'hone.attempt' in labels

const alphaOf = ({ read }: FakeContext) => Number(/alpha = (\S+)/.exec(read('train.py') ?? '')?.[1])
/** The smaller alpha, the better. */
const trains: FakeProgram = function* (context) {
  yield 'Epoch 1/1'
  yield `Test accuracy: ${alphaOf(context) < 0.1 ? 0.95 : 0.4}`
}

describe('a container that dies', () => {
  it('is followed by another with the same checkpoints', async () => {
    chain = await testChain(function* (context) {
      if (context.read('/checkpoints/epoch') === null) {
        context.write('/checkpoints/epoch', '1')
        yield 'Epoch 1/2: val_accuracy=0.5'
        context.exit(137)
      }
      yield 'resumed'
      yield 'Test accuracy: 0.95'
    })
    const run = await chain.ended(chain.push({ target: 0.9 }))
    expect(run.state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id)).toMatchObject([
      { number: 1, state: 'failed', exitCode: 137, signal: 'SIGKILL' },
      { number: 2, state: 'succeeded', exitCode: 0 },
    ])
  })

  it('is not started for ever', async () => {
    chain = await testChain(({ exit }) => exit(139))
    const run = await chain.ended(chain.push({ restarts: 1 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'killed' } } })
    expect(chain.store.attempts.ofRun(run.id)).toHaveLength(2)
  })

  it('is trained again when somebody removed it', async () => {
    const program: FakeProgram = async function* ({ attempt, hang }) {
      yield 'Epoch 1/2'
      if (attempt === 1) await hang()
      yield 'Test accuracy: 0.95'
    }
    chain = await testChain(program)
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.executor.lose(chain.store.attempts.ofRun(run.id)[0]?.container as string)
    expect((await chain.ended(run)).state).toBe('succeeded')
    expect(chain.store.attempts.ofRun(run.id).map(({ state }) => state)).toEqual(['lost', 'succeeded'])
  })

  it('is stopped when its time is over', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2'
      await hang()
    })
    const run = await chain.ended(chain.push({ timeLimit: 0.001 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'time-limit' } } })
  })
})

describe('when one connection to the engine breaks', () => {
  it.each(['wait', 'logs'] as const)(
    '%s: the log is followed once, and no line stands twice',
    async (broken) => {
      let goOn = () => {}
      const gate = new Promise<void>((resolve) => {
        goOn = resolve
      })
      chain = await testChain(async function* () {
        yield 'Epoch 1/2: val_accuracy=0.5'
        await gate
        yield 'Epoch 2/2: val_accuracy=0.9'
        yield 'Test accuracy: 0.95'
      })
      const { executor, store } = chain
      let snap = () => {}
      const snapped = new Promise<never>((_, reject) => {
        snap = () => reject(unavailable('engine-away', 'The connection broke.', 'None.'))
      })
      snapped.catch(() => {})
      const { wait, logs } = executor
      if (broken === 'wait') executor.wait = (id, signal) => Promise.race([wait(id, signal), snapped])
      else {
        executor.logs = async function* (id, from, signal) {
          for await (const line of logs(id, from, signal)) {
            yield line
            await snapped
          }
        }
      }
      const run = chain.push({ target: 0.9 })
      await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
      Object.assign(executor, { wait, logs })
      snap()
      await chain.until(() => store.jobs.ofRun(run.id).at(-1)?.failure?.code === 'engine-away')
      goOn()
      store.jobs.hurry()
      chain.wake()
      expect((await chain.ended(run)).state).toBe('succeeded')
      const [attempt, ...others] = store.attempts.ofRun(run.id)
      expect(others).toEqual([])
      const lines = await readTail(chain.paths.attemptLog(run.id, attempt?.id as number), 100)
      expect(lines).toEqual([
        'Epoch 1/2: val_accuracy=0.5',
        'Epoch 2/2: val_accuracy=0.9',
        'Test accuracy: 0.95',
      ])
    },
  )
})

describe('a run that fails while its training goes on', () => {
  it('leaves no attempt open, no container and no volume', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2'
      await hang()
    })
    chain.executor.wait = () => Promise.reject(systemError('engine-refused', 'The engine refused.', 'None.'))
    const run = await chain.ended(chain.push({ runTimeLimit: 0.001 }))
    expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'engine-refused' } } })
    expect(chain.store.attempts.ofRun(run.id)).toMatchObject([{ state: 'cancelled' }])
    expect(chain.store.trials.ofRun(run.id)).toMatchObject([{ state: 'cancelled' }])
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
    expect(chain.trialVolumes().length).toBe(0)
  })
})

describe('the sweep', () => {
  it('goes on to the others when one leftover cannot be removed', async () => {
    chain = await testChain(() => [])
    const { executor } = chain
    const spec = (name: string) => ({
      ...{ name, image: 'image', command: [], env: {}, workdir: '/', network: false, volumes: [] },
      labels: { 'hone.instance': 'test', 'hone.attempt': '99' },
      limits: { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 },
    })
    const { remove } = executor
    executor.remove = (id) =>
      executor.containers.get('stuck')?.id === id
        ? Promise.reject(systemError('engine-refused', 'It is in use.', ''))
        : remove(id)
    await executor.create(spec('stuck'))
    await executor.create(spec('other'))
    // The first may have begun before they were there.
    await chain.sweep()
    await chain.sweep()
    expect([...executor.containers.keys()]).toEqual(['stuck'])
    expect(chain.health.problems()).toEqual([])
  })
})

describe('an engine with another clock', () => {
  it.each([
    ['hours ahead', 5 * 3_600_000],
    ['hours behind', -5 * 3_600_000],
  ])(
    '%s: a killed training goes on, and none is taken for one that took too long',
    async (_, engineAheadMs) => {
      const program: FakeProgram = async function* ({ attempt, exit }) {
        yield 'Epoch 1/2: val_accuracy=0.5'
        if (attempt === 1) exit(137)
        yield 'Test accuracy: 0.95'
      }
      chain = await testChain(program, { engineAheadMs })
      const run = await chain.ended(chain.push({ target: 0.9, timeLimit: 60 }))
      expect(run.state).toBe('succeeded')
      const attempts = chain.store.attempts.ofRun(run.id)
      expect(attempts).toMatchObject([{ failure: { code: 'killed' } }, { state: 'succeeded' }])
    },
  )

  it('keeps what an attempt before a restart wrote', async () => {
    const program: FakeProgram = async function* ({ attempt, exit, write }) {
      yield 'Epoch 1/2: val_accuracy=0.5'
      if (attempt === 1) {
        write('/workspace/vocabulary.pt', 'words')
        exit(137)
      }
      yield 'Test accuracy: 0.95'
    }
    chain = await testChain(program, { engineAheadMs: -5 * 3_600_000 })
    const run = await chain.ended(chain.push({ target: 0.9, confirm: 0 }))
    const kept = chain.store.trials.ofRun(run.id)[0]?.artifacts?.kept
    expect(kept).toMatchObject([{ path: 'vocabulary.pt' }])
  })

  it.each([5 * 3_600_000, -5 * 3_600_000])(
    'one that takes too long is stopped all the same (%i ms)',
    async (engineAheadMs) => {
      const program: FakeProgram = async function* ({ hang }) {
        yield 'Epoch 1/2'
        await hang()
      }
      chain = await testChain(program, { engineAheadMs })
      const run = await chain.ended(chain.push({ timeLimit: 0.001 }))
      expect(run).toMatchObject({ state: 'failed', conclusion: { failure: { code: 'time-limit' } } })
    },
  )
})

describe('when the server stops', () => {
  it('and is down past the limit, a training that ended by itself keeps its own cause', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* ({ exit }) {
      yield 'Epoch 1/2: val_accuracy=0.5'
      await gate
      yield 'Traceback (most recent call last):'
      yield '  File "/workspace/train.py", line 4, in <module>'
      yield 'ValueError: too late to tell'
      exit(1)
    })
    const { store, executor } = chain
    const run = chain.push({ timeLimit: 0.02 })
    await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
    await chain.stop()
    const attempt = store.attempts.ofRun(run.id)[0]
    goOn()
    await vi.waitFor(() =>
      expect(executor.containers.get(attempt?.container as string)?.state).toBe('exited'),
    )
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(attempt?.deadline as number), {
      timeout: 5_000,
    })
    chain.start()
    expect(await chain.ended(run)).toMatchObject({
      conclusion: { failure: { code: 'script-error', line: 4 } },
    })
  })

  it.each(['while the training goes on', 'and the training ends meanwhile'])(
    '%s, the next one takes it over',
    async (when) => {
      let goOn = () => {}
      const gate = new Promise<void>((resolve) => {
        goOn = resolve
      })
      chain = await testChain(async function* () {
        yield 'Epoch 1/2: val_accuracy=0.5'
        await gate
        yield 'Test accuracy: 0.95'
      })
      const run = chain.push({ target: 0.9 })
      await chain.until(() =>
        chain.store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'),
      )
      await chain.stop()
      expect(chain.executor.containers.size).toBe(1)
      if (when.includes('ends')) goOn()
      chain.start()
      goOn()
      expect((await chain.ended(run)).state).toBe('succeeded')
      expect(chain.executor.created.filter(isTraining)).toHaveLength(1)
    },
  )
})

describe('cancel', () => {
  it('stops the container and removes what is left', async () => {
    chain = await testChain(async function* ({ hang }) {
      yield 'Epoch 1/2'
      await hang()
    })
    const run = chain.push()
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.cancel(run)
    expect(chain.store.runs.get(run.id).state).toBe('cancelled')
    await chain.stop()
    chain.start()
    await chain.sweep()
    expect(chain.executor.containers.size).toBe(0)
    expect(chain.trialVolumes().length).toBe(0)
    expect(chain.store.mails.list()).toEqual([])
  })
})

describe('a full disk', () => {
  it('stops nothing for good: the chain goes on where it was once there is room', async () => {
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    chain = await testChain(async function* (context) {
      await gate
      for (let epoch = 1; epoch <= 200; epoch++) yield `Epoch ${epoch}/200: val_accuracy=0.5`
      yield* trains(context) as Iterable<string>
    })
    const run = chain.push({ target: 0.9 })
    await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
    chain.setRoom(false)
    goOn()
    await vi.waitFor(
      () => expect(chain.errors).toContainEqual(expect.stringMatching(/SQLITE_FULL|disk-full/)),
      { timeout: 10_000 },
    )
    chain.setRoom(true)
    expect((await chain.ended(run)).state).toBe('succeeded')
    const [attempt, ...others] = chain.store.attempts.ofTrial(
      chain.store.trials.ofRun(run.id)[0]?.id as number,
    )
    expect(others).toEqual([])
    expect(chain.store.metrics.ofAttempt(attempt?.id as number).length).toBe(201)
  })
})
