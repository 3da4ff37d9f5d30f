const NUMBER =
  /^(?:([+-])[ \t]*)?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/

/** A real, finite Python number literal; `float` as Python sees it. */
export interface NumberLiteral {
  value: number
  float: boolean
}

/** `1e-3`, `-1_000`, `0x10` -> number; null for all that is no plain number (`1j`, `x`, `1 + 1`). */
export function parseNumber(text: string): NumberLiteral | null {
  const match = NUMBER.exec(text.replaceAll(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, ''))
  if (!match) return null
  const digits = match[2] ?? ''
  const float = !/^0[xXoObB]/.test(digits) && /[.eE]/.test(digits)
  const value = Number(digits) * (match[1] === '-' ? -1 : 1)
  if (!Number.isFinite(value) || (!float && !Number.isSafeInteger(value))) return null
  return { value: value === 0 ? 0 : value, float }
}

/** A Python string literal that is one piece. */
export interface StringLiteral {
  value: string
  /** Letters before the quote, as written. */
  prefix: string
  /** `'`, `"`, or three of them. */
  quote: string
}

const STRING = /^([rRuUfF]{0,2})('''|"""|'|")([\s\S]*)\2$/
const ESCAPE =
  /\\(?:(\r\n|[\r\n])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g
const LETTERS: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * `'relu'`, `u"a\n"`, `r'\d'` -> its value; null for all that is no single string literal with a known value: bytes, an
 * f-string with expressions, two literals side by side, `\N{...}`.
 * See "String and Bytes literals" in Python's language reference.
 */
export function parseString(text: string): StringLiteral | null {
  const [, prefix = '', quote = '', content = ''] = STRING.exec(text) ?? []
  if (quote === '' || !/^(?:|r|u|f|fr|rf)$/i.test(prefix)) return null
  const bare = content.replaceAll(/\\[\s\S]/g, '__')
  if (
    bare.includes(quote) ||
    bare.endsWith('\\') ||
    (quote.length === 3 && bare.endsWith(quote[0] as string))
  ) {
    return null
  }
  if (quote.length === 1 && /[\r\n]/.test(bare)) return null
  if (/f/i.test(prefix) && /[{}]/.test(content)) return null
  if (/r/i.test(prefix)) return { value: content, prefix, quote }
  const value = decoded(content)
  return value === null ? null : { value, prefix, quote }
}

/** Content between the quotes -> value; an unknown escape stays as it is, as Python leaves it. */
function decoded(content: string): string | null {
  if (!content.includes('\\')) return content
  let known = true
  const value = content.replaceAll(ESCAPE, (all, newline, hex2, hex4, hex8, octal, letter) => {
    if (newline !== undefined) return ''
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (letter !== undefined) {
      if (/[NxuU]/.test(letter)) known = false
      return LETTERS[letter] ?? all
    }
    const code = Number.parseInt(hex2 ?? hex4 ?? hex8, 16)
    if (code > 0x10ffff) known = false
    return known ? String.fromCodePoint(code) : ''
  })
  return known ? value : null
}

/** The literal of a value with the quotes and the prefix of another; a raw one loses its `r` when it has to. */
export function writeString(value: string, like: Pick<StringLiteral, 'prefix' | 'quote'>): string {
  const { quote } = like
  const mark = quote[0] as string
  const rawFits = !value.includes(mark) && !/[\\\p{Cc}]/u.test(value)
  const formatted = /f/i.test(like.prefix) && /[{}]/.test(value)
  const dropped = `${rawFits ? '' : 'rR'}${formatted ? 'fF' : ''}`
  const prefix = Array.from(like.prefix, (letter) => (dropped.includes(letter) ? '' : letter)).join('')
  const escaped = value.replaceAll(/[\\'"\p{Cc}]/gu, (character) => {
    if (character === '\\' || character === mark) return `\\${character}`
    return /['"]/.test(character) ? character : escapeOf(character)
  })
  return `${prefix}${quote}${/r/i.test(prefix) ? value : escaped}${quote}`
}

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A character as an escape: for control characters and for an encoding that lacks it. */
export function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (NAMED[character]) return NAMED[character]
  const hex = (width: number) => code.toString(16).padStart(width, '0')
  if (code < 0x100) return `\\x${hex(2)}`
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}
