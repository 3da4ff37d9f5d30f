import type { Config } from '../config.ts'
import { FRAMEWORKS, type Framework } from '../domain/detection.ts'
import { HoneError, userError } from '../domain/failure.ts'
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

/** Builds the images of these frameworks, or of all. */
export async function buildImages(config: Config, wanted: string[]): Promise<void> {
  const unknown = wanted.find((name) => !(FRAMEWORKS as readonly string[]).includes(name))
  if (unknown) {
    throw userError(
      'framework-unknown',
      `Hone has no image for '${unknown}'.`,
      `It has: ${FRAMEWORKS.join(', ')}.`,
    )
  }
  const images = makeImages(config)
  const names = new Set<string>()
  for (const framework of wanted.length > 0 ? (wanted as Framework[]) : FRAMEWORKS) {
    names.add(await images.ensure(framework, console.log))
  }
  for (const name of names) console.log(name)
}
