import { spawn } from 'node:child_process'
import type { Engine, StreamRequest } from '../containers/engine.ts'
import { engineError } from '../containers/errors.ts'
import { HoneError, systemError } from '../domain/failure.ts'
import { type EngineMessage, messages } from './build-output.ts'

const DEBIAN = { repository: 'debian', tag: 'trixie-slim' }
const MADE = { repository: 'hone/debian', tag: 'trixie' }
const nameOf = ({ repository, tag }: typeof DEBIAN) => `${repository}:${tag}`

/** What it may be called on the engine, in the order that it is looked for. */
export const BASE_NAMES = [nameOf(DEBIAN), nameOf(MADE)]

/** A registry that says nothing for this long is not reached. */
const REGISTRY_WITHIN_MS = 15_000
const STDERR_KEPT = 4000

export interface BaseOptions {
  engine: Engine
  /** Makes a Debian file system as a tar on its standard output. */
  bootstrap: { command: string; args: string[] }
  registryWithinMs?: number
}

export const MMDEBSTRAP = {
  command: 'mmdebstrap',
  args: ['--quiet', '--variant=minbase', 'trixie', '-'],
}

/** Finds, pulls or makes Debian's base image. */
export function baseImage({ engine, bootstrap, registryWithinMs = REGISTRY_WITHIN_MS }: BaseOptions) {
  /** Asked once a process: every try costs seconds where there is no registry. */
  let registryAway = false

  return async (
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<{ name: string; id: string }> => {
    for (const name of BASE_NAMES) {
      const id = await imageId(engine, name)
      if (id !== null) return { name, id }
    }
    if (!registryAway) {
      progress(`image ${nameOf(DEBIAN)}: asking the registry`)
      const pulled = await pull(engine, progress, signal, registryWithinMs)
      const id = pulled ? await imageId(engine, nameOf(DEBIAN)) : null
      if (id !== null) return { name: nameOf(DEBIAN), id }
      registryAway = true
    }
    progress(
      `image ${nameOf(MADE)}: no registry answers, so it is made from Debian's packages (about a minute)`,
    )
    await make(engine, bootstrap, signal)
    const id = await imageId(engine, nameOf(MADE))
    if (id === null) throw systemError('image-build', `${nameOf(MADE)} was imported but is not there.`, '')
    return { name: nameOf(MADE), id }
  }
}

export async function imageId({ docker, ask }: Engine, name: string): Promise<string | null> {
  const found = await ask(`look for image ${name}`, () => docker.getImage(name).inspect(), [404])
  return found?.Id ?? null
}

/** @returns whether the image is there now; false when no registry could be reached */
async function pull(
  engine: Engine,
  progress: (line: string) => void,
  signal: AbortSignal,
  withinMs: number,
): Promise<boolean> {
  const stalled = new AbortController()
  let timer = setTimeout(() => stalled.abort(), withinMs)
  const request: StreamRequest = {
    method: 'POST',
    path: '/images/create',
    query: { fromImage: DEBIAN.repository, tag: DEBIAN.tag },
    signal: AbortSignal.any([signal, stalled.signal]),
  }
  try {
    const stream = await engine.open(`pull ${nameOf(DEBIAN)}`, request)
    if (stream === null) return false
    for await (const message of messages(stream)) {
      clearTimeout(timer)
      timer = setTimeout(() => stalled.abort(), withinMs)
      if (message.error !== undefined) return false
      if (message.status && !message.id) progress(`image ${nameOf(DEBIAN)}: ${message.status}`)
    }
    return true
  } catch (error) {
    signal.throwIfAborted()
    const away = error instanceof HoneError && error.failure.kind === 'unavailable'
    if (away && !stalled.signal.aborted) throw error
    return false
  } finally {
    clearTimeout(timer)
  }
}

async function make(engine: Engine, bootstrap: BaseOptions['bootstrap'], signal: AbortSignal): Promise<void> {
  const child = spawn(bootstrap.command, bootstrap.args, { stdio: ['ignore', 'pipe', 'pipe'], signal })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-STDERR_KEPT)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const importing = (async () => {
    const options = {
      repo: MADE.repository,
      tag: MADE.tag,
      changes: ['CMD ["bash"]', 'LABEL hone.image=debian'],
    }
    const stream = await engine.docker.importImage(child.stdout, { ...options, abortSignal: signal })
    for await (const message of messages(stream as AsyncIterable<Buffer>)) throwImportError(message)
  })()
  importing.catch(() => {})
  let code: number | null
  try {
    code = await ended
  } catch (error) {
    signal.throwIfAborted()
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? needsBootstrap() : error
  }
  if (code !== 0) {
    // What was imported of a broken archive must not be taken for the image.
    await Promise.allSettled([importing])
    await engine.ask(
      'remove a broken image',
      () => engine.docker.getImage(nameOf(MADE)).remove({ force: true }),
      [404],
    )
    throw new HoneError({
      kind: 'system',
      code: 'image-build',
      message: `mmdebstrap could not make ${nameOf(MADE)} (exit ${code}).`,
      remedy: "It takes packages from Debian's mirrors: see whether this machine reaches them.",
      detail: said.trim(),
    })
  }
  try {
    await importing
  } catch (error) {
    throw engineError(error, `import ${nameOf(MADE)}`)
  }
}

function throwImportError({ error, errorDetail }: EngineMessage): void {
  const message = errorDetail?.message ?? error
  if (message !== undefined) throw new Error(message)
}

const needsBootstrap = () =>
  systemError(
    'needs-mmdebstrap',
    `${nameOf(DEBIAN)} cannot be pulled, and mmdebstrap, which makes the same from packages, is not installed.`,
    'As root on Debian or Ubuntu: apt-get install -y mmdebstrap. Or load the image: docker load < debian-trixie-slim.tar',
  )
