import { afterEach, expect, it } from 'vitest'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const GB = 1024 ** 3
const low = { total: 100 * GB, free: 0.3 * GB }
const roomy = { total: 100 * GB, free: 50 * GB }
const parts = () => chain.health.problems().map(({ part }) => part)
const training = (runId: number) => chain.store.jobs.ofRun(runId).find(({ name }) => name === 'train')

it.each([
  ['data', 'disk', 'in the data folder'],
  ['engine', 'engine-disk', "on the Docker engine's disk"],
] as const)(
  'while the disk of %s is low no training begins, which is said, and then all goes on',
  async (place, part, where) => {
    chain = await testChain(() => ['Test accuracy: 0.95'])
    chain.disks[place] = low
    await chain.sweep()
    expect(parts()).toEqual([part])
    const run = chain.push({ target: 0.9 })
    await chain.until(() => training(run.id)?.failure?.code === 'disk-low')
    expect(training(run.id)).toMatchObject({
      state: 'queued',
      tries: 0,
      failure: { message: `Only 307 MB are free ${where}: new trainings wait for space.` },
    })
    expect(chain.store.trials.ofRun(run.id)).toMatchObject([{ state: 'queued' }])
    expect(chain.executor.created).toEqual([])
    chain.disks[place] = roomy
    await chain.sweep()
    expect(await chain.ended(run)).toMatchObject({ state: 'succeeded' })
    expect(parts()).toEqual([])
  },
)

it('a training that runs already goes on', async () => {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  chain = await testChain(async function* () {
    yield 'training'
    await finished
    yield 'Test accuracy: 0.95'
  })
  const run = chain.push({ target: 0.9 })
  await chain.until(() => chain.store.attempts.ofRun(run.id)[0]?.state === 'running')
  chain.disks.data = low
  await chain.sweep()
  await chain.stop()
  chain.start()
  await chain.sweep()
  finish()
  expect(await chain.ended(run)).toMatchObject({ state: 'succeeded' })
  expect(chain.executor.created.filter(({ labels }) => 'hone.attempt' in labels)).toHaveLength(1)
})
