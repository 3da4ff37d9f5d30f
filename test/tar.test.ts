import { expect, test } from 'vitest'
import { tarOf } from '../src/tar.ts'
import { unpack } from './git/support.ts'

test('holds files and folders', async () => {
  const tar = tarOf([
    [{ name: 'folder/', type: 'directory', mode: 0o755, uid: 7 }],
    [{ name: 'folder/file', mode: 0o600 }, 'text'],
    [{ name: 'empty' }, ''],
  ])
  expect(await unpack(tar)).toMatchObject({
    'folder/': { type: 'directory', mode: 0o755, uid: 7 },
    'folder/file': { type: 'file', mode: 0o600, content: Buffer.from('text') },
    empty: { type: 'file', content: Buffer.alloc(0) },
  })
})

test('tells once of an engine that went away before it was read', async () => {
  const uncaught: unknown[] = []
  const hear = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', hear)
  try {
    const tar = tarOf(['a', 'b', 'c'].map((name) => [{ name }, Buffer.alloc(1 << 20)]))
    const gone = new Error('connect ENOENT docker.sock')
    const told: unknown[] = []
    tar.on('error', (error) => told.push(error))
    const closed = new Promise((resolve) => tar.once('close', resolve))
    tar.destroy(gone)
    await closed
    await new Promise(setImmediate)
    expect({ told, uncaught }).toEqual({ told: [gone], uncaught: [] })
  } finally {
    process.off('uncaughtException', hear)
  }
})
