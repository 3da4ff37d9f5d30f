import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Engine } from '../containers/engine.ts'
import { createOptions } from '../containers/sandbox.ts'
import { systemError } from '../domain/failure.ts'
import type { ImageContents } from '../domain/image.ts'
import { packageRoot } from '../paths.ts'

const WITHIN_MS = 120_000
/** Many times what an image with thousands of packages says: its Python may be one that prints without end. */
const MOST_BYTES = 4 * 1024 ** 2
const LIMITS = { memoryBytes: 512 * 1024 ** 2, cpus: 1, pids: 64, shmBytes: 2 ** 20, logBytes: MOST_BYTES }
/** On the container that looks; its value is the image's tag. */
const LABEL = 'hone.contents'
/** Many times what a look takes, however the clocks of engine and server differ. */
const FORGOTTEN_MS = 3_600_000

const Contents = z.object({
  python: z.string(),
  machine: z.string(),
  packages: z.record(z.string(), z.string()),
  modules: z.array(z.string()),
})

/**
 * Runs an image's Python once, without a network, and asks what it has.
 * @param withinMs a look that takes longer is ended
 * @throws HoneError `image-contents` when it does not answer
 */
export async function readContents(
  engine: Engine,
  tag: string,
  withinMs = WITHIN_MS,
): Promise<ImageContents> {
  const { docker, ask } = engine
  const script = await readFile(join(packageRoot, 'docker', 'images', 'contents.py'), 'utf8')
  const doing = `look into image ${tag}`
  await removeForgotten(engine)
  const made = await ask(doing, (abortSignal) =>
    docker.createContainer({ ...optionsFor(tag, script), abortSignal }),
  )
  if (!made) throw unreadable(tag, '')
  const container = docker.getContainer(made.id)
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    container.kill().catch(() => {})
  }, withinMs)
  try {
    await ask(doing, (abortSignal) => container.start({ abortSignal }))
    const end = await ask(doing, (abortSignal) => container.wait({ abortSignal }), [], 2 * WITHIN_MS)
    if (isLate) throw unreadable(tag, `it did not end within ${Math.round(withinMs / 1000)} s`)
    if (end?.StatusCode !== 0) throw unreadable(tag, await said(engine, made.id, 'stderr'))
    const text = await said(engine, made.id, 'stdout')
    const parsed = Contents.safeParse(lastLine(text))
    if (!parsed.success) throw unreadable(tag, text)
    return parsed.data
  } finally {
    clearTimeout(late)
    await ask(doing, () => container.remove({ force: true, v: true }), [404, 409])
  }
}

const optionsFor = (tag: string, script: string) =>
  createOptions({
    name: `hone-contents-${randomUUID()}`,
    image: tag,
    command: ['python3', '-I', '-c', script],
    env: {},
    workdir: '/',
    labels: { [LABEL]: tag },
    limits: LIMITS,
    network: false,
    volumes: [],
  })

/** Those of servers that were killed in the middle of a look: they would keep their image for ever. */
async function removeForgotten({ docker, ask }: Engine): Promise<void> {
  const doing = 'look for containers that a dead server left'
  const found = await ask(doing, (abortSignal) =>
    docker.listContainers({ all: true, filters: { label: [LABEL] }, abortSignal }),
  )
  for (const id of forgotten(found ?? [], Date.now()))
    await ask(doing, () => docker.getContainer(id).remove({ force: true, v: true }), [404, 409])
}

/** Pure. @param containers with when they were made, s since the epoch */
export const forgotten = (containers: readonly { Id: string; Created: number }[], now: number): string[] =>
  containers.filter(({ Created }) => now - Created * 1000 > FORGOTTEN_MS).map(({ Id }) => Id)

/** What a start-up file of the image prints comes before it. */
function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}

/** What an ended container printed, as far as it is read. */
async function said(engine: Engine, id: string, which: 'stdout' | 'stderr'): Promise<string> {
  const stream = await engine.open(`read the log of container ${id}`, {
    ...{ method: 'GET', path: `/containers/${id}/logs`, query: { [which]: '1' }, absent: [404] },
    signal: AbortSignal.timeout(WITHIN_MS),
  })
  const parts: Buffer[] = []
  let length = 0
  // Leaving the loop closes the engine's answer.
  for await (const part of (stream ?? []) as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.length
    if (length > 2 * MOST_BYTES) break
  }
  return textOf(Buffer.concat(parts))
}

/** Of one stream; each frame of it has eight bytes in front, the last four its length. */
function textOf(bytes: Buffer): string {
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
