import { createHash } from 'node:crypto'
import type { Framework } from '../domain/detection.ts'

export const IMAGE_NAMES = ['base', 'sklearn', 'pytorch', 'keras', 'boosting'] as const
export type ImageName = (typeof IMAGE_NAMES)[number]

/** What an image is made on; `base` is made on Debian itself. */
const PARENTS: Record<ImageName, ImageName | null> = {
  base: null,
  sklearn: 'base',
  pytorch: 'sklearn',
  keras: 'sklearn',
  boosting: 'sklearn',
}

const IMAGE_OF: Record<Framework, ImageName> = {
  sklearn: 'sklearn',
  pytorch: 'pytorch',
  keras: 'keras',
  xgboost: 'boosting',
  lightgbm: 'boosting',
}

export const parentOf = (name: ImageName): ImageName | null => PARENTS[name]

/** The image that a framework trains in; null when Hone has none for it. */
export const imageOf = (framework: string): ImageName | null =>
  Object.hasOwn(IMAGE_OF, framework) ? IMAGE_OF[framework as Framework] : null

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
