import type { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { Engine } from '../containers/engine.ts'
import { engineError } from '../containers/errors.ts'
import { HoneError } from '../domain/failure.ts'
import { BuildOutput, messages } from './build-output.ts'
import type { BuildContext, ImageName } from './plan.ts'

const HEARTBEAT_MS = 10_000

export interface Build {
  name: ImageName
  tag: string
  context: BuildContext
  /** Tag of the image it is made on. */
  parent: string
  /** Settings of pip and proxies. */
  settings: Record<string, string>
}

/** Builds one image on the engine, by its classic builder: every engine has that one. */
export async function buildImage(
  engine: Engine,
  { name, tag, context, parent, settings }: Build,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const doing = `build image ${name}`
  const output = new BuildOutput(name)
  const began = performance.now()
  const heartbeat = setInterval(
    () => progress(output.heartbeat((performance.now() - began) / 1000)),
    HEARTBEAT_MS,
  )
  try {
    const stream = await engine.docker.buildImage(packContext(context), {
      t: tag,
      buildargs: { ...settings, BASE: parent },
      labels: { 'hone.image': name },
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
    throw signal.aborted ? signal.reason : engineError(error, doing)
  } finally {
    clearInterval(heartbeat)
  }
  if (output.error !== null) throw buildFailed(name, output)
  progress(`image ${name}: built in ${Math.round((performance.now() - began) / 1000)} s`)
}

function buildFailed(name: ImageName, output: BuildOutput): HoneError {
  const failure = engineError(new Error(output.error ?? ''), `build image ${name}`).failure
  if (failure.code === 'engine-disk-full') return new HoneError({ ...failure, detail: output.tail })
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

function packContext(context: BuildContext): Readable {
  const tar = pack()
  for (const [name, content] of Object.entries(context)) tar.entry({ name, mtime: new Date(0) }, content)
  tar.finalize()
  return tar as unknown as Readable
}
