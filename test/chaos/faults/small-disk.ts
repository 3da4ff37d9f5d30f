import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether a disk can be mounted here; only root may. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0

const BALLAST = '.ballast'
/** From blocks down to single bytes. */
const PIECES = [256 * 1024, 4096, 1]

export interface SmallDisk {
  folder: string
  /** Takes all the room that is left, to the last byte, or but for some bytes. */
  fill(leave?: number): Promise<void>
  /** Gives back what `fill` took. */
  empty(): Promise<void>
  dispose(): Promise<void>
}

/**
 * A disk of its own (tmpfs), so small that it can be filled.
 * @param folder where it is mounted; made where there is none. A temporary one when it is not given
 */
export async function smallDisk(bytes: number, folder?: string): Promise<SmallDisk> {
  const at = folder ?? (await mkdtemp(join(tmpdir(), 'hone-disk-')))
  await mkdir(at, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'hone-test-disk', at])
  const ballast = join(at, BALLAST)
  return {
    folder: at,
    async fill(leave = 0) {
      const handle = await open(ballast, 'a')
      try {
        for (const size of PIECES) while (await hasRoom(handle.write(Buffer.alloc(size)), size));
        if (leave > 0) await handle.truncate((await handle.stat()).size - leave)
      } finally {
        await handle.close()
      }
    },
    empty: () => rm(ballast, { force: true }),
    async dispose() {
      // Lazily: a server that was killed may not have let go of its files yet.
      await run('umount', ['--lazy', at])
      await rm(at, { recursive: true, force: true })
    },
  }
}

/** Whether all of it was written. @throws any error but that of a full disk */
async function hasRoom(writing: Promise<{ bytesWritten: number }>, size: number): Promise<boolean> {
  try {
    return (await writing).bytesWritten === size
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC') return false
    throw error
  }
}
