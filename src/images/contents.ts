import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Engine } from '../containers/engine.ts'
import { TRAINING_USER } from '../containers/executor.ts'
import { systemError } from '../domain/failure.ts'
import type { ImageContents } from '../domain/image.ts'
import { packageRoot } from '../paths.ts'

const WITHIN_MS = 120_000
const MEMORY_BYTES = 512 * 1024 ** 2

const Contents = z.object({
  python: z.string(),
  machine: z.string(),
  packages: z.record(z.string(), z.string()),
  modules: z.array(z.string()),
})

/**
 * Runs an image's Python once, without a network, and asks what it has.
 * @throws HoneError `image-contents` when it does not answer
 */
export async function readContents({ docker, ask }: Engine, tag: string): Promise<ImageContents> {
  const script = await readFile(join(packageRoot, 'docker', 'images', 'contents.py'), 'utf8')
  const doing = `look into image ${tag}`
  const made = await ask(doing, (abortSignal) =>
    docker.createContainer({
      Image: tag,
      Entrypoint: [],
      Cmd: ['python3', '-I', '-c', script],
      User: `${TRAINING_USER.uid}:${TRAINING_USER.gid}`,
      Labels: { 'hone.contents': tag },
      NetworkDisabled: true,
      HostConfig: {
        NetworkMode: 'none',
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: MEMORY_BYTES,
        PidsLimit: 64,
      },
      abortSignal,
    }),
  )
  if (!made) throw unreadable(tag, '')
  const container = docker.getContainer(made.id)
  try {
    await ask(doing, (abortSignal) => container.start({ abortSignal }))
    const end = await ask(doing, (abortSignal) => container.wait({ abortSignal }), [], WITHIN_MS)
    const read = (which: 'stdout' | 'stderr') =>
      ask(doing, (abortSignal) => container.logs({ [which]: true, abortSignal }))
    if (end?.StatusCode !== 0) throw unreadable(tag, textOf(await read('stderr')))
    const said = textOf(await read('stdout'))
    const parsed = Contents.safeParse(lastLine(said))
    if (!parsed.success) throw unreadable(tag, said)
    return parsed.data
  } finally {
    await ask(doing, () => container.remove({ force: true }), [404, 409])
  }
}

/** What a start-up file of the image prints comes before it. */
function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}

/** Of one stream; each frame of it has eight bytes in front, the last four its length. */
function textOf(answer: Buffer | null): string {
  const bytes = answer ?? Buffer.alloc(0)
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(parts).toString('utf8')
}

const unreadable = (tag: string, said: string) =>
  systemError(
    'image-contents',
    `The image ${tag} does not tell what it has: ${said.trim().slice(-500)}`,
    'Hone tries again by itself. If it stays, `docker run` the image and see whether `python3` starts in it.',
  )
