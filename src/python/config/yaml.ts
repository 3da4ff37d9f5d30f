import { Composer, isMap, isScalar, isSeq, type Node, Parser, Scalar as YamlScalar } from 'yaml'
import { parseNumber } from '../literal.ts'
import type { ConfigEntry, Scalar } from './entry.ts'

const DEPTH_LIMIT = 100
const BOOLEAN = /^(?:(y(?:es)?|true|on)|n(?:o)?|false|off)$/i
const NULL = /^(?:~|null|)$/i
/** What YAML 1.1 takes for a number and Hone does not change: 1:30 (sexagesimal), .inf, .nan; and dates. */
const STRANGE = /^(?:[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|[-+]?\.(?:inf|nan)|\d{4}-\d\d?-\d\d?.*)$/i
const STANDARD_TAG = 'tag:yaml.org,2002:'

/** The first document; without errors thrown, an empty list for one that has errors. */
export function readYaml(text: string): ConfigEntry[] {
  const options = { schema: 'failsafe', version: '1.1', uniqueKeys: false, prettyErrors: false } as const
  for (const document of new Composer(options).compose(new Parser().parse(text))) {
    if (document.errors.length > 0) return []
    return entriesOf(document.contents as Node | null, text)
  }
  return []
}

function entriesOf(root: Node | null, text: string): ConfigEntry[] {
  const entries: ConfigEntry[] = []
  const read = (node: unknown, path: string[]): void => {
    if (path.length > DEPTH_LIMIT) return
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        // An alias or a collection as a key names nothing that a script asks for.
        if (isScalar(key)) read(value, [...path, String(key.value)])
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) read(item, [...path, String(index)])
    } else if (isScalar(node) && node.range) {
      const [start, end] = node.range
      const written = text.slice(start, end)
      const scalar = scalarOf(node, written)
      if (scalar) entries.push({ path, ...scalar, text: written, start, end })
    }
  }
  read(root, [])
  return entries
}

function scalarOf(node: YamlScalar, written: string): Scalar | null {
  const tag = node.tag?.startsWith(STANDARD_TAG) ? node.tag.slice(STANDARD_TAG.length) : node.tag
  if (tag !== undefined && !['str', 'int', 'float', 'bool'].includes(tag)) return null
  if (/[\r\n]/.test(written)) return null
  if (node.type !== YamlScalar.PLAIN && node.type !== undefined) {
    const quoted = node.type === YamlScalar.QUOTE_DOUBLE || node.type === YamlScalar.QUOTE_SINGLE
    return quoted && tag !== 'float' && tag !== 'int' ? { value: String(node.value), float: false } : null
  }
  if (tag === 'str') return { value: written, float: false }
  const scalar = plainScalar(written)
  if (!scalar) return null
  if (tag === 'float') return typeof scalar.value === 'number' ? { ...scalar, float: true } : null
  return scalar
}

/**
 * A plain scalar as PyYAML reads it (YAML 1.1), but for `1e-3` and `1.0e5`: text to PyYAML, a number to the person who
 * wrote it and to `float()`.
 */
function plainScalar(text: string): Scalar | null {
  if (NULL.test(text) || STRANGE.test(text)) return null
  const boolean = BOOLEAN.exec(text)
  // PyYAML leaves `y` and `n` text.
  if (boolean && text.length > 1) return { value: boolean[1] !== undefined, float: false }
  const number = yamlNumber(text)
  return number ?? { value: text, float: false }
}

function yamlNumber(text: string): { value: number; float: boolean } | null {
  if (/^[-+]?0[0-7_]+$/.test(text)) {
    const value = Number.parseInt(text.replaceAll(/[-+_]/g, ''), 8)
    return { value: text.startsWith('-') ? -value : value, float: false }
  }
  // Without a point these are no decimal numbers of YAML 1.1.
  if (/^[-+]?0\d+$/.test(text) || /^[-+]?0o/i.test(text) || /\s/.test(text)) return null
  return parseNumber(text)
}

/** Null for what is no text, finite number or boolean on one line. */
export function readYamlScalar(text: string): Scalar | null {
  const [entry, more] = readYaml(`x: ${text}\n`)
  return entry && !more && entry.text === text && entry.path.length === 1
    ? { value: entry.value, float: entry.float }
    : null
}

/** Whether a text may stand without quotes in any place and is read as text by YAML 1.1 and 1.2. */
export const isPlainText = (text: string): boolean =>
  /^[A-Za-z_][\w./-]*$/.test(text) &&
  !NULL.test(text) &&
  !BOOLEAN.test(text) &&
  typeof plainScalar(text)?.value === 'string'
