import type { SettingFieldView } from '../../../src/http/contract.ts'
import type { FieldError } from '../api.ts'

/** Texts of the fields that were changed; an empty one means the default. */
export type Edits = Readonly<Record<string, string>>
type Values = Readonly<Record<string, unknown>>
type Field = SettingFieldView

const mountText = ({ source, path }: { source: string; path: string }) => `${source}:${path}`

/** A value as its field shows it; nothing where it is not set. Pure. */
export function textOf({ kind }: Pick<Field, 'kind'>, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (kind === 'mounts') return (value as { source: string; path: string }[]).map(mountText).join('\n')
  if (Array.isArray(value)) return value.join(', ')
  return String(value)
}

const partsOf = (text: string, separator: RegExp) =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** What a field's text says; null: the default. What does not look like one is left to the server to refuse. Pure. */
export function valueFrom({ kind, choices }: Pick<Field, 'kind' | 'choices'>, text: string): unknown {
  const said = text.trim()
  if (said === '') return null
  switch (kind) {
    case 'number':
    case 'integer':
      return Number.isNaN(Number(said)) ? said : Number(said)
    case 'switch':
      return said === 'true'
    case 'choice':
      return choices?.find((choice) => String(choice) === said) ?? said
    case 'list':
      return partsOf(said, /[,\n]/)
    case 'mounts':
      return partsOf(said, /\n/).map((line) => {
        const at = line.lastIndexOf(':')
        return at < 1
          ? { source: line, path: '' }
          : { source: line.slice(0, at).trim(), path: line.slice(at + 1).trim() }
      })
    default:
      return said
  }
}

/** The settings that the edits change, as the API takes them: null takes one back to its default. Pure. */
export function changesOf(fields: readonly Field[], settings: Values, edits: Edits): Record<string, unknown> {
  const changed = fields.filter(
    (field) => edits[field.name] !== undefined && edits[field.name] !== textOf(field, settings[field.name]),
  )
  return Object.fromEntries(
    changed.map((field) => [field.name, valueFrom(field, edits[field.name] as string)]),
  )
}

/** The edits that are left once some were saved: what was typed meanwhile stays. Pure. */
export const withoutSaved = (edits: Edits, saved: Edits): Edits =>
  Object.fromEntries(Object.entries(edits).filter(([name, text]) => saved[name] !== text))

/** `20 trainings`, `no`, `main, master`: what holds while a setting is not set. Pure. */
export function defaultText(field: Pick<Field, 'kind' | 'default' | 'unset' | 'unit'>): string {
  if (field.unset !== undefined) return field.unset
  if (typeof field.default === 'boolean') return field.default ? 'yes' : 'no'
  const text = textOf(field, field.default) || 'none'
  if (field.unit === undefined) return text
  return `${text} ${field.default === 1 ? field.unit.replace(/s$/, '') : field.unit}`
}

/** What is wrong with a setting, and with which of its parts where it is a list. Pure. */
export function errorsOf(name: string, errors: readonly FieldError[]): string[] {
  return errors
    .filter(({ field }) => field === name || field.startsWith(`${name}.`))
    .map(({ field, message }) => {
      const part = Number(field.split('.')[1])
      const which = Number.isInteger(part) ? `Number ${part + 1} ` : 'It '
      // What begins with a quotation mark names the value itself.
      return `${/^['"]|^expected/.test(message) ? '' : which}${message}.`
    })
}
