import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collectModels, fileNameOf } from '../../jobs/train/collect.ts'
import type { Executor } from '../../src/containers/executor.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-models-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const signal = new AbortController().signal
/** An engine that answers every `get` with this stream. */
const engine = (tar: () => Readable) => ({ get: async () => tar() }) as unknown as Executor

function fileOf(content: string): Readable {
  const tar = pack()
  tar.entry({ name: 'model.pt' }, content)
  tar.finalize()
  return tar as unknown as Readable
}

it('copies model files by names that cannot leave the folder, and nothing else', async () => {
  const changed = [
    '/workspace/model.pt',
    '/workspace/out/../model.pkl',
    '/workspace/a b/m.pt',
    '/etc/x.pt',
    '/workspace/log.txt',
  ]
  const names = await collectModels(
    engine(() => fileOf('weights')),
    'c',
    changed,
    folder,
    signal,
  )
  expect(names).toEqual(['model.pt', 'model.pkl', 'a-b_m.pt'])
  expect((await readdir(folder)).sort()).toEqual(['a-b_m.pt', 'model.pkl', 'model.pt'])
  expect(await readFile(join(folder, 'model.pt'), 'utf8')).toBe('weights')
})

it('ends when the engine goes away in the middle of a file, and leaves no half of it under its name', async () => {
  const cut = () => {
    const [head] = [Buffer.alloc(512)]
    return Readable.from(
      (async function* () {
        for await (const part of fileOf('w'.repeat(4096))) {
          yield (part as Buffer).subarray(0, 1024)
          throw new Error('socket hang up')
        }
        yield head
      })(),
    )
  }
  await expect(collectModels(engine(cut), 'c', ['/workspace/model.pt'], folder, signal)).rejects.toThrow(
    'hang up',
  )
  expect((await readdir(folder)).filter((name) => !name.endsWith('.part'))).toEqual([])
})

it('leaves links and folders that look like models where they are', async () => {
  const link = () => {
    const tar = pack()
    tar.entry({ name: 'model.pt', type: 'symlink', linkname: '/etc/passwd' })
    tar.finalize()
    return tar as unknown as Readable
  }
  expect(await collectModels(engine(link), 'c', ['/workspace/model.pt'], folder, signal)).toEqual([])
})

it.each([
  ['/workspace/model.pt', 'model.pt'],
  ['/workspace/runs/1/best.pt', 'runs_1_best.pt'],
  ['/workspace/.hidden/m.h5', 'hidden_m.h5'],
  ['/workspace/a\nb.pt', 'a-b.pt'],
])('%j is kept as %s', (path, name) => expect(fileNameOf(path)).toBe(name))
