import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fingerprintData } from '../../jobs/train/data.ts'
import { runtimeArchive } from '../../src/containers/runtime.ts'
import type { DataMount, DataSet } from '../../src/domain/data.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import { packageRoot } from '../../src/paths.ts'
import { dataContract } from '../contracts/executor-data.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'

const sh = (script: string) => ['sh', '-c', script]
const executor = testExecutor()
const instance = uniqueInstance()
let image: string
let folder: string
beforeAll(async () => {
  image = await ensureTestImage('base')
  folder = await mkdtemp(join(tmpdir(), 'hone-data-'))
  await chmod(folder, 0o755)
})
afterAll(async () => {
  await removeInstance(instance)
  await rm(folder, { recursive: true, force: true })
})

dataContract('the Docker executor', testExecutor, (program) => ({
  image,
  command: {
    fill: sh('echo cat > /checkpoints/animal'),
    read: sh('cat /data/animal; (echo x > /data/other) 2>/dev/null || echo refused'),
  }[program],
}))

/** What a run with these data sets keeps of them, and what it says. */
async function fingerprint(data: DataMount[]): Promise<{ data: DataSet[] | null; said: string[] }> {
  const said: string[] = []
  const kept = { data: null as DataSet[] | null }
  const context = {
    store: {
      runs: {
        get: () => kept,
        update: (_id: number, change: { data: DataSet[] }) => Object.assign(kept, change),
      },
    },
    executor,
    runtime: { archive: () => runtimeArchive(join(packageRoot, 'docker', 'runtime')) },
    run: { id: 7, settings: resolveSettings({ data }) },
    instance,
    signal: new AbortController().signal,
    progress: (text: string) => said.push(text),
  }
  await fingerprintData(context as never, image)
  return { ...kept, said }
}

describe('the fingerprint of a data set', () => {
  const only = async () =>
    (await fingerprint([{ source: join(folder, 'cats'), path: '/data/cats' }])).data?.[0]
  beforeEach(async () => {
    await rm(join(folder, 'cats'), { recursive: true, force: true })
    await mkdir(join(folder, 'cats', 'train'), { recursive: true })
    await writeFile(join(folder, 'cats', 'train', 'a.txt'), 'meow')
    await writeFile(join(folder, 'cats', 'b.txt'), 'purr purr')
    await symlink('/nowhere', join(folder, 'cats', 'link'))
    for (const name of ['train/a.txt', 'b.txt']) await utimes(join(folder, 'cats', name), 1e9, 1e9)
  })

  it('says what is there, and leaves no container', async () => {
    expect(await only()).toMatchObject({
      source: join(folder, 'cats'),
      path: '/data/cats',
      files: 3,
      unreadable: 0,
      content: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await executor.list({ 'hone.instance': instance })).toEqual([])
  })

  it('is the same for the same files, and another for each way of changing them', async () => {
    const before = await only()
    expect(await only()).toEqual(before)
    await utimes(join(folder, 'cats', 'b.txt'), 2e9, 2e9)
    const touched = await only()
    expect(touched?.content).toBe(before?.content)
    expect(touched?.times).not.toBe(before?.times)
    await writeFile(join(folder, 'cats', 'b.txt'), 'hiss hiss')
    const other = await only()
    expect(other).toMatchObject({ files: before?.files, bytes: before?.bytes })
    expect(other?.content).not.toBe(before?.content)
    await writeFile(join(folder, 'cats', 'c.txt'), '')
    expect((await only())?.content).not.toBe(other?.content)
  })

  it('counts what the training may not read', async () => {
    await chmod(join(folder, 'cats', 'b.txt'), 0o600)
    expect(await only()).toMatchObject({ files: 3, unreadable: 1 })
  })

  it('is an error of the project where the training may read nothing', async () => {
    await chmod(join(folder, 'cats'), 0o700)
    await expect(only()).rejects.toMatchObject({ failure: { kind: 'user', code: 'data-unreadable' } })
    await chmod(join(folder, 'cats'), 0o755)
  })

  it('is an error of the project where there is a file, or nothing', async () => {
    const of = (name: string) => fingerprint([{ source: join(folder, name), path: '/data/cats' }])
    for (const name of ['cats/b.txt', 'dogs']) {
      await expect(of(name)).rejects.toMatchObject({ failure: { kind: 'user', code: 'no-data-folder' } })
    }
    expect(await executor.list({ 'hone.instance': instance })).toEqual([])
  })
})

it('goes on without a fingerprint, and says so, where its container cannot be made', async () => {
  const kept = image
  image = 'hone/no-such-image:1'
  const { data, said } = await fingerprint([{ source: folder, path: '/data/cats' }])
  image = kept
  expect(data).toEqual([])
  expect(said.at(-1)).toContain('no fingerprint could be taken')
})
