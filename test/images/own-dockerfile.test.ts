import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { DOCKERFILE, ownContext } from '../../src/images/own-dockerfile.ts'

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
