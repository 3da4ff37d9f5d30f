import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Engine } from '../containers/engine.ts'
import type { ImageLayer, OwnDockerfile } from '../domain/image.ts'
import { imageId } from './base-image.ts'
import { buildImage } from './build.ts'
import type { BuildOutput } from './build-output.ts'
import { layerContext, sourcesOf } from './layer.ts'
import { DOCKERFILE, ENDING, ownContext, ownFailure } from './own-dockerfile.ts'
import { pipFailure } from './pip-errors.ts'
import { type ImageName, imageTag, withoutCredentials } from './plan.ts'
import type { Progress, SharedWork } from './shared-work.ts'

const BUILD_MINUTES = 60
/** Of the engine's memory. */
const MEMORY_SHARE = 0.8

interface Parts {
  engine: Engine
  work: SharedWork
  settings: Record<string, string>
}

const LABEL_CHARACTERS = 1000
/** For a person who looks at the engine's images. */
const inWords = ({ packages }: ImageLayer) =>
  packages
    .map(({ text }) => text)
    .join(' ')
    .slice(0, LABEL_CHARACTERS)

/** Images made from what a repository says: with packages of its own, or from its own Dockerfile. */
export function repositoryImages({ engine, work, settings }: Parts) {
  const limits = async () => {
    const info = await engine.ask('ask for its memory', () => engine.docker.info())
    return { memoryBytes: Math.floor((info?.MemTotal ?? 0) * MEMORY_SHARE), minutes: BUILD_MINUTES }
  }

  return {
    /** @param parent tag of the image below; the same layer on the same image is shared by all projects */
    layered(name: ImageName, parent: string, layer: ImageLayer, progress: Progress, signal?: AbortSignal) {
      const context = layerContext(layer)
      const tag = imageTag('needs', context, parent)
      const build = {
        ...{ name: `${name} with ${sourcesOf(layer)}`, tag, context },
        labels: { 'hone.image': 'needs', 'hone.needs': inWords(layer) },
        settings: { ...settings, BASE: parent },
      }
      const make = async (tell: Progress, until: AbortSignal) => {
        if ((await imageId(engine, tag)) !== null) return tag
        await buildImage(
          engine,
          { ...build, limits: await limits(), explain: (output) => pipFailure(output, layer) },
          tell,
          until,
        )
        return tag
      }
      return work.run(tag, make, progress, signal)
    },

    own({ path, sha }: OwnDockerfile, files: () => Readable, progress: Progress, signal?: AbortSignal) {
      // The engine's own cache knows which steps a commit leaves as they were.
      const digest = createHash('sha256').update(`${path}\0${sha}\0${ENDING}`).digest('hex')
      const tag = `hone/repository:${digest.slice(0, 12)}`
      const make = async (tell: Progress, until: AbortSignal) => {
        if ((await imageId(engine, tag)) !== null) return tag
        const build = {
          ...{ name: `of ${path}`, tag, dockerfile: DOCKERFILE, settings: withoutCredentials(settings) },
          labels: { 'hone.image': 'repository' },
        }
        const bounds = await limits()
        // Nothing may come between: who builds listens for its errors.
        const context = ownContext(files(), path)
        const explain = (output: BuildOutput) => ownFailure(output, path)
        await buildImage(engine, { ...build, context, limits: bounds, explain }, tell, until)
        return tag
      }
      return work.run(tag, make, progress, signal)
    },
  }
}
