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
