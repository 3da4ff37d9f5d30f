import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WIDTH = 20

export interface ClockSetter {
  /** Of the server whose clock is set. */
  env: Record<string, string>
  /** A module for `node --import`. */
  preload: string
  /** By how much the server's clock is ahead of the real one from now on, ms; below 0: behind. */
  set(ms: number): Promise<void>
  dispose(): Promise<void>
}

/** The wall clock of a real server, to be set at any moment, also while the server stands still. */
export async function clockSetter(): Promise<ClockSetter> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-clock-'))
  const file = join(folder, 'offset')
  const handle = await open(file, 'w')
  const set = async (ms: number) => {
    // All in one write of one length: no reader sees half a number.
    await handle.write(String(ms).padEnd(WIDTH), 0)
  }
  await set(0)
  return {
    env: { HONE_TEST_CLOCK: file },
    preload: fileURLToPath(new URL('jump.mjs', import.meta.url)),
    set,
    async dispose() {
      await handle.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
