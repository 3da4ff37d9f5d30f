import { z } from 'zod'
import { SETTING_WORDS, type SettingWords } from './setting-words.ts'
import { defaultSettings, Settings } from './settings.ts'

export const FIELD_KINDS = [
  'number',
  'integer',
  'text',
  'size',
  'switch',
  'choice',
  'list',
  'mounts',
] as const
export type FieldKind = (typeof FIELD_KINDS)[number]

/** One setting as a field of a form or an argument of a command. */
export interface SettingField extends SettingWords {
  name: keyof Settings
  kind: FieldKind
  /** Null where `unset` says what holds. */
  default: unknown
  /** Of a choice: what it may be. */
  choices?: (string | boolean)[]
  /** Of a number: what it has to be at least, or above where `above` says so, and at most. */
  min?: number
  above?: number
  max?: number
}

/** The parts of JSON Schema that the settings' schema uses. */
interface Property {
  type?: string | string[]
  enum?: string[]
  const?: string
  anyOf?: Property[]
  items?: Property
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
}

type Shape = Pick<SettingField, 'kind' | 'choices' | 'min' | 'above' | 'max'>

/** Pure. */
function shapeOf(property: Property): Shape {
  const { type, anyOf, minimum, exclusiveMinimum, maximum } = property
  if (property.enum) return { kind: 'choice', choices: property.enum }
  if (anyOf?.some((one) => one.type === 'boolean')) {
    return { kind: 'choice', choices: [...anyOf.flatMap((one) => one.const ?? []), true, false] }
  }
  if (Array.isArray(type)) return { kind: 'size' }
  if (type === 'boolean') return { kind: 'switch' }
  if (type === 'array') return { kind: property.items?.type === 'object' ? 'mounts' : 'list' }
  if (type !== 'number' && type !== 'integer') return { kind: 'text' }
  return {
    kind: type,
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(exclusiveMinimum === undefined ? {} : { above: exclusiveMinimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  }
}

/** All settings, made from their schema, in the order in which they are shown. */
export const SETTING_FIELDS: readonly SettingField[] = (() => {
  const { properties = {} } = z.toJSONSchema(Settings, { io: 'input' })
  const names = Object.keys(SETTING_WORDS) as (keyof Settings)[]
  return names.map((name) => {
    const words = SETTING_WORDS[name]
    const fallback = words.unset === undefined ? (defaultSettings[name] ?? null) : null
    return { name, ...words, default: fallback, ...shapeOf(properties[name] as Property) }
  })
})()
