import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import type { Run } from '../../src/domain/run.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

/** Of the engine's 8 GiB trainings may have 6.4, and of its processors 4. */
const GIB = 1024 ** 3

let chain: TestChain
let release: Map<string, () => void>
/** Trains until its run's label is released. */
const program: FakeProgram = async function* ({ spec, signal }) {
  yield 'begins'
  await new Promise<void>((resolve) => {
    release.set(String(spec.labels['hone.run']), resolve)
    signal.addEventListener('abort', () => resolve())
  })
  yield 'accuracy: 0.9'
}
beforeEach(async () => {
  release = new Map()
  chain = await testChain(program, { parallel: 2 })
})
afterEach(() => chain.dispose())

const push = (settings: Partial<Settings> = {}) =>
  chain.push({ trials: 1, target: 0.5, confirm: 0, ...settings })
const trainOf = (run: Run) => chain.store.jobs.ofRun(run.id).find(({ name }) => name === 'train')
const trains = (run: Run) =>
  expect.poll(() => release.has(String(run.id)), { timeout: 15_000, interval: 20 }).toBe(true)
const waits = (run: Run) => chain.until(() => trainOf(run)?.failure?.code === 'slots-busy')
const finish = (run: Run) => release.get(String(run.id))?.()
const limitsOf = (run: Run) =>
  chain.executor.created.find(({ labels }) => labels['hone.run'] === String(run.id))?.limits

describe('a training', () => {
  it('has its even share when nothing is set, and holds it while it runs', async () => {
    const run = push()
    await trains(run)
    const slot = { memoryBytes: Math.floor((0.8 * 8 * GIB) / 2), cpus: 2 }
    expect(limitsOf(run)).toMatchObject(slot)
    expect(chain.store.attempts.ofRun(run.id)[0]?.slot).toEqual({ ...slot, gpus: 0 })
    finish(run)
    await chain.ended(run)
  })

  it('that wants more than its share has it, and the next one waits and says for what and for whom', async () => {
    const large = push({ memory: '5g' })
    await trains(large)
    expect(limitsOf(large)?.memoryBytes).toBe(5 * GIB)
    const next = push()
    await waits(next)
    expect(trainOf(next)?.failure).toMatchObject({
      kind: 'unavailable',
      message:
        'The training waits for memory: 5 of 6.4 GiB are held by p0 #1, and it wants 3.2 GiB of memory.',
    })
    expect(chain.store.trials.ofRun(next.id)[0]?.state).toBe('queued')
    expect(chain.store.attempts.ofRun(next.id)).toEqual([])
  })

  it('that waits occupies no worker, and begins at once when the slot is free', async () => {
    const large = push({ memory: '5g' })
    await trains(large)
    const waiting = push({ memory: '4g' })
    await waits(waiting)
    const small = push({ memory: '1g', cpus: 1 })
    await trains(small)
    const due = () => trainOf(waiting)?.runAfter ?? 0
    finish(large)
    await chain.ended(large)
    await trains(waiting)
    expect(due()).toBeLessThanOrEqual(chain.store.now())
    for (const run of [small, waiting]) finish(run)
    expect((await chain.ended(waiting)).state).toBe('succeeded')
  })

  it('that waits begins when the one that holds the slot is cancelled', async () => {
    const large = push({ memory: '5g' })
    await trains(large)
    const waiting = push({ memory: '4g' })
    await waits(waiting)
    chain.cancel(large)
    await trains(waiting)
    finish(waiting)
    expect((await chain.ended(waiting)).state).toBe('succeeded')
  })

  it('that waits ends when it is cancelled itself', async () => {
    const large = push({ memory: '5g' })
    await trains(large)
    const waiting = push({ memory: '4g' })
    await waits(waiting)
    chain.cancel(waiting)
    expect(chain.store.runs.get(waiting.id).state).toBe('cancelled')
    expect(trainOf(waiting)?.state).toBe('cancelled')
  })

  it('that wants more than the machine has fails before a container is made', async () => {
    const run = await chain.ended(push({ memory: '7g' }))
    expect(run.conclusion?.failure).toMatchObject({ kind: 'user', code: 'slot-too-large' })
    expect(run.conclusion?.reason).toContain(
      'ask for 7 GiB of memory for one training, but trainings may have 6.4 GiB',
    )
    expect(chain.executor.created).toEqual([])
  })
})

describe('a restart of the server', () => {
  it('finds what is held, and gives one that is resumed no second slot', async () => {
    const large = push({ memory: '4g' })
    await trains(large)
    await chain.stop()
    const next = push({ memory: '4g' })
    chain.start()
    await waits(next)
    expect(chain.store.attempts.ofRun(large.id)).toHaveLength(1)
    finish(large)
    await trains(next)
    expect((await chain.ended(large)).state).toBe('succeeded')
    finish(next)
    await chain.ended(next)
  })
})
