import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { finishRemovals, setAsideNamed } from '../../jobs/monitor/removals.ts'
import { createProject, deleteProject } from '../../src/chain/projects.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { type Failure, unavailable } from '../../src/domain/failure.ts'
import type { Project } from '../../src/domain/project.ts'
import { cacheVolume } from '../../src/domain/retention.ts'
import type { Run } from '../../src/domain/run.ts'
import { WINNER_LABEL } from '../../src/domain/winner.ts'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const trains: FakeProgram = function* ({ write }) {
  write('model.pt', 'weights')
  yield 'Test accuracy: 0.9'
}
const options = (isAtWork = (_: number) => false) => ({
  ...{ store: chain.store, executor: chain.executor, paths: chain.paths, instance: 'test', isAtWork },
})
const failures: Failure[] = []
const finish = (isAtWork?: (runId: number) => boolean) => {
  failures.length = 0
  return finishRemovals(options(isAtWork), (_, failure) => failures.push(failure))
}
const projectOf = (run: Run) => chain.store.projects.byId(run.projectId) as Project
/** What lies in the data folder of runs and projects. */
const files = () =>
  ['logs', 'artifacts', 'workspaces', 'mirrors', 'git', 'removed'].flatMap((name) => {
    const folder = join(chain.paths.data, name)
    return existsSync(folder) ? readdirSync(folder).map((entry) => `${name}/${entry}`) : []
  })
/** A run that met its target and left something of everything. */
async function aWinner(own = false): Promise<Run> {
  const run = await chain.ended(
    chain.push(
      { target: 0.5, confirm: 0, keepImage: true },
      undefined,
      own ? { ownRemoteWithBranch: 'x' } : {},
    ),
  )
  expect(run.state).toBe('succeeded')
  chain.executor.volumes.set(cacheVolume('test', run.projectId), {
    labels: { 'hone.instance': 'test' },
    files: new Map(),
  })
  return run
}

it('removes all that a deleted project left, and nothing of another', async () => {
  chain = await testChain(trains)
  const kept = await aWinner(true)
  const before = {
    files: files(),
    images: [...chain.executor.images],
    volumes: [...chain.executor.volumes.keys()],
  }
  for (const own of [true, false]) {
    const run = await aWinner(own)
    const { name } = projectOf(run)
    expect(files().length).toBeGreaterThan(before.files.length)
    deleteProject(chain.store, projectOf(run))
    expect(chain.store.runs.byId(run.id)).toBeNull()
    await finish()
    expect(failures).toEqual([])
    expect(files().toSorted()).toEqual([...before.files].toSorted())
    expect(chain.executor.images).toEqual(before.images)
    expect([...chain.executor.volumes.keys()]).toEqual(before.volumes)
    expect(chain.store.removals.all()).toEqual([])
    expect(createProject(chain.store, { name }).project.id).toBeGreaterThan(run.projectId)
  }
  expect(chain.store.runs.get(kept.id).state).toBe('succeeded')
})

it('goes on where it was cut off, and frees the name before anything else', async () => {
  chain = await testChain(trains)
  const run = await aWinner(true)
  const { name } = projectOf(run)
  deleteProject(chain.store, projectOf(run))
  expect(() => createProject(chain.store, { name })).toThrow('still being removed')
  setAsideNamed(options(), (_, failure) => failures.push(failure))
  // As a server that was killed between the renaming and the row, and a push that made the folder once more.
  chain.store.removals.freeName(run.projectId)
  expect(existsSync(chain.paths.ownRemote(name))).toBe(false)
  createProject(chain.store, { name })
  chain.executor.away = true
  await finish()
  expect(failures.map(({ code }) => code)).toEqual(['engine-away'])
  expect(files()).toEqual([])
  expect(chain.store.removals.all()).toMatchObject([{ name: null }])
  chain.executor.away = false
  await finish()
  expect(chain.executor.images).toEqual([])
  expect(chain.store.removals.all()).toEqual([])
})

it('keeps a folder that was set aside from standing in the way of another', async () => {
  chain = await testChain(trains)
  const run = await aWinner(true)
  const project = projectOf(run)
  deleteProject(chain.store, project)
  const aside = join(chain.paths.removed, `project-${project.id}`, 'git')
  mkdirSync(aside, { recursive: true })
  writeFileSync(join(aside, 'HEAD'), '')
  await finish()
  expect(failures).toEqual([])
  expect(files()).toEqual([])
})

it('waits for a job that is still being stopped', async () => {
  chain = await testChain(trains)
  const run = await aWinner()
  deleteProject(chain.store, projectOf(run))
  const before = files()
  await finish((id) => id === run.id)
  expect(files()).toEqual(before)
  await finish()
  expect(files()).toEqual([])
})

it('is refused while a run goes on; one that was cancelled just now disturbs no other', async () => {
  chain = await testChain(async function* ({ hang }) {
    yield 'Epoch 1/2: val_accuracy=0.5'
    await hang()
  })
  const run = chain.push()
  createProject(chain.store, { name: 'other' })
  await chain.until(() =>
    chain.store.events.after(0, { runId: run.id }).some(({ type }) => type === 'metric'),
  )
  expect(() => deleteProject(chain.store, projectOf(run))).toThrow('Run 1 of p0 has not ended.')
  const project = projectOf(run)
  chain.cancel(run)
  deleteProject(chain.store, project)
  const next = chain.push({}, { 'train.py': 'print(' })
  expect((await chain.ended(next)).state).toBe('failed')
  await expect.poll(() => chain.isAtWork(run)).toBe(false)
  await chain.sweep()
  expect(chain.executor.containers.size).toBe(0)
  expect(chain.trialVolumes()).toEqual([])
  expect(chain.errors.filter((code) => code !== 'syntax-error')).toEqual([])
  await finish()
  expect(chain.store.removals.all()).toEqual([])
  expect(files().filter((name) => name.endsWith(`run-${run.id}`))).toEqual([])
})

it('leaves an image alone that has taken the name of a winner meanwhile', async () => {
  chain = await testChain(trains)
  const run = await aWinner()
  deleteProject(chain.store, projectOf(run))
  const { images, listImages } = chain.executor
  const old = images[0] as (typeof images)[number]
  const other = {
    ...old,
    id: 'sha256:other',
    names: old.names,
    labels: { ...old.labels, [WINNER_LABEL.run]: '99' },
  }
  chain.executor.listImages = async (label) => {
    const found = await listImages(label)
    old.names = []
    images.push(other)
    return found
  }
  await finish()
  expect(failures).toEqual([])
  expect(images).toEqual([other])
})

it('says why something cannot be removed, and tries again', async () => {
  chain = await testChain(trains)
  const run = await aWinner()
  deleteProject(chain.store, projectOf(run))
  const { removeVolume } = chain.executor
  chain.executor.removeVolume = async () => {
    throw unavailable('volume-used', 'The volume is in use.', 'Wait.')
  }
  await finish()
  expect(failures.map(({ message }) => message)).toEqual(['The volume is in use.'])
  chain.executor.removeVolume = removeVolume
  await finish()
  expect(chain.store.removals.all()).toEqual([])
})
