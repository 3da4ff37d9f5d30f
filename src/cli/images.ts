import type { Config } from '../config.ts'
import { FRAMEWORKS } from '../domain/detection.ts'
import { HoneError, userError } from '../domain/failure.ts'
import { IMAGE_NAMES, type ImageName, imageFor } from '../images/plan.ts'
import { makeImages } from '../main.ts'

/** `hone images base` ends with it where mmdebstrap has to be installed first. */
const NEEDS_MMDEBSTRAP = 3

/** @returns the exit code */
export async function buildBaseImage(config: Config): Promise<number> {
  try {
    console.log(await makeImages(config).ensureBase(console.log))
    return 0
  } catch (error) {
    if (!(error instanceof HoneError) || error.failure.code !== 'needs-mmdebstrap') throw error
    console.error(`${error.failure.message}\n${error.failure.remedy}`)
    return NEEDS_MMDEBSTRAP
  }
}

/** By a framework's name, or by the image's own, such as `keras2`. */
const IMAGE_OF = new Map<string, ImageName>([
  ...IMAGE_NAMES.map((name) => [name, name] as const),
  ...FRAMEWORKS.map((framework) => [framework, imageFor({ framework, versions: [] }).name] as const),
])

/** Builds the images of these frameworks, or all that train on the processor. */
export async function buildImages(config: Config, wanted: string[]): Promise<void> {
  const names =
    wanted.length > 0 ? wanted.map(imageNamed) : IMAGE_NAMES.filter((name) => !name.endsWith('-cuda'))
  const images = makeImages(config)
  const tags = new Set<string>()
  for (const name of names) tags.add(await images.ensure(name, console.log))
  for (const tag of tags) console.log(tag)
}

function imageNamed(wanted: string): ImageName {
  const name = IMAGE_OF.get(wanted)
  if (name) return name
  throw userError(
    'framework-unknown',
    `Hone has no image for '${wanted}'.`,
    `It has: ${[...IMAGE_OF.keys()].join(', ')}.`,
  )
}
