import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findGarbage, type GarbageOptions, removeGarbage } from '../../jobs/monitor/garbage.ts'
import type { ContainerSpec } from '../../src/containers/executor.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { cacheVolume } from '../../src/domain/retention.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const trains: FakeProgram = function* ({ read, write }) {
  const alpha = Number(/alpha = (\S+)/.exec(read('train.py') ?? '')?.[1])
  write('model.pt', 'weights')
  yield `Test accuracy: ${1 / (1 + alpha)}`
}
const DAY_MS = 86_400_000

/** As if the runs so far had ended so many days ago. */
const options = (days: number, more: Partial<GarbageOptions> = {}): GarbageOptions => ({
  store: { ...chain.store, now: () => Date.now() + days * DAY_MS },
  executor: chain.executor,
  paths: chain.paths,
  instance: 'test',
  retention: { runs: 100, days: 90, diskShare: 0.9 },
  currentImages: async () => ['hone/keras:0123456789ab'],
  disks: async () => ({ data: null, engine: null }),
  ...more,
})
const names = async (given: GarbageOptions, sized = false) =>
  (await findGarbage(given, sized)).map(({ leaving }) => leaving.name).toSorted()

async function remove(given: GarbageOptions) {
  const failed: string[] = []
  await removeGarbage(
    given,
    await findGarbage(given, false),
    ({ leaving }) => failed.push(leaving.name),
    () => {},
  )
  return failed
}

async function anImage(name: string, labels: Record<string, string>): Promise<void> {
  const spec: ContainerSpec = {
    ...{
      name: 'made',
      image: 'none',
      command: [],
      env: {},
      workdir: '/',
      labels: {},
      network: false,
      volumes: [],
    },
    limits: { memoryBytes: 1, cpus: 1, pids: 1, shmBytes: 1 },
  }
  await chain.executor.commit(await chain.executor.create(spec), name, labels)
  await chain.executor.remove('made')
}

it('removes what a run left once it is old, but not its rows, nor anything of the newest', async () => {
  chain = await testChain(trains)
  const run = await chain.ended(chain.push({ target: 0.99999, trials: 2 }))
  chain.executor.volumes.clear()
  expect(await names(options(1000))).toEqual([`artifacts/run-${run.id}/trial-0`, 'mirrors/p0.git'])
  const { paths, store } = chain
  // A second project's run, so that there is a run that is not the newest of its project.
  const second = store.runs.insert({ ...run, sha: 'f'.repeat(40), trigger: 'api' })
  store.runs.transition(second.id, 'cancelled')
  expect(await names(options(1))).toEqual([`artifacts/run-${run.id}/trial-0`])
  const old = [
    `artifacts/run-${run.id}/trial-0`,
    `artifacts/run-${run.id}/trial-1`,
    `logs/run-${run.id}`,
    'mirrors/p0.git',
    `workspaces/run-${run.id}`,
  ]
  const found = await findGarbage(options(91), true)
  expect(found.map(({ leaving }) => leaving.name).toSorted()).toEqual(old)
  expect(found.find(({ leaving }) => leaving.name.endsWith('trial-1'))?.leaving.bytes).toBe(7)
  expect(old.every((name) => existsSync(join(paths.data, name)))).toBe(true)
  expect(await remove(options(91))).toEqual([])
  expect(old.filter((name) => existsSync(join(paths.data, name)))).toEqual([])
  expect(store.trials.ofRun(run.id)).toHaveLength(2)
  expect(await findGarbage(options(91), false)).toEqual([])
})

it('removes the workspace of a run that was cancelled in its first training, but not its log', async () => {
  chain = await testChain(async function* ({ hang }) {
    yield 'Epoch 1/2: val_accuracy=0.5'
    await hang()
  })
  const { paths, store } = chain
  const run = chain.push()
  await chain.until(() => store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'))
  chain.cancel(run)
  await expect.poll(() => chain.executor.containers.size).toBe(0)
  expect(existsSync(paths.workspace(run.id))).toBe(true)
  expect(await remove(options(1))).toEqual([])
  expect(existsSync(paths.workspace(run.id))).toBe(false)
  expect(existsSync(join(paths.logs, `run-${run.id}`))).toBe(true)
})

it('leaves what Hone has not made, and what belongs to no run that it knows', async () => {
  chain = await testChain(trains)
  const { paths } = chain
  const foreign = [
    'workspaces/mine/x',
    'workspaces/run-77/x',
    'logs/run-x/y',
    'artifacts/run-77/trial-0/m.pt',
    'notes',
  ]
  for (const name of foreign) {
    mkdirSync(dirname(join(paths.data, name)), { recursive: true })
    writeFileSync(join(paths.data, name), '')
  }
  expect(await findGarbage(options(1000), false)).toEqual([])
})

it('removes images of Hone that nobody needs any more, and nobody else’s', async () => {
  chain = await testChain(trains)
  await anImage('hone/keras:aaaaaaaaaaaa', { 'hone.image': 'keras' })
  await anImage('hone/keras:0123456789ab', { 'hone.image': 'keras' })
  await anImage('hone/winner-p0:run-1', { 'hone.image': 'keras', 'hone.winner': 'p0' })
  await anImage('ada/made-on-hone:latest', { 'hone.image': 'keras' })
  await anImage('hone/sklearn:bbbbbbbbbbbb', {})
  expect(await names(options(91))).toEqual(['hone/keras:aaaaaaaaaaaa'])
  expect(await names(options(80))).toEqual([])
  await remove(options(91))
  expect(chain.executor.images.map((image) => image.names[0])).not.toContain('hone/keras:aaaaaaaaaaaa')
  expect(chain.executor.images).toHaveLength(4)
})

it('removes images without a name that builds and winners left, but not those of another Hone', async () => {
  chain = await testChain(trains)
  const winner = (instance: string) => ({ 'hone.image': 'keras', 'hone.winner.instance': instance })
  const all: Record<string, string>[] = [
    ...[{ 'hone.image': 'keras' }, winner('test'), winner('other'), {}, { 'hone.image': 'last' }],
  ]
  // Each takes the name from the one before.
  for (const labels of all) await anImage('hone/winner-p0:run-1', { 'hone.winner': 'p0', ...labels })
  const ids = chain.executor.images.map(({ id }) => id)
  expect(await names(options(0.9))).toEqual([])
  expect(await names(options(1.1))).toEqual(ids.slice(0, 2))
  expect(await remove(options(1.1))).toEqual([])
  expect(chain.executor.images.map(({ id }) => id)).toEqual(ids.slice(2))
})

it('removes the downloads of a project that rests, and says what cannot be removed', async () => {
  chain = await testChain(trains)
  const run = await chain.ended(chain.push({ target: 0.99999, trials: 1 }))
  const name = cacheVolume('test', run.projectId)
  chain.executor.volumes.set(name, { labels: { 'hone.instance': 'test' }, files: new Map() })
  chain.executor.volumes.set('other-cache-1', { labels: { 'hone.instance': 'test' }, files: new Map() })
  expect(await names(options(89))).toEqual([])
  expect(await names(options(91))).toEqual([name, 'mirrors/p0.git'])
  const { removeVolume } = chain.executor
  chain.executor.removeVolume = async () => {
    throw new Error('in use')
  }
  expect(await remove(options(91))).toEqual([name])
  expect(existsSync(chain.paths.mirror('p0'))).toBe(false)
  chain.executor.removeVolume = removeVolume
  expect(await remove(options(91))).toEqual([])
  expect([...chain.executor.volumes.keys()]).toEqual(['other-cache-1'])
})

it('removes more where the disk is full, by what it takes', async () => {
  chain = await testChain(trains)
  const run = await chain.ended(chain.push({ target: 0.99999, trials: 1 }))
  const second = chain.store.runs.insert({ ...run, sha: 'f'.repeat(40), trigger: 'api' })
  chain.store.runs.transition(second.id, 'cancelled')
  const disks = async () => ({ data: { total: 1000, free: 99 }, engine: null })
  const [first, ...others] = await findGarbage(options(2, { disks }), false)
  expect(first?.reason).toBe('the disk is more than 90 % full')
  expect(first?.leaving.bytes).toBeGreaterThan(0)
  expect(others).toEqual([])
})

it('keeps what the trainings of a project download, for all of them', async () => {
  chain = await testChain(function* ({ env, read, write }) {
    const path = `${env.HONE_CACHE}/set.bin`
    yield read(path) === null ? 'loading' : 'there already'
    write(path, 'the data')
    yield 'Test accuracy: 0.4'
  })
  const run = await chain.ended(chain.push({ target: 0.9, trials: 2 }))
  await chain.sweep()
  const name = cacheVolume('test', run.projectId)
  expect([...chain.executor.volumes.keys()]).toEqual([name])
  const logs = chain.store.attempts.ofRun(run.id).map(({ id }) => {
    return readFileSync(chain.paths.attemptLog(run.id, id), 'utf8')
      .split('\n')[0]
      ?.split(' ')
      .slice(1)
      .join(' ')
  })
  expect(logs).toEqual(['loading', 'there already'])
})

it('is looked for at the start of the server and every hour, also after it failed, and whoever sets the clock', async () => {
  chain = await testChain(trains)
  chain.collections.fail = true
  await chain.sweep()
  expect(chain.collections.count).toBe(1)
  chain.setClock(-5 * 3_600_000)
  chain.pass(59 * 60_000)
  await chain.sweep()
  expect(chain.collections.count).toBe(1)
  chain.pass(60_000)
  await chain.sweep()
  expect(chain.collections.count).toBe(2)
})
