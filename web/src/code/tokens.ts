export type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'name' | 'space' | 'sign'

export interface Token {
  kind: TokenKind
  text: string
}

const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global
  if import in is lambda match nonlocal not or pass raise return try while with yield`.split(/\s+/),
)

/** In this order: what a string opens with comes before the name that its prefix would be. */
const TOKEN =
  /(?<space>\s+)|(?<comment>#.*)|(?<triple>[rbfuRBFU]{0,2}(?:"""|'''))|(?<string>[rbfuRBFU]{0,2}(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?))|(?<number>0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)|(?<name>[^\W\d]\w*)|(?<sign>[\s\S])/uy

/**
 * A line of Python in tokens, which joined give the line again. Pure.
 * @param open the quotes of a string that began on a line before; empty where there is none
 * @returns the tokens, and the quotes of the string that goes on on the next line
 */
export function tokensOf(line: string, open = ''): { tokens: Token[]; open: string } {
  const tokens: Token[] = []
  let at = 0
  let quotes = open
  /** The rest of a string over several lines, up to its quotes or the end of the line. */
  const goOn = (start: number, from: number) => {
    const end = line.indexOf(quotes, from)
    at = end === -1 ? line.length : end + quotes.length
    if (at > start) tokens.push({ kind: 'string', text: line.slice(start, at) })
    if (end !== -1) quotes = ''
  }
  if (quotes !== '') goOn(0, 0)
  while (at < line.length) {
    TOKEN.lastIndex = at
    const groups = TOKEN.exec(line)?.groups ?? {}
    const [name = 'sign', text = line.slice(at)] =
      Object.entries(groups).find(([, one]) => one !== undefined) ?? []
    if (name === 'triple') {
      quotes = text.slice(-3)
      goOn(at, at + text.length)
      continue
    }
    const kind = name === 'name' && KEYWORDS.has(text) ? 'keyword' : (name as TokenKind)
    tokens.push({ kind, text })
    at += text.length
  }
  return { tokens, open: quotes }
}
