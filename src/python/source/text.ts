import type { Site } from '../../domain/detection.ts'
import { type HoneError, userError } from '../../domain/failure.ts'
import { decode } from './encoding.ts'
import { linesOf } from './positions.ts'

/** A file as text. */
export interface SourceFile {
  /** Relative to the repository's root, with `/`. */
  path: string
  /** Without a byte order mark; a carriage return that is alone stands as `\n`. Of a notebook, its code. */
  text: string
  /** Why Python would not run it or Hone does not look at it; the text is then empty, or good enough to look at. */
  problem: HoneError | null
  /** The place in the file of a range of the text (UTF-16 offsets, end exclusive). */
  place(start: number, end: number): Site
}

/** A file whose bytes can be changed. */
export interface EditableFile extends SourceFile {
  /** The range of the text that stands at these bytes; null when they cut a character, or are not in the text. */
  locate(start: number, end: number): { start: number; end: number } | null
  /** New text as bytes of this file, with its line ends; null when its encoding lacks a character. */
  encode(text: string): Buffer | null
}

interface Limits {
  bytes: number
  lines: number
}

/**
 * Any text file. A byte order mark, the encoding and the line ends are looked after; never throws.
 * @param options.cookie whether the file may name its encoding in a coding line (PEP 263)
 */
export function openText(
  path: string,
  bytes: Buffer,
  options: { cookie: boolean; limits: Limits },
): EditableFile {
  const { cookie, limits } = options
  if (bytes.length > limits.bytes) return closed(path, tooLarge(path, bytes.length, limits.bytes))
  const { text: raw, map, encode, wrong } = decode(bytes, cookie)
  const nul = raw.indexOf('\0')
  if (nul >= 0) return closed(path, nulBytes(path, lineAt(raw, nul)))
  const text = raw.includes('\r') ? raw.replaceAll(/\r(?!\n)/g, '\n') : raw
  if (longerThan(text, limits.lines)) return closed(path, tooLong(path, limits.lines))
  const newline = /\r\n|\r|\n/.exec(raw)?.[0] ?? '\n'
  return {
    path,
    text,
    problem: wrong && wrongEncoding(path, wrong.why, wrong.line),
    ...placing(path, text, map),
    encode: (piece) => encode(newline === '\n' ? piece : piece.replaceAll(/\r\n|\n/g, newline)),
  }
}

function placing(path: string, text: string, map: ReturnType<typeof decode>['map']) {
  const positionOf = linesOf(text)
  const clamp = (offset: number) => Math.max(0, Math.min(text.length, offset))
  return {
    place: (start: number, end: number): Site => ({
      file: path,
      ...positionOf(clamp(start)),
      start: map.byteAt(clamp(start)),
      end: map.byteAt(clamp(end)),
    }),
    locate(start: number, end: number) {
      const [first, last] = [map.offsetAt(start), map.offsetAt(end)]
      if (first === null || last === null || first > last || last > text.length) return null
      return { start: first, end: last }
    },
  }
}

/** A file that is not looked into. */
export function closed(path: string, problem: HoneError): EditableFile {
  const site = { file: path, line: problem.failure.line ?? 1, column: 1, start: 0, end: 0 }
  return { path, text: '', problem, place: () => site, locate: () => null, encode: () => null }
}

function longerThan(text: string, limit: number): boolean {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) if (++lines > limit) return true
  return false
}

export const lineAt = (text: string, offset: number) => text.slice(0, offset).split(/\r\n|\r|\n/).length

const megabytes = (bytes: number) => `${Number((bytes / 2 ** 20).toFixed(1))} MiB`

export const tooLarge = (path: string, size: number, limit: number) =>
  userError(
    'source-too-large',
    `${path} is too large to read: ${megabytes(size)}, where ${megabytes(limit)} is the most.`,
    'Move the data out of the source, or split the file.',
    { file: path },
  )

export const tooLong = (path: string, limit: number) =>
  userError(
    'source-too-long',
    `${path} is too long to read: it has more than ${limit} lines.`,
    'Move the data out of the source, or split the file.',
    { file: path, line: limit },
  )

export const nulBytes = (path: string, line: number) =>
  userError(
    'source-nul',
    `${path} holds a NUL character in line ${line}: Python does not run it.`,
    'Save the file again as plain text in UTF-8.',
    { file: path, line },
  )

const wrongEncoding = (path: string, why: string, line: number) =>
  userError(
    'source-encoding',
    `${path} cannot be read as text (line ${line}): ${why}.`,
    path.endsWith('.py')
      ? 'Save the file as UTF-8, or name its encoding in the first line: `# -*- coding: latin-1 -*-`.'
      : 'Save the file as UTF-8.',
    { file: path, line },
  )
