import { spawn } from 'node:child_process'
import { configArguments, gitEnvironment, type Runner } from './run.ts'

export interface BlobReader {
  /** Content of one blob, in pieces; each must be read to its end before the next is asked for. */
  read(oid: string): AsyncGenerator<Buffer>
  close(): void
}

/** One `git cat-file --batch` for many blobs, so that a large repository is streamed, not held in memory. */
export function openBlobs(runner: Runner, gitDir: string, signal: AbortSignal): BlobReader {
  const child = spawn('git', [...configArguments(), 'cat-file', '--batch'], {
    env: { ...gitEnvironment(runner.environment), GIT_DIR: gitDir },
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
  })
  child.on('error', () => child.stdout.destroy())
  child.stdin.on('error', () => {})
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)
  const more = async () => {
    const { value, done } = await chunks.next()
    if (done) throw new Error('git cat-file ended too early')
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }
  async function header(): Promise<number> {
    while (!rest.includes(0x0a)) await more()
    const end = rest.indexOf(0x0a)
    const line = rest.subarray(0, end).toString()
    rest = rest.subarray(end + 1)
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1]
    if (size === undefined) throw new Error(`git cat-file answered ${line}`)
    return Number(size)
  }
  return {
    async *read(oid) {
      child.stdin.write(`${oid}\n`)
      let left = await header()
      while (left > 0) {
        if (rest.length === 0) await more()
        const piece = rest.subarray(0, left)
        rest = rest.subarray(piece.length)
        left -= piece.length
        yield piece
      }
      while (rest.length === 0) await more()
      rest = rest.subarray(1)
    },
    close: () => child.stdin.end(),
  }
}
