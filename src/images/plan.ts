import { createHash } from 'node:crypto'
import type { Framework, ModelKind, VersionHint } from '../domain/detection.ts'
import { type HoneError, userError } from '../domain/failure.ts'
import type { ImageLayer, OwnDockerfile } from '../domain/image.ts'

export const IMAGE_NAMES = [
  'base',
  'sklearn',
  'statsmodels',
  'boosting',
  'catboost',
  'jax',
  'keras',
  'keras2',
  'pytorch',
  'lightning',
  'transformers',
  'keras-cuda',
  'keras2-cuda',
  'pytorch-cuda',
  'lightning-cuda',
  'transformers-cuda',
] as const
export type ImageName = (typeof IMAGE_NAMES)[number]

/** What an image is made on; `base` is made on Debian itself. */
const PARENTS: Record<ImageName, ImageName | null> = {
  base: null,
  sklearn: 'base',
  statsmodels: 'sklearn',
  boosting: 'sklearn',
  catboost: 'sklearn',
  jax: 'sklearn',
  keras: 'sklearn',
  keras2: 'keras',
  pytorch: 'sklearn',
  lightning: 'pytorch',
  transformers: 'pytorch',
  'keras-cuda': 'sklearn',
  'keras2-cuda': 'keras-cuda',
  'pytorch-cuda': 'sklearn',
  'lightning-cuda': 'pytorch-cuda',
  'transformers-cuda': 'pytorch-cuda',
}

/** Images that differ only in what they are made on are built from one folder. */
const FOLDERS: Partial<Record<ImageName, ImageName>> = {
  'keras2-cuda': 'keras2',
  'lightning-cuda': 'lightning',
  'transformers-cuda': 'transformers',
}

/** For engines with graphics cards. */
const WITH_CUDA: Partial<Record<ImageName, ImageName>> = {
  keras: 'keras-cuda',
  keras2: 'keras2-cuda',
  pytorch: 'pytorch-cuda',
  lightning: 'lightning-cuda',
  transformers: 'transformers-cuda',
}

const IMAGE_OF: Record<Framework, ImageName> = {
  keras: 'keras',
  pytorch: 'pytorch',
  lightning: 'lightning',
  transformers: 'transformers',
  'scikit-learn': 'sklearn',
  xgboost: 'boosting',
  lightgbm: 'boosting',
  catboost: 'catboost',
  jax: 'jax',
  statsmodels: 'statsmodels',
}

/** Images of older versions, by the `runsOn` of a version hint. */
const IMAGE_OF_VERSION: Record<string, ImageName> = {
  'keras 2': 'keras2',
  'keras 2.12': 'keras2',
  'keras 2.5': 'keras2',
  'keras 2.3': 'keras2',
}

/** What trains on the newest version all the same: only the name that a metric has afterwards is another. */
const HARMLESS = new Set(['keras 2.2'])

export const parentOf = (name: ImageName): ImageName | null => PARENTS[name]

/** The folder of docker/images that it is built from. */
export const folderOf = (name: ImageName): string => FOLDERS[name] ?? name

/** Its variant for graphics cards; null where there is none. */
export const withCuda = (name: ImageName): ImageName | null => WITH_CUDA[name] ?? null

export interface ImageChoice {
  /** `Dockerfile`: the repository's own. */
  name: ImageName | typeof OWN_IMAGE
  /** Why this one, in words for a person. */
  reason: string
  /** What the repository needs on top of it. */
  layer?: ImageLayer | null | undefined
  /** Set for the repository's own. */
  dockerfile?: OwnDockerfile | undefined
}

export const OWN_IMAGE = 'Dockerfile'

/**
 * The image that a model trains in: its framework's, or one of an older version where the code is written for that.
 * @param named hone.yaml names the framework: code that looks too old is then trained all the same
 * @throws HoneError `user`, `old-version`, when the code needs a version that Hone has no image of; it lists each place
 *   with what to write instead
 */
export function imageFor(
  { framework, versions }: Pick<ModelKind, 'framework' | 'versions'>,
  named = false,
): ImageChoice & { name: ImageName } {
  const hints = versions.filter(({ runsOn }) => !HARMLESS.has(runsOn))
  const fitting = hints.filter((hint) => imageOfVersion(hint) !== null)
  if (fitting.length < hints.length && !named) {
    throw tooOld(
      framework,
      hints.filter((hint) => !fitting.includes(hint)),
    )
  }
  const [first] = fitting
  const older = first && imageOfVersion(first)
  if (!first || !older) return { name: IMAGE_OF[framework], reason: `it trains with ${framework}` }
  const others = fitting.length > 1 ? ` and ${fitting.length - 1} more` : ''
  return { name: older, reason: `it is written for ${first.runsOn} (${first.file}:${first.line}${others})` }
}

export interface Repository {
  /** The commit. */
  sha: string
  /** Whether it has a Dockerfile in its root. */
  dockerfile: boolean
}

/**
 * The image that a run trains in: the one that hone.yaml names, the repository's own, or that of the model.
 * @param gpus graphics cards that a training gets
 * @throws HoneError `user`, `image-unknown`, and what `imageFor` throws
 */
export function chooseImage(
  model: Pick<ModelKind, 'framework' | 'versions'>,
  hints: { framework?: string | undefined; image?: string | undefined },
  { sha, dockerfile }: Repository,
  gpus: number,
): ImageChoice {
  const named = IMAGE_NAMES.find((name) => name === hints.image)
  if (hints.image !== undefined && !named && !(hints.image === OWN_IMAGE && dockerfile)) {
    throw unknownImage(hints.image)
  }
  if (named) return forGpus({ name: named, reason: 'hone.yaml names it' }, gpus)
  if (dockerfile) {
    const reason = 'it is the Dockerfile of the repository'
    return { name: OWN_IMAGE, reason, dockerfile: { path: OWN_IMAGE, sha } }
  }
  return forGpus(imageFor(model, hints.framework !== undefined), gpus)
}

function forGpus(choice: ImageChoice & { name: ImageName }, gpus: number): ImageChoice {
  const name = gpus > 0 ? withCuda(choice.name) : null
  return name ? { ...choice, name, reason: `${choice.reason}, and the engine has a graphics card` } : choice
}

/** Whether a framework can use a graphics card without being told to. */
export const usesGpu = (framework: Framework): boolean => withCuda(IMAGE_OF[framework]) !== null

const unknownImage = (named: string) =>
  userError(
    'image-unknown',
    named === OWN_IMAGE
      ? 'hone.yaml asks for the image of a Dockerfile, but the repository has none in its root.'
      : `hone.yaml names the image '${named}', which Hone does not have.`,
    `Use one of ${IMAGE_NAMES.join(', ')}, or take the line out: Hone then goes by the Dockerfile, or by the model.`,
    { file: 'hone.yaml' },
  )

const imageOfVersion = ({ runsOn }: VersionHint): ImageName | null =>
  Object.hasOwn(IMAGE_OF_VERSION, runsOn) ? (IMAGE_OF_VERSION[runsOn] as ImageName) : null

function tooOld(framework: Framework, hints: readonly VersionHint[]): HoneError {
  const first = hints[0] as VersionHint
  const versions = [...new Set(hints.map(({ runsOn }) => runsOn))].join(', ')
  const places = hints.map(({ file, line, text, change }) => `${file}:${line}: ${text}\n    ${change}`)
  const one = hints.length === 1
  return userError(
    'old-version',
    `The code is written for ${versions}, of which Hone has no image: ${one ? 'one place' : `${hints.length} places`} would fail on the version of today.`,
    `${one ? `In line ${first.line}, ${first.change}` : 'Change the places below'}, and push again. To train it all the same, set \`framework: ${framework}\` in hone.yaml.`,
    { file: first.file, line: first.line, detail: places.join('\n') },
  )
}

/** File name -> content: what an image is built from. */
export type BuildContext = Record<string, Buffer>

/**
 * `hone/<name>:<12 hex digits>`: the same inputs on the same parent give the same tag.
 * @param parentId id of Debian's image, or the tag of one of Hone's own
 */
export function imageTag(name: string, context: BuildContext, parentId: string): string {
  const hash = createHash('sha256').update(parentId)
  for (const file of Object.keys(context).toSorted()) {
    const content = context[file] as Buffer
    hash.update(`\0${file}\0${content.length}\0`).update(content)
  }
  return `hone/${name}:${hash.digest('hex').slice(0, 12)}`
}

const BUILD_SETTINGS =
  /^(?:PIP_(?:INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT|RETRIES)|(?:HTTPS?|FTP|NO|ALL)_PROXY)$/i

/** The host's settings of pip and proxies, for image builds; not part of what decides the tag. */
export function buildSettings(environment: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => BUILD_SETTINGS.test(entry[0]) && Boolean(entry[1]),
  )
  return Object.fromEntries(entries)
}

/**
 * The same for a Dockerfile of a repository, whose commands may print what they are given: addresses of package indexes without
 * user and password.
 */
export const withoutCredentials = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      /^PIP_/i.test(name) ? value.replaceAll(/(\w:\/\/)[^\s/]*@/g, '$1') : value,
    ]),
  )
