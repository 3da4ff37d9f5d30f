/** What is wrong with a JSON text, and where. */
export class JsonError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** A scalar of a JSON text: offsets of its characters, a string's with its quotes. */
export interface JsonScalar {
  kind: 'string' | 'number' | 'word'
  start: number
  end: number
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** With the three that Python writes and JSON does not have. */
const WORD = /true|false|null|NaN|-?Infinity/y
const SPACE = /[ \t\r\n]*/y

/**
 * Reads JSON in one pass, keeping offsets; what is not asked for is skipped without being kept, so that a notebook's
 * outputs cost little. All methods throw JsonError.
 */
export class JsonCursor {
  private readonly text: string
  private readonly depthLimit: number
  private at = 0
  private depth = 0
  /** The next line end at or after the place that was last asked for. */
  private newline = -1

  constructor(text: string, depthLimit: number) {
    this.text = text
    this.depthLimit = depthLimit
    this.space()
  }

  /** The first character of the next value: `{`, `[`, `"`, or another of a number or word. */
  peek(): string {
    return this.text[this.at] ?? ''
  }

  /** Calls `member` for each; it has to read or skip the value. */
  object(member: (key: string) => void): void {
    this.list('{', '}', () => {
      const key = this.string()
      this.expect(':')
      member(stringValue(this.text, key))
    })
  }

  /** Calls `item` for each; it has to read or skip the value. */
  array(item: (index: number) => void): void {
    let index = 0
    this.list('[', ']', () => item(index++))
  }

  scalar(): JsonScalar {
    if (this.peek() === '"') return this.string()
    for (const [kind, pattern] of [
      ['word', WORD],
      ['number', NUMBER],
    ] as const) {
      pattern.lastIndex = this.at
      const start = this.at
      if (!pattern.test(this.text)) continue
      this.at = pattern.lastIndex
      const end = this.at
      this.space()
      return { kind, start, end }
    }
    throw this.error('a value is missing')
  }

  string(): JsonScalar {
    const start = this.at
    if (this.peek() !== '"') throw this.error('a text in double quotes is missing')
    let quote = this.text.indexOf('"', start + 1)
    while (quote >= 0 && this.isEscaped(quote, start)) quote = this.text.indexOf('"', quote + 1)
    if (this.newline < start) {
      this.newline = this.text.indexOf('\n', start)
      if (this.newline < 0) this.newline = this.text.length
    }
    if (quote < 0 || this.newline < quote) throw this.error('a text has no closing quote')
    this.at = quote + 1
    this.space()
    return { kind: 'string', start, end: quote + 1 }
  }

  skip(): void {
    const first = this.peek()
    if (first === '[') this.list('[', ']', () => this.skip())
    else if (first !== '{') this.scalar()
    else {
      this.list('{', '}', () => {
        this.string()
        this.expect(':')
        this.skip()
      })
    }
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.at < this.text.length) throw this.error('something follows the end')
  }

  private list(open: string, close: string, item: () => void): void {
    this.expect(open)
    if (++this.depth > this.depthLimit) throw this.error(`more than ${this.depthLimit} levels`)
    if (this.peek() !== close) {
      for (;;) {
        item()
        if (this.peek() !== ',') break
        this.expect(',')
      }
    }
    this.expect(close)
    this.depth--
  }

  private isEscaped(quote: number, start: number): boolean {
    let at = quote - 1
    while (at > start && this.text[at] === '\\') at--
    return (quote - 1 - at) % 2 === 1
  }

  private expect(character: string): void {
    if (this.peek() !== character) throw this.error(`\`${character}\` is missing`)
    this.at++
    this.space()
  }

  private space(): void {
    const code = this.text.charCodeAt(this.at)
    if (code > 32) return
    SPACE.lastIndex = this.at
    SPACE.test(this.text)
    this.at = SPACE.lastIndex
  }

  private error(what: string): JsonError {
    return new JsonError(what, Math.min(this.at, this.text.length))
  }
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** @throws JsonError for an escape that JSON does not have */
export function stringValue(text: string, { start, end }: JsonScalar): string {
  const inner = text.slice(start + 1, end - 1)
  return inner.includes('\\') ? decodeString(text, start, end).value : inner
}

/**
 * The value of a string token, and at which offset of the JSON text each of its UTF-16 units begins.
 * @param start of the opening quote
 * @param end after the closing quote
 * @throws JsonError for an escape that JSON does not have
 */
export function decodeString(text: string, start: number, end: number): { value: string; starts: number[] } {
  const parts: string[] = []
  const starts: number[] = []
  for (let at = start + 1; at < end - 1; ) {
    starts.push(at)
    const character = text[at] as string
    if (character !== '\\') {
      parts.push(character)
      at++
      continue
    }
    const letter = text[at + 1] ?? ''
    const hex = letter === 'u' ? text.slice(at + 2, at + 6) : null
    if (hex === null ? !(letter in ESCAPES) : !/^[0-9a-fA-F]{4}$/.test(hex)) {
      throw new JsonError(`\`\\${letter}\` is no escape of JSON`, at)
    }
    parts.push(hex === null ? (ESCAPES[letter] as string) : String.fromCharCode(Number.parseInt(hex, 16)))
    at += hex === null ? 2 : 6
  }
  return { value: parts.join(''), starts }
}
