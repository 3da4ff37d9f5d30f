import { isUtf8 } from 'node:buffer'
import type { Distribution, Hyperparameter } from '../domain/detection.ts'
import { systemError } from '../domain/failure.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { formatValue, isLiteralOf } from './literal.ts'

/** One literal to replace: bytes of the UTF-8 source, end exclusive. */
export interface Edit {
  start: number
  end: number
  /** What stands there now. */
  from: number | string
  value: ParameterValue
  distribution: Distribution
}

/**
 * Replaces the literals and leaves every other byte as it is. A value equal to the one that stands there keeps its
 * spelling.
 * @throws HoneError `rewrite-mismatch` when the bytes are not the expected literal, or when two edits overlap
 */
export function rewriteSource(source: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = []
  let done = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < done) throw mismatch(`two changes overlap at byte ${edit.start}`)
    const bytes = source.subarray(edit.start, edit.end)
    const present = isUtf8(bytes) ? bytes.toString('utf8') : ''
    if (edit.start >= edit.end || edit.end > source.length || !isLiteralOf(present, edit.from)) {
      throw mismatch(
        `expected ${edit.from} at bytes ${edit.start} to ${edit.end}, found '${present.slice(0, 40)}'`,
      )
    }
    const text = edit.value === edit.from ? present : formatValue(edit.value, edit.distribution)
    parts.push(source.subarray(done, edit.start), Buffer.from(text))
    done = edit.end
  }
  return Buffer.concat([...parts, source.subarray(done)])
}

const mismatch = (what: string) =>
  systemError(
    'rewrite-mismatch',
    `The source is not the one that was analysed: ${what}.`,
    'Hone tries again from the imported commit. If it stays, please report it with the script.',
  )

/**
 * The files that a trial's values change.
 * @param files the sources of trial 0, by path
 * @param values by hyperparameter name; one without a value stays as it is
 */
export function rewriteFiles(
  files: Record<string, Buffer>,
  hyperparameters: readonly Hyperparameter[],
  values: Record<string, ParameterValue>,
): Record<string, Buffer> {
  const changed: Record<string, Buffer> = {}
  for (const file of new Set(hyperparameters.map((parameter) => parameter.file))) {
    const edits = hyperparameters.flatMap((parameter): Edit[] => {
      const value = values[parameter.name]
      if (parameter.file !== file || value === undefined) return []
      return [{ ...parameter, from: parameter.value, value }]
    })
    const source = files[file]
    if (!source && edits.length > 0) throw mismatch(`${file} is missing`)
    if (!source) continue
    const rewritten = rewriteSource(source, edits)
    if (!rewritten.equals(source)) changed[file] = rewritten
  }
  return changed
}
