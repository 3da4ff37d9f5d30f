import { isAscii, isUtf8 } from 'node:buffer'
import { type ByteMap, byTable, byWidth, inUtf8 } from './positions.ts'

/** The bytes of a file as text, with the way back. */
export interface Decoded {
  text: string
  map: ByteMap
  /** Bytes of new text; null when the encoding lacks one of its characters. */
  encode(text: string): Buffer | null
  /** Why Python would not read it, in words, with the line; the text is then one character a byte, or empty. */
  wrong: { why: string; line: number } | null
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])
/** PEP 263. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/
const BLANK = /^[ \t\f]*(?:#|$)/
const COOKIE_LIMIT = 8192

/** Python's names that the WHATWG's table of encodings does not have. */
const ALIASES: Record<string, string> = {
  'latin-1': 'latin1',
  'iso-latin-1': 'latin1',
  'latin-2': 'iso-8859-2',
  'latin-9': 'iso-8859-15',
  latin9: 'iso-8859-15',
  cp936: 'gbk',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  cp950: 'big5',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  'mac-roman': 'macintosh',
  646: 'ascii',
}

/** Bytes 0x80 to 0x9f of Windows 1252, which Node 20's decoder takes for control characters; blank where there is none. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

/** How many bytes a character takes, by its first bytes. */
const WIDTHS: Record<string, (first: number, second: number) => number> = {
  gbk: (_, second) => (second >= 0x30 && second <= 0x39 ? 4 : 2),
  gb18030: (_, second) => (second >= 0x30 && second <= 0x39 ? 4 : 2),
  big5: () => 2,
  'euc-kr': () => 2,
  'euc-jp': (first) => (first === 0x8f ? 3 : 2),
  shift_jis: (first) => (first >= 0xa1 && first <= 0xdf ? 1 : 2),
}

/**
 * Decodes as CPython does: UTF-8 unless a coding line in the first two lines says otherwise.
 * @param cookie whether the file may have a coding line: Python source, not its configuration
 */
export function decode(bytes: Buffer, cookie: boolean): Decoded {
  const marked = bytes.subarray(0, 3).equals(BOM)
  const body = marked ? bytes.subarray(3) : bytes
  const offset = marked ? 3 : 0
  const named = cookie ? codingLine(body) : null
  const name = named?.name.toLowerCase().replaceAll('_', '-') ?? 'utf-8'
  const utf8 = /^(utf-?8|u8|utf|cp65001)($|-)/.test(name)
  if (named && marked && !utf8) {
    const why = `it starts with the mark of UTF-8, but its coding line says ${named.name}`
    return lenient(body, offset, { why, line: named.line })
  }
  if (utf8) return decodeUtf8(body, offset)
  const label = ALIASES[name] ?? name
  if (/^(us-)?ascii$/.test(label)) return decodeAscii(body, offset)
  const encoding = whatwgName(label)
  if (encoding === null || named === null) {
    const why = `its coding line names ${named?.name}, an encoding that Hone does not know`
    return lenient(body, offset, { why, line: named?.line ?? 1 })
  }
  return WIDTHS[encoding]
    ? decodeWide(body, offset, encoding, named.name)
    : decodeSingle(body, offset, /^(iso-?8859|latin|l\d|8859)/.test(label), encoding, named.name)
}

function codingLine(body: Buffer): { name: string; line: number } | null {
  const lines = body
    .subarray(0, COOKIE_LIMIT)
    .toString('latin1')
    .split(/\r\n|\r|\n/, 2)
  for (const [index, line] of lines.entries()) {
    const name = COOKIE.exec(line)?.[1]
    if (name) return { name, line: index + 1 }
    if (!BLANK.test(line)) return null
  }
  return null
}

function whatwgName(label: string): string | null {
  try {
    const { encoding } = new TextDecoder(label)
    return /^(utf-16|iso-2022|replacement|x-user)/.test(encoding) ? null : encoding
  } catch {
    return null
  }
}

const asciiOnly = (text: string): Buffer | null => {
  const bytes = Buffer.from(text)
  return isAscii(bytes) ? bytes : null
}

function decodeUtf8(body: Buffer, offset: number): Decoded {
  const encode = (text: string) => Buffer.from(text)
  if (isAscii(body)) return { text: body.toString('latin1'), map: byWidth(offset), encode, wrong: null }
  if (!isUtf8(body)) {
    const utf16 = (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff)
    if (utf16) return lenient(body.subarray(0, 0), offset, { why: 'it is UTF-16', line: 1 })
    return lenient(body, offset, { why: 'it is not valid UTF-8', line: brokenLine(body, isUtf8) })
  }
  const text = body.toString('utf8')
  return { text, map: inUtf8(text, offset), encode, wrong: null }
}

function decodeAscii(body: Buffer, offset: number): Decoded {
  if (isAscii(body))
    return { text: body.toString('latin1'), map: byWidth(offset), encode: asciiOnly, wrong: null }
  const why = 'its coding line says ASCII, but it holds other characters'
  return lenient(body, offset, { why, line: brokenLine(body, isAscii) })
}

/** Empty where the encoding has none. */
function characterAt(byte: number, iso: boolean, encoding: string): string {
  const western = encoding === 'windows-1252'
  // Where the WHATWG takes ISO 8859 for a Windows code page, Python has control characters.
  if (byte < 0x80 || (iso && byte < 0xa0) || (western && byte >= 0xa0)) return String.fromCharCode(byte)
  const character = western
    ? CP1252.charAt(byte - 0x80)
    : new TextDecoder(encoding).decode(Buffer.from([byte]))
  return character === ' ' || character === '\ufffd' || isControl(character) ? '' : character
}

const isControl = (character: string) => character >= '\u0080' && character <= '\u009f'

function decodeSingle(body: Buffer, offset: number, iso: boolean, encoding: string, named: string): Decoded {
  const table = Array.from({ length: 256 }, (_, byte) => characterAt(byte, iso, encoding))
  const missing = (part: Uint8Array) => !part.some((byte) => table[byte] === '')
  if (!missing(body)) {
    return lenient(body, offset, { why: `it is not valid ${named}`, line: brokenLine(body, missing) })
  }
  const encode = (text: string) => {
    const codes = Array.from(text, (character) => table.indexOf(character))
    return codes.includes(-1) ? null : Buffer.from(codes)
  }
  const plain = isAscii(body)
  const text = plain ? body.toString('latin1') : Array.from(body, (byte) => table[byte]).join('')
  return { text, map: byWidth(offset), encode, wrong: null }
}

function decodeWide(body: Buffer, offset: number, encoding: string, named: string): Decoded {
  const width = WIDTHS[encoding] as (first: number, second: number) => number
  const decoder = new TextDecoder(encoding)
  const starts: number[] = []
  const parts: string[] = []
  for (let at = 0; at < body.length; ) {
    const first = body[at] as number
    const length = first < 0x80 ? 1 : width(first, body[at + 1] ?? 0)
    const character =
      first < 0x80 ? String.fromCharCode(first) : decoder.decode(body.subarray(at, at + length))
    const strange = Array.from(character, (part) => part < '\x80' || part === '\ufffd').includes(true)
    if (character === '' || (first >= 0x80 && strange)) {
      const line = body
        .subarray(0, at)
        .toString('latin1')
        .split(/\r\n|\r|\n/).length
      return lenient(body, offset, { why: `it is not valid ${named}`, line })
    }
    for (let unit = 0; unit < character.length; unit++) starts.push(at)
    parts.push(character)
    at += length
  }
  starts.push(body.length)
  return { text: parts.join(''), map: byTable(starts, offset), encode: asciiOnly, wrong: null }
}

/** One character a byte, so that places stay true. */
const lenient = (body: Buffer, offset: number, wrong: Decoded['wrong']): Decoded => ({
  text: body.toString('latin1'),
  map: byWidth(offset),
  encode: asciiOnly,
  wrong,
})

function brokenLine(body: Buffer, valid: (part: Uint8Array) => boolean): number {
  let line = 1
  for (let at = 0; at < body.length; ) {
    const newline = body.indexOf(10, at)
    const end = newline < 0 ? body.length : newline + 1
    if (!valid(body.subarray(at, end))) break
    at = end
    line++
  }
  return line
}
