import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collectArtifacts, type Wanted } from '../../jobs/train/collect.ts'
import type { Executor } from '../../src/containers/executor.ts'
import { MOST_BYTES, MOST_FILE_BYTES } from '../../src/domain/artifacts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-models-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const signal = new AbortController().signal
/** An engine that answers every `get` with this stream. */
const engine = (tar: (path: string) => Readable) =>
  ({ get: async (_id: string, path: string) => tar(path) }) as unknown as Executor

function fileOf(content: string): Readable {
  const tar = pack()
  tar.entry({ name: 'model.pt' }, content)
  tar.finalize()
  return tar as unknown as Readable
}

const collect = (tar: (path: string) => Readable, changed: string[], more: Partial<Wanted> = {}) =>
  collectArtifacts(engine(tar), { container: 'c', changed, patterns: [], folder, ...more }, signal)
const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

it('keeps models and what is listed, in their folders, by names that cannot leave them', async () => {
  const changed = [
    '/workspace/model.pt',
    '/workspace/out/../model.pkl',
    '/workspace/a b/m.pt',
    '/workspace/plots/loss.png',
    '/etc/x.pt',
    '/workspaces/x.pt',
    '/workspace/log.txt',
  ]
  await writeFile(join(folder, 'of-an-earlier-try.pt'), '')
  const { kept, leftOut } = await collect(() => fileOf('weights'), changed, { patterns: ['plots/*.png'] })
  expect(kept).toEqual([
    { name: 'plots/loss.png', path: 'plots/loss.png', size: 7 },
    { name: 'a-b/m.pt', path: 'a b/m.pt', size: 7 },
    { name: 'model.pkl', path: 'model.pkl', size: 7 },
    { name: 'model.pt', path: 'model.pt', size: 7 },
  ])
  expect(leftOut).toEqual([])
  expect(await files()).toEqual(['a-b/m.pt', 'model.pkl', 'model.pt', 'plots/loss.png'])
  expect(await readFile(join(folder, 'model.pt'), 'utf8')).toBe('weights')
})

it('says what is too large, reads none of it, and goes on with the others', async () => {
  let read = 0
  const large = () => {
    const tar = pack()
    tar.entry({ name: 'model.pt', size: MOST_FILE_BYTES + 1 })
    return Readable.from(
      (async function* () {
        for await (const part of tar as unknown as AsyncIterable<Buffer>) {
          read += part.length
          yield part
        }
      })(),
    )
  }
  const { kept, leftOut } = await collect(
    (path) => (path.includes('large') ? large() : fileOf('w')),
    ['/workspace/large.pt', '/workspace/small.pt'],
  )
  expect(leftOut).toEqual(['large.pt: 513 MiB, more than 512 MiB'])
  expect(kept.map(({ name }) => name)).toEqual(['small.pt'])
  expect(read).toBeLessThan(10_000)
  expect(MOST_BYTES).toBeGreaterThan(MOST_FILE_BYTES)
})

it('says that files are too many, or in the way of each other', async () => {
  const many = Array.from({ length: 101 }, (_, index) => `/workspace/m${index}.pt`)
  const first = await collect(() => fileOf('w'), many)
  expect(first.kept).toHaveLength(100)
  expect(first.kept[0]?.name).toBe('m100.pt')
  expect(first.leftOut).toEqual(['of 101 files only 100 are kept'])
  const second = await collect(() => fileOf('w'), ['/workspace/a b.pt', '/workspace/a-b.pt'])
  expect(second.leftOut).toEqual(['a-b.pt: it would be kept by the same name as a b.pt'])
  expect(await files()).toEqual(['a-b.pt'])
})

it('ends when the engine goes away in the middle of a file, and leaves no half of it under its name', async () => {
  const cut = () =>
    Readable.from(
      (async function* () {
        for await (const part of fileOf('w'.repeat(4096))) {
          yield (part as Buffer).subarray(0, 1024)
          throw new Error('socket hang up')
        }
      })(),
    )
  await expect(collect(cut, ['/workspace/model.pt'])).rejects.toThrow('hang up')
  expect((await files()).filter((name) => name !== '.part')).toEqual([])
})

it('leaves links and folders that look like models where they are', async () => {
  const link = () => {
    const tar = pack()
    tar.entry({ name: 'model.pt', type: 'symlink', linkname: '/etc/passwd' })
    tar.finalize()
    return tar as unknown as Readable
  }
  expect(await collect(link, ['/workspace/model.pt'])).toEqual({ kept: [], leftOut: [] })
})
