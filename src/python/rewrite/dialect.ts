import type { Scalar } from '../config/entry.ts'
import { readJsonScalar } from '../config/json-entries.ts'
import { readTomlScalar } from '../config/toml.ts'
import { isPlainText, readYamlScalar } from '../config/yaml.ts'
import { escapeOf, parseNumber, parseString, writeString } from '../literal.ts'
import type { NumberRules } from './numbers.ts'

/** How one kind of file spells its scalars. `write...` get the text that they take the place of. */
export interface Dialect {
  numbers: NumberRules
  /** What a text is the literal of; null when it is none. */
  read(text: string): Scalar | null
  /** Null when it cannot stand there. */
  writeString(value: string, like: string): string | null
  writeBoolean(value: boolean, like: string): string
}

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

/** `Adam`, `nn.ReLU`: a class or function that is chosen by its name. */
const isName = (text: string) => NAME.test(text) && !text.split('.').some((part) => KEYWORDS.has(part))

const python: Dialect = {
  numbers: { bareDot: true, fullExponent: false },
  read(text) {
    if (text === 'True' || text === 'False') return { value: text === 'True', float: false }
    if (isName(text)) return { value: text, float: false }
    const string = parseString(text)
    return string ? { value: string.value, float: false } : parseNumber(text)
  },
  writeString(value, like) {
    if (isName(like)) return isName(value) ? value : null
    return writeString(value, parseString(like) ?? { prefix: '', quote: "'" })
  },
  writeBoolean: (value) => (value ? 'True' : 'False'),
}

const json: Dialect = {
  numbers: { bareDot: false, fullExponent: false },
  read: readJsonScalar,
  writeString: (value) => JSON.stringify(value),
  writeBoolean: String,
}

const toml: Dialect = {
  numbers: { bareDot: false, fullExponent: false },
  read: readTomlScalar,
  writeString(value, like) {
    const literal = like.startsWith("'") && !like.startsWith("'''")
    const control = Array.from(value, escaped).some((character) => character.length > 2)
    return literal && !control && !value.includes("'") ? `'${value}'` : doubleQuoted(value)
  },
  writeBoolean: String,
}

const PAIRS: [yes: string, no: string][] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
]

const yaml: Dialect = {
  numbers: { bareDot: true, fullExponent: true },
  read: readYamlScalar,
  writeString(value, like) {
    const control = Array.from(value, escaped).some((character) => character.length > 2)
    if (like.startsWith('"') || control) return doubleQuoted(value)
    if (!like.startsWith("'") && isPlainText(value)) return value
    return `'${value.replaceAll("'", "''")}'`
  },
  writeBoolean(value, like) {
    const [yes, no] = PAIRS.find((pair) => pair.includes(like.toLowerCase())) ?? ['true', 'false']
    const word = value ? yes : no
    if (like === like.toUpperCase() && /[A-Z]/.test(like)) return word.toUpperCase()
    return /^[A-Z]/.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word
  },
}

/** The escapes that TOML and YAML share: `\"`, `\\`, `\n`, `\u0007`. */
function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character >= ' ' && character !== '\x7f') return character
  return escapeOf(character).replace(/^\\x/, '\\u00')
}

const doubleQuoted = (value: string) => `"${Array.from(value, escaped).join('')}"`

/** By the ending of the file: Python unless it is a configuration. */
export function dialectOf(path: string): Dialect {
  if (/\.ya?ml$/.test(path)) return yaml
  if (path.endsWith('.json')) return json
  return path.endsWith('.toml') ? toml : python
}
