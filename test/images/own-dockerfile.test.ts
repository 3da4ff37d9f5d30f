import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import type { BuildOutput } from '../../src/images/build-output.ts'
import { DOCKERFILE, ownContext, ownFailure } from '../../src/images/own-dockerfile.ts'

/** A commit as a tar: its bytes, and where the second of its two files begins. */
async function commit() {
  const tar = pack()
  tar.entry({ name: 'Dockerfile' }, 'FROM base\n')
  tar.entry({ name: 'train.py' }, 'print(1)\n')
  tar.finalize()
  return { bytes: await buffer(tar), second: 1024 }
}

describe('the context of a repository with its own Dockerfile', () => {
  it('holds the files of the commit, and the Dockerfile with its ending', async () => {
    const files = new PassThrough()
    files.end((await commit()).bytes)
    const text = (await buffer(ownContext(files, 'Dockerfile'))).toString()
    expect(text).toContain('train.py')
    expect(text.slice(text.indexOf(DOCKERFILE))).toMatch(/FROM base\n[\s\S]*USER 1000:1000/)
  })

  it('reads no further when the engine has gone, and throws nothing where nobody catches it', async () => {
    const { bytes, second } = await commit()
    const files = new PassThrough()
    const context = ownContext(files, 'Dockerfile')
    files.write(bytes.subarray(0, second))
    context.resume()
    await once(context, 'data')
    const closed = once(files, 'close')
    context.destroy()
    files.end(bytes.subarray(second))
    await closed
    expect(files.destroyed).toBe(true)
  })
})

describe('an engine that breaks off in the middle of a file', () => {
  it('is told to who reads the context, and to nobody else', async () => {
    const { bytes } = await commit()
    const files = new PassThrough()
    const context = ownContext(files, 'Dockerfile')
    files.write(bytes.subarray(0, 515))
    context.resume()
    await once(context, 'data')
    const heard = once(context, 'error')
    const closed = once(files, 'close')
    context.destroy(new Error('the engine is away'))
    expect(await heard).toEqual([new Error('the engine is away')])
    await closed
  })
})

describe('why it could not be built', () => {
  const said = (error: string, code: number | null = null) =>
    ownFailure({ error, tail: '', code } as unknown as BuildOutput, 'Dockerfile').failure

  it('is not the fault of the Dockerfile when the engine was stopped in the middle', () => {
    const error =
      'failed to update store for object type *libnetwork.endpoint: open : no such file or directory'
    expect(said(error)).toMatchObject({ kind: 'system', code: 'image-build' })
  })

  it('is that of the Dockerfile when a step of it failed', () => {
    for (const command of ['false', 'apt-get install containerd'])
      expect(said(`The command '/bin/sh -c ${command}' returned a non-zero code: 1`, 1)).toMatchObject({
        kind: 'user',
        code: 'dockerfile-build',
      })
  })
})
