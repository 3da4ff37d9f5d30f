import type { Range } from '../types.ts'

export type Pieces = (string | Range)[]

/** A replacement inside of a range. */
export interface Edit extends Range {
  pieces: Pieces
}

/** A range with some edits in it; those must not overlap. */
export function withEdits(range: Range, edits: readonly Edit[]): Pieces {
  const pieces: Pieces = []
  let at = range.start
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start > at) pieces.push({ start: at, end: edit.start })
    pieces.push(...edit.pieces)
    at = edit.end
  }
  if (range.end > at) pieces.push({ start: at, end: range.end })
  return pieces
}

/** Offset of the first character of the line that an offset is in. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1

/** Offset behind the last character of the line that an offset is in, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset)
  const end = found === -1 ? text.length : found
  return text[end - 1] === '\r' && end > offset ? end - 1 : end
}

/** Offset of the line after the one that an offset is in. */
export function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset)
  return found === -1 ? text.length : found + 1
}

export const indentOf = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? ''

/** The line end of a text, as most of its lines have it. */
export const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

/** Whether nothing else but a comment stands on the lines of a range, and after a comma in front of it. */
export function ownsItsLines(text: string, { start, end }: Range, comma = false): boolean {
  const before = text.slice(lineStart(text, start), start)
  const after = text.slice(end, lineEnd(text, end))
  return /^[ \t]*$/.test(before) && (comma ? /^[ \t]*,?[ \t]*(#.*)?$/ : /^[ \t]*(#.*)?$/).test(after)
}

/** The lines of ranges that own theirs, with the comment over them where it speaks of nothing else. */
export function wholeLines(text: string, { start, end }: Range): Range {
  const to = nextLine(text, end)
  let from = lineStart(text, start)
  const follows = text.slice(to, lineEnd(text, to)).trim()
  const ends = follows === '' || follows.startsWith('#')
  const indent = indentOf(text, start)
  if (ends) {
    for (let at = from; at > 0; ) {
      const above = lineStart(text, at - 1)
      const line = text.slice(above, at)
      if (!line.startsWith(`${indent}#`)) break
      from = above
      at = above
    }
  }
  // Of two empty lines that would meet one goes.
  const blank = (at: number) => text.slice(at, lineEnd(text, at)).trim() === ''
  const meets = from > 0 && blank(lineStart(text, from - 1)) && to < text.length && blank(to)
  return { start: from, end: meets ? nextLine(text, to) : to }
}

/** A name like another that is not yet there: `conv2` -> `conv3`, or `conv2b` where that is taken; `out` -> `out2`. */
export function newName(name: string, taken: ReadonlySet<string>): string {
  const [, numbered = name, letter = 'a'] = /^(.*\d)([b-y])$/.exec(name) ?? []
  const [, stem = name, digits] = /^(.*?)(\d+)$/.exec(name) ?? []
  const next = digits === undefined ? `${name}2` : `${stem}${Number(digits) + 1}`
  if (letter === 'a' && !taken.has(next)) return next
  for (let code = letter.charCodeAt(0) + 1; code <= 122; code++) {
    const lettered = numbered + String.fromCharCode(code)
    if (!taken.has(lettered)) return lettered
  }
  return `${name}_`
}
