import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { LABEL } from '../../src/containers/executor.ts'

/** Shorter than the writing of a checkpoint. */
const LOOK_MS = 2

/**
 * The training containers of an instance as they start from now on, seen from outside of the server.
 * @returns a function that resolves with the name of the next one
 */
export async function startsOf(docker: Docker, instance: string, signal: AbortSignal) {
  const filters = { label: [`${LABEL.instance}=${instance}`], type: ['container'], event: ['start'] }
  const events = (await docker.getEvents({ filters } as object)) as Readable
  signal.addEventListener('abort', () => events.destroy())
  events.on('error', () => {})
  const lines = createInterface({ input: events })[Symbol.asyncIterator]()
  return async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the engine told of no further start')
    return (JSON.parse(value) as { Actor: { Attributes: { name: string } } }).Actor.Attributes.name
  }
}

/** Resolves when the container prints a line that fits. */
export async function printed(docker: Docker, container: string, fits: RegExp): Promise<void> {
  const log = await docker.getContainer(container).logs({ follow: true, stdout: true, stderr: true })
  const text = new PassThrough()
  docker.modem.demuxStream(log, text, text)
  log.on('end', () => text.end())
  log.on('error', () => text.end())
  try {
    for await (const line of createInterface({ input: text })) if (fits.test(line)) return
  } finally {
    ;(log as unknown as Readable).destroy()
  }
  throw new Error(`${container} ended without a line like ${fits}`)
}

/** Resolves while the `nth` checkpoint of a trial is being written; the engine has to be on this machine. */
export async function writing(
  docker: Docker,
  volume: string,
  nth: number,
  signal: AbortSignal,
): Promise<void> {
  const { Mountpoint } = await docker.getVolume(volume).inspect()
  const seen = new Set<string>()
  for (;;) {
    signal.throwIfAborted()
    const names = await readdir(join(Mountpoint, 'hone')).catch(() => [])
    for (const name of names) if (name.endsWith('.part')) seen.add(name)
    if (seen.size >= nth) return
    await delay(LOOK_MS)
  }
}
