import { createHash } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Engine } from '../containers/engine.ts'
import { unavailable } from '../domain/failure.ts'
import type { ImageLayer, OwnDockerfile } from '../domain/image.ts'
import { imageId } from './base-image.ts'
import { type BuildLimits, buildImage } from './build.ts'
import type { BuildOutput } from './build-output.ts'
import { layerContext, sourcesOf } from './layer.ts'
import { DOCKERFILE, ENDING, ownContext, ownFailure } from './own-dockerfile.ts'
import { pipFailure } from './pip-errors.ts'
import { type ImageName, imageTag, withoutCredentials } from './plan.ts'
import type { Progress, SharedWork } from './shared-work.ts'
import type { Turns } from './turns.ts'

const BUILD_MINUTES = 60
/** Of the engine's memory and processors. */
const SHARE = 0.8

interface Parts {
  engine: Engine
  work: SharedWork
  builds: Turns
  settings: Record<string, string>
  /** Whether the engine's disk is one of this machine. */
  isLocal: boolean
  /** Bytes; a build that leaves less free is ended. */
  diskReserve: number
}

const LABEL_CHARACTERS = 1000
/** For a person who looks at the engine's images. */
const inWords = ({ packages }: ImageLayer) =>
  packages
    .map(({ text }) => text)
    .join(' ')
    .slice(0, LABEL_CHARACTERS)

/** For the person who watches. */
export const waitsForBuilds = (name: string) =>
  `image ${name}: waits until one of the images that are being built is ready`

const noRoom = () =>
  unavailable(
    'disk-low',
    "The build of an image was ended: it leaves too little room on the Docker engine's disk.",
    'Free some space there, for example with `docker image prune`; it is then built again. If it alone fills the disk, see what its Dockerfile or packages bring.',
  )

/** Images made from what a repository says: with packages of its own, or from its own Dockerfile. */
export function repositoryImages({ engine, work, builds, settings, isLocal, diskReserve }: Parts) {
  const limits = async (): Promise<BuildLimits> => {
    const info = await engine.ask('ask for its memory', () => engine.docker.info())
    const folder: string | null = isLocal ? (info?.DockerRootDir ?? null) : null
    return {
      memoryBytes: Math.floor((info?.MemTotal ?? 0) * SHARE),
      cpus: (info?.NCPU ?? 1) * SHARE,
      minutes: BUILD_MINUTES,
      outOfRoom: async () => {
        if (folder === null) return null
        const { bavail, bsize } = await statfs(folder)
        return bavail * bsize < diskReserve ? noRoom() : null
      },
    }
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
        const bounded = { ...build, limits: await limits() }
        const explain = (output: BuildOutput) => pipFailure(output, layer)
        const begin = () => buildImage(engine, { ...bounded, explain }, tell, until)
        await builds.run(begin, until, () => tell(waitsForBuilds(build.name)))
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
        const explain = (output: BuildOutput) => ownFailure(output, path)
        const begin = () => {
          // Nothing may come between: who builds listens for its errors.
          const context = ownContext(files(), path)
          return buildImage(engine, { ...build, context, limits: bounds, explain }, tell, until)
        }
        await builds.run(begin, until, () => tell(waitsForBuilds(build.name)))
        return tag
      }
      return work.run(tag, make, progress, signal)
    },
  }
}
