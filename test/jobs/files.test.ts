import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { readFrom, readResultFiles, readText, writtenFiles } from '../../jobs/train/files.ts'
import type { Executor } from '../../src/containers/executor.ts'

const signal = new AbortController().signal
const START = Date.UTC(2026, 0, 1, 0, 0, 10, 700)
const at = (seconds: number) => new Date(Math.floor(START / 1000 + seconds) * 1000)

/** An engine with these files; `left` tells whether an answer is still open. */
function engine(files: Record<string, { content: string | Buffer; mtime?: Date }>) {
  const answers: Readable[] = []
  const get = async (_: string, path: string) => {
    const found = Object.entries(files).filter(([name]) => name === path || name.startsWith(`${path}/`))
    if (found.length === 0) return null
    const tar = pack()
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    for (const [name, { content, mtime = at(0) }] of found)
      tar.entry({ name: name.slice(parent.length), mtime }, content)
    tar.finalize()
    answers.push(tar as unknown as Readable)
    return tar as unknown as Readable
  }
  return {
    executor: { get } as unknown as Executor,
    isLeft: () => answers.some(({ destroyed }) => !destroyed),
  }
}
const text = async (parts: AsyncIterable<Buffer>) => {
  let all = ''
  for await (const part of parts) all += part
  return all
}

describe('a file that grows', () => {
  const content = 'line\n'.repeat(50_000)
  const { executor, isLeft } = engine({ '/run/events.jsonl': { content } })

  it.each([0, 1, 70_000, content.length - 1])('is read from byte %i on', async (from) => {
    expect(await text(readFrom(executor, 'c', '/run/events.jsonl', from, signal))).toBe(content.slice(from))
    expect(isLeft()).toBe(false)
  })

  it('gives nothing when it has not grown, or is not there', async () => {
    expect(await text(readFrom(executor, 'c', '/run/events.jsonl', content.length, signal))).toBe('')
    expect(await text(readFrom(executor, 'c', '/run/none', 0, signal))).toBe('')
    expect(isLeft()).toBe(false)
  })

  it('may be left in its middle', async () => {
    for await (const part of readFrom(executor, 'c', '/run/events.jsonl', 0, signal)) {
      expect(part.length).toBeGreaterThan(0)
      break
    }
    expect(isLeft()).toBe(false)
  })
})

it('the error of an answer that breaks off is passed on', async () => {
  const broken = async () =>
    Readable.from(
      (async function* () {
        yield Buffer.alloc(100)
        throw new Error('the engine went away')
      })(),
    )
  const executor = { get: broken } as unknown as Executor
  await expect(readText(executor, 'c', '/x', signal)).rejects.toThrow('the engine went away')
})

describe('a text', () => {
  const { executor } = engine({
    '/workspace/old.txt': { content: 'old', mtime: at(-1) },
    '/workspace/new.txt': { content: 'grün', mtime: at(0) },
    '/workspace/large.txt': { content: Buffer.alloc(16 * 1024 * 1024 + 1) },
  })

  it('is read where it was written since, by whole seconds', async () => {
    expect(await readText(executor, 'c', '/workspace/new.txt', signal, START)).toBe('grün')
    expect(await readText(executor, 'c', '/workspace/old.txt', signal, START)).toBeNull()
    expect(await readText(executor, 'c', '/workspace/old.txt', signal)).toBe('old')
  })

  it('is not read where it is too large, a folder or missing', async () => {
    expect(await readText(executor, 'c', '/workspace/large.txt', signal)).toBeNull()
    expect(await readText(executor, 'c', '/workspace/none.txt', signal)).toBeNull()
  })
})

it('results come from the first folder that they were written to', async () => {
  const { executor } = engine({
    '/workspace/nb/metrics.json': { content: 'of an earlier attempt', mtime: at(-60) },
    '/workspace/metrics.json': { content: 'mine', mtime: at(2) },
    '/workspace/accuracy.txt': { content: 'of the commit', mtime: at(-9999) },
  })
  const folders = ['/workspace/nb', '/workspace']
  expect(await readResultFiles(executor, 'c', folders, START, signal)).toEqual({ 'metrics.json': 'mine' })
})

it('of the files of a folder those count that were written since, or were not put there', async () => {
  const { executor } = engine({
    '/workspace/train.py': { content: 'as it was', mtime: at(-3600) },
    '/workspace/model.pt': { content: 'of the commit, and written again', mtime: at(5) },
    '/workspace/data/unpacked.csv': { content: 'with an old time', mtime: at(-9999) },
    '/workspace/out/a b.pt': { content: 'new', mtime: at(5) },
  })
  const put = new Set(['train.py', 'model.pt'])
  const found = await writtenFiles(executor, 'c', '/workspace', { put, since: START }, signal)
  expect(found.toSorted()).toEqual([
    '/workspace/data/unpacked.csv',
    '/workspace/model.pt',
    '/workspace/out/a b.pt',
  ])
})
