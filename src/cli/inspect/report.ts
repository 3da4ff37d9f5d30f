import { applyHints } from '../../domain/apply-hints.ts'
import type { Detection, Evidence } from '../../domain/detection.ts'
import { type Failure, HoneError } from '../../domain/failure.ts'
import { settleForbidden } from '../../domain/forbidden.ts'
import { analyse } from '../../python/analyse.ts'
import type { PythonParser } from '../../python/parser.ts'
import { loadSources, type Sources } from '../sources.ts'

export interface Analysed {
  path: string
  sources: Sources
  detection: Detection
  /** Of the analysis alone. */
  milliseconds: number
  /** Of Python, read by it. */
  lines: number
}

/** What came out for one path; `sources` is null where nothing could be read. */
export type Report = Analysed | { path: string; sources: Sources | null; failure: Failure }

/** Never throws: a bug in the analysis is this path's failure `internal`. */
export async function reportOn(python: PythonParser, path: string): Promise<Report> {
  let sources: Sources | null = null
  try {
    sources = await loadSources(path)
    const counting = counted(python)
    const began = performance.now()
    const found = analyse(counting.parser, sources.files, sources.hints)
    const { hyperparameters, leftAlone, fixed } = applyHints(
      found.hyperparameters,
      found.leftAlone,
      sources.hints.hyperparameters,
    )
    settleForbidden(sources.hints.forbidden ?? [], hyperparameters, found.hyperparameters, fixed)
    const evidence = sources.script === null ? found.evidence : found.evidence.filter(isSeen)
    const detection = { ...found, evidence, hyperparameters, leftAlone }
    const milliseconds = performance.now() - began
    return { path, sources, detection, milliseconds, lines: counting.lines() }
  } catch (error) {
    return { path, sources, failure: failureOf(error) }
  }
}

/** A script that was named on the command line is the entry for that reason; no hone.yaml says so. */
const isSeen = ({ file, text }: Evidence) => !/^hone\.ya?ml$/.test(file) || !text.startsWith('entry:')

/** The parser, and how many lines it has read. */
function counted(python: PythonParser) {
  let lines = 0
  const parser: PythonParser = {
    parse(file) {
      lines += file.text.split('\n').length
      return python.parse(file)
    },
  }
  return { parser, lines: () => lines }
}

function failureOf(error: unknown): Failure {
  if (error instanceof HoneError) return error.failure
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  return {
    kind: 'system',
    code: 'internal',
    message: `Hone failed on it: ${message || 'it gave no reason'}.`,
    remedy: 'This is a fault of Hone. Please report it with the script.',
    detail: stack,
  }
}
