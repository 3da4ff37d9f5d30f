/** What a source is broken by that shows in its signs alone, with the line that Python names. */
export type BrokenSign =
  | { kind: 'unclosed'; line: number; sign: string }
  | { kind: 'unmatched'; line: number; sign: string }
  | { kind: 'mismatched'; line: number; sign: string; opened: { line: number; sign: string } }
  | { kind: 'string'; line: number; isLong: boolean }

/** A map, since an object knows names such as `constructor` too. */
const CLOSERS = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])
/** A comment, the beginning of a string with its prefix, a word or number (whose end may look like a prefix), or a bracket. */
const NEXT = /#[^\n]*|((?<!\w)[bBuUfFrRtT]{1,2})?("""|'''|"|')|\w+|[()[\]{}]|\n/g

/**
 * The first string without an end or bracket that closes nothing; else the innermost bracket that is never closed, which Python
 * finds at the end of the file. Pure.
 * @param text with `\n` at the end of its lines
 */
export function brokenSign(text: string): BrokenSign | null {
  const open: { line: number; sign: string }[] = []
  let line = 1
  const next = new RegExp(NEXT)
  for (let match = next.exec(text); match; match = next.exec(text)) {
    const [sign, prefix = '', quote] = match
    if (sign === '\n') line++
    else if (quote !== undefined) {
      const end = endOfString(text, next.lastIndex, quote, /[fFtT]/.test(prefix))
      if (end === null) return { kind: 'string', line, isLong: quote.length === 3 }
      line += linesIn(text, next.lastIndex, end)
      next.lastIndex = end
    } else if (CLOSERS.has(sign)) {
      const opened = open.pop()
      if (!opened) return { kind: 'unmatched', line, sign }
      if (opened.sign !== CLOSERS.get(sign)) return { kind: 'mismatched', line, sign, opened }
    } else if (sign.length === 1 && '([{'.includes(sign)) open.push({ line, sign })
  }
  const last = open.at(-1)
  return last === undefined ? null : { kind: 'unclosed', ...last }
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = from; at < to; at++) if (text[at] === '\n') lines++
  return lines
}

/** A replacement field of a formatted string: `{width}`, `{loss:>10}`. */
interface Field {
  /** Open within its expression. */
  brackets: number
  /** Behind the colon, where quotes are text as they are outside of fields: a fill character may be one. */
  isSpec: boolean
}

/**
 * Where a string ends, behind its last quote; null where it does not. The expression in a replacement field of a formatted
 * string may hold strings with the other quotes.
 */
function endOfString(text: string, from: number, quote: string, isFormatted: boolean): number | null {
  const isLong = quote.length === 3
  const fields: Field[] = []
  for (let at = from; at < text.length; at++) {
    const sign = text[at] as string
    const field = fields.at(-1)
    const isText = field === undefined || field.isSpec
    if (sign === '\\') at++
    else if (text.startsWith(quote, at)) return at + quote.length
    else if (isText && sign === '\n' && !isLong) return null
    else if (isText && isFormatted && sign === '{') {
      if (field === undefined && text[at + 1] === '{') at++
      else fields.push({ brackets: 0, isSpec: false })
    } else if (!isText && (sign === '"' || sign === "'")) {
      const inner = endOfString(text, at + 1, sign, false)
      if (inner === null) return null
      at = inner - 1
    } else if (field !== undefined && follows(field, sign) === 'end') fields.pop()
  }
  return null
}

/** Takes a sign of a field's expression or format into account. @returns 'end' where the sign ends the field */
function follows(field: Field, sign: string): 'end' | null {
  if (sign === '}' && (field.isSpec || field.brackets === 0)) return 'end'
  if (field.isSpec) return null
  if ('([{'.includes(sign)) field.brackets++
  else if (CLOSERS.has(sign)) field.brackets--
  else if (sign === ':' && field.brackets === 0) field.isSpec = true
  return null
}

const named = (sign: string) => `\`${sign}\``

/** What is wrong, and what to do, in words. Pure. */
export function brokenSignWords(broken: BrokenSign): { what: string; remedy: string } {
  const at = `in line ${broken.line}`
  switch (broken.kind) {
    case 'unclosed':
      return { what: `the ${named(broken.sign)} ${at} was never closed`, remedy: 'Close it and push again.' }
    case 'unmatched':
      return { what: `the ${named(broken.sign)} ${at} closes nothing`, remedy: 'Take it out and push again.' }
    case 'mismatched': {
      const { sign, line } = broken.opened
      const what = `the ${named(broken.sign)} ${at} does not close the ${named(sign)} of line ${line}`
      return { what, remedy: 'Correct one of the two and push again.' }
    }
    case 'string':
      return {
        what: `the ${broken.isLong ? 'triple-quoted ' : ''}string that begins ${at} has no end`,
        remedy: 'End it with the quotes that it begins with, and push again.',
      }
  }
}
