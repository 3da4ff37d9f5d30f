import { createHash } from 'node:crypto'
import type { Framework, ModelKind, VersionHint } from '../domain/detection.ts'
import { type HoneError, userError } from '../domain/failure.ts'

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

/** Images of older major versions, by the `runsOn` of a version hint. */
const IMAGE_OF_VERSION: Record<string, ImageName> = { 'keras 2': 'keras2' }

export const parentOf = (name: ImageName): ImageName | null => PARENTS[name]

export interface ImageChoice {
  name: ImageName
  /** Why this one, in words for a person. */
  reason: string
}

/**
 * The image that a model trains in: its framework's, or one of an older version where the code is written for that.
 * @throws HoneError `user`, `old-version`, when the code needs a version that Hone has no image of; it lists each place
 *   with what to write instead
 */
export function imageFor({ framework, versions }: Pick<ModelKind, 'framework' | 'versions'>): ImageChoice {
  const without = versions.filter((hint) => imageOfVersion(hint) === null)
  if (without.length > 0) throw tooOld(without)
  const [first] = versions
  const older = first ? imageOfVersion(first) : null
  if (!first || !older) return { name: IMAGE_OF[framework], reason: `it trains with ${framework}` }
  const others = versions.length > 1 ? ` and ${versions.length - 1} more` : ''
  const reason = `it is written for ${first.runsOn} (${first.file}:${first.line}${others})`
  return { name: older, reason }
}

const imageOfVersion = ({ runsOn }: VersionHint): ImageName | null =>
  Object.hasOwn(IMAGE_OF_VERSION, runsOn) ? (IMAGE_OF_VERSION[runsOn] as ImageName) : null

function tooOld(hints: readonly VersionHint[]): HoneError {
  const first = hints[0] as VersionHint
  const places = hints.map(({ file, line, text, change }) => `${file}:${line}: ${text}\n    ${change}`)
  return userError(
    'old-version',
    `The code is written for ${first.runsOn}, for which Hone has no image: ${hints.length === 1 ? 'one place' : `${hints.length} places`} would not run on a newer one.`,
    `Change ${hints.length === 1 ? `${first.file}:${first.line}: ${first.change}` : 'the places listed below'}, and push again.`,
    { file: first.file, line: first.line, detail: places.join('\n') },
  )
}

/** File name -> content: what an image is built from. */
export type BuildContext = Record<string, Buffer>

/**
 * `hone/<name>:<12 hex digits>`: the same inputs on the same parent give the same tag.
 * @param parentId id of Debian's image, or the tag of one of Hone's own
 */
export function imageTag(name: ImageName, context: BuildContext, parentId: string): string {
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
