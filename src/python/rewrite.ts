import type { Hyperparameter, Patch, Site } from '../domain/detection.ts'
import { HoneError } from '../domain/failure.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { type Dialect, dialectOf } from './rewrite/dialect.ts'
import { applyEdits, type Edit, EditError } from './rewrite/edits.ts'
import { type Change, isLiteralOf, replaced } from './rewrite/replace.ts'
import { type EditableFile, openSource } from './source.ts'

/**
 * The files that a trial's values change: the literals, the literals tied to them, and for a number of layers the
 * patches of the value. Every other byte stays as it is; a value that is unchanged keeps its spelling, a changed one
 * takes over quotes, prefix and the style of the number.
 * @param files the sources of trial 0, by path
 * @param values by hyperparameter name; one without a value stays as it is
 * @throws HoneError `rewrite-mismatch` when a site does not hold the literal of the value that was found there, when a
 * value cannot stand there, and when two changes overlap
 */
export function rewriteFiles(
  files: Record<string, Buffer>,
  hyperparameters: readonly Hyperparameter[],
  values: Record<string, ParameterValue>,
): Record<string, Buffer> {
  const writers = new Map<string, FileWriter>()
  const writerOf = ({ file, start }: Pick<Site, 'file' | 'start'>): FileWriter => {
    const known = writers.get(file)
    if (known) return known
    const bytes = Object.hasOwn(files, file) ? files[file] : undefined
    if (!bytes) throw mismatch(file, start, 'the file is missing')
    const writer = new FileWriter(file, bytes)
    writers.set(file, writer)
    return writer
  }
  for (const hyperparameter of hyperparameters) {
    const { name, value: from, distribution, variants, ties } = hyperparameter
    const to = Object.hasOwn(values, name) ? values[name] : undefined
    if (to === undefined) continue
    const float = distribution.type === 'float'
    if (!variants) writerOf(hyperparameter).literal(hyperparameter, { from, to, float })
    else if (to !== from) {
      const patches = Object.hasOwn(variants, String(to)) ? variants[String(to)] : undefined
      if (!patches) throw mismatch(hyperparameter.file, hyperparameter.start, `${name} cannot be ${to}`)
      for (const patch of patches) writerOf(patch).patch(patch)
    }
    for (const tie of ties) {
      writerOf(tie).literal(tie, { from: times(from, tie.times), to: times(to, tie.times), float })
    }
  }
  const changed: Record<string, Buffer> = {}
  for (const [path, writer] of writers) {
    const rewritten = writer.rewritten()
    if (!rewritten.equals(writer.bytes)) changed[path] = rewritten
  }
  return changed
}

/** Twelve digits: 3 * 0.1 is meant to be 0.3. */
const times = (value: ParameterValue, factor: number): ParameterValue =>
  typeof value === 'number' && factor !== 1 ? Number((value * factor).toPrecision(12)) : value

/** Collects what changes in one file. */
class FileWriter {
  readonly bytes: Buffer
  private readonly path: string
  private readonly file: EditableFile
  private readonly dialect: Dialect
  private readonly literals: Edit[] = []
  private readonly patches: Edit[] = []

  constructor(path: string, bytes: Buffer) {
    this.path = path
    this.bytes = bytes
    this.file = openSource(path, bytes)
    this.dialect = dialectOf(path)
  }

  literal({ start, end }: Pick<Site, 'start' | 'end'>, change: Change): void {
    const { text } = this.file
    const range = start < end ? this.file.locate(start, end) : null
    const place = {
      before: range ? text.slice(Math.max(0, range.start - 3), range.start) : '',
      found: range ? text.slice(range.start, range.end) : '',
      after: range ? text.slice(range.end, range.end + 6) : '',
    }
    if (!isLiteralOf(place, change.from, this.dialect)) {
      const seen = place.found || this.bytes.subarray(start, end).toString('latin1')
      throw mismatch(this.path, start, `expected ${change.from}, found '${seen.slice(0, 40)}'`)
    }
    if (change.to === change.from) return
    const written = replaced(place, change, this.dialect, (text) => this.file.encode(text) !== null)
    const encoded = written === null ? null : this.file.encode(written)
    if (!encoded) throw mismatch(this.path, start, `${change.to} cannot take the place of ${place.found}`)
    this.literals.push({ start, end, pieces: [encoded] })
  }

  patch({ start, end, pieces }: Patch): void {
    const encoded = pieces.map((piece) => {
      const bytes = typeof piece === 'string' ? this.file.encode(piece) : piece
      if (!bytes) throw mismatch(this.path, start, "the file's encoding lacks a character of the new lines")
      return bytes
    })
    this.patches.push({ start, end, pieces: encoded })
  }

  /** @throws HoneError `rewrite-mismatch` */
  rewritten(): Buffer {
    // A number of layers that gives a literal another origin knows more of it than its old tie.
    const taken = new Set(this.patches.map(({ start, end }) => `${start} ${end}`))
    const literals = this.literals.filter(({ start, end }) => !taken.has(`${start} ${end}`))
    try {
      return applyEdits(this.bytes, [...literals, ...this.patches])
    } catch (error) {
      if (error instanceof EditError) throw mismatch(this.path, error.byte, error.message)
      throw error
    }
  }
}

const mismatch = (file: string, byte: number, what: string) =>
  new HoneError({
    kind: 'system',
    code: 'rewrite-mismatch',
    message: `${file} is not the source that was analysed: at byte ${byte}, ${what}.`,
    remedy: 'Hone tries again from the imported commit. If it stays, please report it with the script.',
    file,
  })
