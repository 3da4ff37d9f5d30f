import type { Evidence } from '../../domain/detection.ts'
import type { Module } from '../names/module.ts'

const TEXT_LIMIT = 200

/** What stands at a place of a file, with what it shows; in a notebook the line is the file's. */
export function evidenceAt(
  module: Module,
  span: { start: number; end: number; line: number },
  why: string,
): Evidence {
  const { file, line } = module.file.place(span.start, span.end)
  const text = (module.lines[span.line - 1] ?? '').trim()
  return { file, line, text: text.slice(0, TEXT_LIMIT), why }
}

/** The same for a whole line, counted from 1 in the text that is analysed. */
export function evidenceAtLine(module: Module, line: number, why: string): Evidence {
  const start = startOfLine(module, line)
  return evidenceAt(module, { start, end: start, line }, why)
}

export function startOfLine(module: Module, line: number): number {
  const { text } = module.file
  let start = 0
  for (let at = 1; at < line; at += 1) {
    const next = /\r\n|\r|\n/g
    next.lastIndex = start
    if (!next.exec(text)) return start
    start = next.lastIndex
  }
  return start
}
