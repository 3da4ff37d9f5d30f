import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { connect } from '../containers/engine.ts'
import { DISK_RESERVE } from '../domain/disk.ts'
import type { ImageContents } from '../domain/image.ts'
import { BASE_NAMES, type BaseOptions, baseImage, imageId, MMDEBSTRAP } from './base-image.ts'
import { buildImage } from './build.ts'
import { readContents } from './contents.ts'
import type { Images } from './contract.ts'
import {
  type BuildContext,
  buildSettings,
  folderOf,
  IMAGE_NAMES,
  type ImageName,
  imageTag,
  parentOf,
} from './plan.ts'
import { repositoryImages, waitsForBuilds } from './repository-images.ts'
import { type Progress, SharedWork } from './shared-work.ts'
import { Turns } from './turns.ts'

export interface DockerImagesOptions {
  /** As in DOCKER_HOST; null: the default socket. */
  dockerHost: string | null
  /** With one folder an image, each with its Dockerfile. */
  folder: string
  /** Path of an extra CA bundle that the images are to trust. */
  caBundle: string | null
  /** For the settings of pip and proxies in it. */
  environment: Record<string, string | undefined>
  /** For tests. */
  bootstrap?: BaseOptions['bootstrap']
  /** For tests: bytes that a build from a repository has to leave free on the engine's disk. */
  diskReserve?: number
}

export interface DockerImages extends Images {
  /** Names that images of Hone's own would have, were they built now, and those of what they are made on. */
  current(): Promise<string[]>
  /** Pulls Debian's base image, or makes it. @returns its name */
  ensureBase(progress: Progress, signal?: AbortSignal): Promise<string>
}

/** At a time; each may take most of a machine. */
const BUILDS = 4

/** Images built on a Docker engine, found again by tags that are made from what they are built from. */
export function dockerImages(options: DockerImagesOptions): DockerImages {
  const engine = connect(options.dockerHost)
  const work = new SharedWork()
  const builds = new Turns(BUILDS)
  const findBase = baseImage({ engine, bootstrap: options.bootstrap ?? MMDEBSTRAP })
  const settings = buildSettings(options.environment)
  /** By tag, which says what is in it. */
  const known = new Map<string, ImageContents>()

  const base = (progress: Progress, signal?: AbortSignal) => work.run('debian', findBase, progress, signal)

  const parent = async (name: ImageName, progress: Progress, signal: AbortSignal) => {
    const below = parentOf(name)
    if (below === null) return base(progress, signal)
    const tag = await ensure(below, progress, signal)
    // The tag says what is in it. The id would not do: two servers that build at once make two ids for one tag.
    return { name: tag, id: tag }
  }

  const ensure = (name: ImageName, progress: Progress, signal?: AbortSignal): Promise<string> =>
    work.run(
      name,
      async (tell, until) => {
        const on = await parent(name, tell, until)
        const context = await readContext(options, name)
        const tag = imageTag(name, context, on.id)
        if ((await imageId(engine, tag)) === null) {
          const build = { name, tag, context, labels: { 'hone.image': name } }
          const make = () =>
            buildImage(engine, { ...build, settings: { ...settings, BASE: on.name } }, tell, until)
          await builds.run(make, until, () => tell(waitsForBuilds(name)))
        }
        return tag
      },
      progress,
      signal,
    )

  const ofRepository = repositoryImages({
    ...{ engine, work, builds, settings },
    isLocal: options.dockerHost === null || options.dockerHost.startsWith('unix://'),
    diskReserve: options.diskReserve ?? DISK_RESERVE,
  })

  return {
    ensure,
    async prepare(choice, files: () => Readable, progress, signal) {
      if (choice.dockerfile) return ofRepository.own(choice.dockerfile, files, progress, signal)
      const name = choice.name as ImageName
      const tag = await ensure(name, progress, signal)
      return choice.layer ? ofRepository.layered(name, tag, choice.layer, progress, signal) : tag
    },
    async contents(tag) {
      const contents = known.get(tag) ?? (await readContents(engine, tag))
      known.set(tag, contents)
      return contents
    },
    async current() {
      const found = await Promise.all(
        BASE_NAMES.map(async (name) => ({ name, id: await imageId(engine, name) })),
      )
      const names: string[] = []
      for (const { name, id } of found) {
        if (id === null) continue
        names.push(name, ...(await Promise.all(IMAGE_NAMES.map((image) => tagOn(options, image, id)))))
      }
      return names
    },
    async ensureBase(progress, signal) {
      return (await base(progress, signal)).name
    },
  }
}

/** The tag of an image when Debian's has this id. */
async function tagOn(options: DockerImagesOptions, name: ImageName, debian: string): Promise<string> {
  const below = parentOf(name)
  const parent = below === null ? debian : await tagOn(options, below, debian)
  return imageTag(name, await readContext(options, name), parent)
}

async function readContext(
  { folder, caBundle }: DockerImagesOptions,
  name: ImageName,
): Promise<BuildContext> {
  const context: BuildContext = {}
  const own = join(folder, folderOf(name))
  for (const file of await readdir(own)) context[file] = await readFile(join(own, file))
  if (parentOf(name) === null) context['extra-ca.pem'] = caBundle ? await readFile(caBundle) : Buffer.alloc(0)
  return context
}
