import type { Readable } from 'node:stream'
import type { Running } from '../../src/chain/contract.ts'
import { TRAINING_USER } from '../../src/containers/executor.ts'
import { HoneError, userError } from '../../src/domain/failure.ts'
import type { ImageContents } from '../../src/domain/image.ts'
import type { RepositorySettings, Settings } from '../../src/domain/settings.ts'
import { chooseImage, type ImageChoice, usesGpu } from '../../src/images/plan.ts'
import type { Analysis } from '../../src/python/analyse.ts'
import { isImported, layerFor, leanLayer } from '../../src/python/needs/layer.ts'
import type { JobContext } from '../context.ts'
import type { RunDetection } from '../schemas.ts'
import { mayBeMissing, missingPackages } from './missing.ts'
import { type Listed, needsOf } from './needs.ts'

const WARNINGS = 5
/** Packages that a line names. */
const SHOWN = 8

export interface Prepared {
  image: ImageChoice
  /** Graphics cards of each training. */
  gpus: number
}

/**
 * Chooses the image of a run, builds it with what the repository needs, and sees that all that is imported is there.
 * @throws HoneError `user`: `missing-package`, `no-gpu`, and what choosing, reading and building throw
 */
export async function prepareImage(
  context: JobContext & Running,
  found: Analysis,
  listed: readonly Listed[],
  hints: RepositorySettings,
  settings: Settings,
): Promise<Prepared> {
  const { executor, images, git, paths, run, signal, progress, aside } = context
  const gpus = gpusFor(settings, (await executor.info()).gpus.length, usesGpu(found.framework))
  const repository = { sha: run.sha, dockerfile: listed.some(({ path }) => path === 'Dockerfile') }
  const chosen = chooseImage(found, hints, repository, gpus)
  const files = () => git.archive(paths.workspace(run.id), run.sha, TRAINING_USER) as Readable
  const tag = await aside(() => images.prepare(chosen, files, progress, signal))
  const contents = await images.contents(tag)
  const layer = chosen.dockerfile ? null : layerFor(await needsOf(context, found, listed), contents)
  const [image, built] = await withLayer(context, found, { ...chosen, layer }, tag, files)
  const complete = await images.contents(built)
  checkImports(context, found, listed, image, complete)
  return { image, gpus }
}

/** What a list of requirements may fail of that a shorter one does not. */
const LIST_FAILURES = new Set(['no-version', 'no-package', 'package-build', 'requirements-conflict'])

/**
 * Builds the layer. Where it cannot be had for something that the program does not import, that is left out, and said.
 * @returns the image as it was built in the end, and its tag
 */
async function withLayer(
  { images, signal, progress, aside }: JobContext & Running,
  { imports }: Analysis,
  image: ImageChoice,
  tag: string,
  files: () => Readable,
): Promise<[ImageChoice, string]> {
  const { layer } = image
  if (!layer) return [image, tag]
  try {
    return [image, await aside(() => images.prepare(image, files, progress, signal))]
  } catch (error) {
    const failure = error instanceof HoneError ? error.failure : null
    const modules = imports.map(({ module }) => module)
    const culprit = layer.packages.find(({ file, line }) => file === failure?.file && line === failure.line)
    const needed = culprit && failure?.code !== 'requirements-conflict' && isImported(culprit.text, modules)
    const lean = failure && LIST_FAILURES.has(failure.code) && !needed ? leanLayer(layer, modules) : null
    if (!failure || !lean) throw error
    const left = layer.packages.filter((one) => !lean.packages.includes(one)).map(({ text }) => text)
    const shown =
      left.slice(0, SHOWN).join(', ') + (left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '')
    progress(`${failure.message} What the source does not import is left out: ${shown}.`)
    const needs = lean.packages.length > 0 || lean.paths.length > 0
    const leaner = { ...image, layer: needs ? lean : null }
    return [leaner, await aside(() => images.prepare(leaner, files, progress, signal))]
  }
}

/**
 * What was detected before, with the graphics cards that the settings ask for now; null where they need another image.
 * @throws HoneError `user`, `no-gpu`
 */
export async function withGpus(
  { executor, run, progress }: JobContext & Running,
  known: RunDetection,
): Promise<RunDetection | null> {
  const there = (await executor.info()).gpus.length
  const { gpus: before = 0, image, framework } = known
  const gpus = gpusFor(run.settings, there, usesGpu(framework))
  if (gpus > 0 === before > 0 || image?.dockerfile) return { ...known, gpus }
  progress(`Trained with ${gpus} graphics cards instead of ${before}: the code is looked at anew.`)
  return null
}

/** Of one training. @param there how many the engine has */
export function gpusFor(settings: Pick<Settings, 'gpus'>, there: number, used: boolean): number {
  const { gpus } = settings
  if (gpus === undefined) return used ? Math.min(1, there) : 0
  if (gpus <= there) return gpus
  throw userError(
    'no-gpu',
    `The settings ask for ${gpus} graphics ${gpus === 1 ? 'card' : 'cards'}, but the engine has ${there || 'none'}.`,
    `Lower \`gpus\`. If the machine has more, see that its Docker engine has the NVIDIA container toolkit, and set HONE_GPUS.`,
  )
}

function checkImports(
  { progress }: Running,
  { imports, entry }: Analysis,
  listed: readonly Listed[],
  image: ImageChoice,
  contents: ImageContents,
): void {
  const paths = listed.map(({ path }) => path)
  const missing = missingPackages(imports, contents, paths, image, entry)
  if (missing) throw missing
  for (const warning of mayBeMissing(imports, contents, paths).slice(0, WARNINGS)) progress(warning)
}
