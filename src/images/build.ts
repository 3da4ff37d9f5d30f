import type { Readable } from 'node:stream'
import type { Engine } from '../containers/engine.ts'
import { engineError, statusOf } from '../containers/errors.ts'
import { HoneError, userError } from '../domain/failure.ts'
import { reached } from '../fault-points.ts'
import { tarOf } from '../tar.ts'
import { BuildOutput, messages } from './build-output.ts'
import type { BuildContext } from './plan.ts'
import { leaveBehind, removeLeftBehind } from './step-containers.ts'

const HEARTBEAT_MS = 10_000
const DISK_LOOK_MS = 5_000
/** Of the engine's scheduler, microseconds: what a quota is counted in. */
const CPU_PERIOD = 100_000

/** What a build from a repository may take. */
export interface BuildLimits {
  memoryBytes: number
  cpus: number
  minutes: number
  /** Why it cannot go on, when the engine's disk has too little room left; null while it has. */
  outOfRoom(): Promise<HoneError | null>
}

export interface Build {
  /** For a person: `keras`, `sklearn with requirements.txt`. */
  name: string
  tag: string
  context: BuildContext | Readable
  /** Of the context; else its `Dockerfile`. */
  dockerfile?: string
  labels: Record<string, string>
  /** Settings of pip and proxies, and the tag of the image that it is made on. */
  settings: Record<string, string>
  /** For what comes from a repository. */
  limits?: BuildLimits
  /** Says what went wrong in a way of its own; null for the usual one. */
  explain?(output: BuildOutput): HoneError | null
}

/** Builds one image on the engine, by its classic builder: every engine has that one. */
export async function buildImage(
  engine: Engine,
  build: Build,
  progress: (line: string) => void,
  outer: AbortSignal,
): Promise<void> {
  const { name, limits } = build
  const output = new BuildOutput(name)
  const began = performance.now()
  const begunAt = Date.now()
  const seconds = () => (performance.now() - began) / 1000
  const heartbeat = setInterval(() => progress(output.heartbeat(seconds())), HEARTBEAT_MS)
  const late = limits ? AbortSignal.timeout(limits.minutes * 60_000) : null
  const failed = (error: unknown) =>
    late?.aborted && limits
      ? tooLong(name, limits.minutes, output)
      : engineError(error, `build image ${name}`)
  const context = isStream(build.context) ? build.context : packContext(build.context)
  // Nobody else listens for it; the engine would wait for the rest.
  const broken = new AbortController()
  context.once('error', (error) => broken.abort(error))
  const full = new AbortController()
  const watch = setInterval(async () => {
    // A disk that cannot be asked about keeps nothing from being built.
    const error = await limits?.outOfRoom().catch(() => null)
    if (error) full.abort(error)
  }, DISK_LOOK_MS)
  const signal = AbortSignal.any([outer, broken.signal, full.signal, ...(late ? [late] : [])])
  try {
    await removeLeftBehind(engine)
    reached('image-build')
    const stream = await engine.docker.buildImage(context, {
      t: build.tag,
      ...(build.dockerfile ? { dockerfile: build.dockerfile } : {}),
      ...(limits ? boundsOf(limits) : {}),
      buildargs: build.settings,
      labels: build.labels,
      rm: true,
      forcerm: true,
      version: '1',
      abortSignal: signal,
    } as object)
    for await (const message of messages(stream as AsyncIterable<Buffer>)) {
      const news = output.add(message)
      if (news) progress(news)
    }
  } catch (error) {
    for (const { aborted, reason } of [outer, broken.signal, full.signal]) if (aborted) throw reason
    if (output.container !== null) leaveBehind(engine, output.container, begunAt)
    // A Dockerfile that cannot be read is refused before anything is built.
    if (statusOf(error) !== 400 || late?.aborted) throw failed(error)
    output.add({ error: engineError(error, `build image ${name}`).message })
  } finally {
    clearInterval(heartbeat)
    clearInterval(watch)
  }
  if (output.error !== null) throw buildFailed(build, output)
  progress(`image ${name}: built in ${Math.round(seconds())} s`)
}

const boundsOf = ({ memoryBytes, cpus }: BuildLimits) => ({
  // The same for both: no swap on top.
  ...{ memory: memoryBytes, memswap: memoryBytes },
  ...{ cpuperiod: CPU_PERIOD, cpuquota: Math.round(cpus * CPU_PERIOD) },
})

function buildFailed({ name, explain }: Build, output: BuildOutput): HoneError {
  const failure = engineError(new Error(output.error ?? ''), `build image ${name}`).failure
  if (failure.code === 'engine-disk-full') return new HoneError({ ...failure, detail: output.tail })
  const explained = explain?.(output)
  if (explained) return explained
  return new HoneError({
    kind: 'system',
    code: 'image-build',
    message: `The image ${name} could not be built: ${output.error}`,
    remedy:
      'Its packages come from the mirrors of Debian and from PyPI: see whether containers reach them. ' +
      `\`hone images build\` shows the whole output.`,
    detail: output.tail,
  })
}

const tooLong = (name: string, minutes: number, output: BuildOutput) =>
  userError(
    'build-time-limit',
    `The image ${name} was not built within ${minutes} minutes.`,
    'Take packages that need no compiling, or build the image yourself and begin a `Dockerfile` with it.',
    { detail: output.tail },
  )

const isStream = (context: Build['context']): context is Readable =>
  typeof (context as Readable).pipe === 'function'

const packContext = (context: BuildContext): Readable =>
  tarOf(Object.entries(context).map(([name, content]) => [{ name, mtime: new Date(0) }, content]))
