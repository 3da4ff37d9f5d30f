import { userError } from './failure.ts'
import type { SettingField } from './setting-fields.ts'

const SWITCH: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
}

const parts = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/**
 * A setting's value from what a person typed. What does not look like one is left as it is, for the schema to refuse.
 * @throws HoneError for what is not `source:path` where that is asked for
 */
export function settingOf({ kind, choices }: Pick<SettingField, 'kind' | 'choices'>, text: string): unknown {
  const said = text.trim()
  switch (kind) {
    case 'number':
    case 'integer':
      return Number.isNaN(Number(said)) ? said : Number(said)
    case 'switch':
      return SWITCH[said.toLowerCase()] ?? said
    case 'choice': {
      const known = choices?.find((choice) => String(choice) === said)
      return known ?? (choices?.includes(true) ? SWITCH[said.toLowerCase()] : undefined) ?? said
    }
    case 'list':
      return parts(said)
    case 'mounts':
      return parts(said).map(mountOf)
    default:
      return said
  }
}

/** @throws HoneError for what is not `source:path` */
export function mountOf(text: string): { source: string; path: string } {
  const [source, path, ...rest] = text.split(':')
  if (source && path && rest.length === 0) return { source, path }
  throw userError(
    'bad-settings',
    `'${text}' is no data set.`,
    'Write the folder or volume and the path in the container, as in /srv/data/cats:/data/cats',
  )
}

/** As `settingOf` reads it. */
export function settingText(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  return value.map((one) => (typeof one === 'object' ? `${one.source}:${one.path}` : String(one))).join(', ')
}
