import type { Detection } from '../domain/detection.ts'
import { type Failure, HoneError, systemError, toFailure, userError } from '../domain/failure.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { isValidPython } from '../python/analyse.ts'
import type { PythonParser } from '../python/parser.ts'
import { rewriteFiles } from '../python/rewrite.ts'
import { failurePage } from './inspect/failure.ts'
import { openParser } from './inspect/grammar.ts'
import { reportOn } from './inspect/report.ts'
import { valueText } from './inspect/text.ts'
import { unifiedDiff } from './rewrite/diff.ts'
import { readAssignments, valuesFor } from './rewrite/values.ts'
import { writeInPlace } from './rewrite/write.ts'
import type { Sources } from './sources.ts'
import { style } from './style.ts'

export interface RewriteOptions {
  set?: string[]
  diff?: boolean
  write?: boolean
}

/** Where the output goes. */
export interface Output {
  out(bytes: Buffer | string): void
  error(text: string): void
  colour: boolean
  columns: number
}

const terminal: Output = {
  out: (bytes) => process.stdout.write(bytes),
  error: (text) => process.stderr.write(text),
  colour: style.isColorSupported && process.stdout.isTTY === true,
  columns: process.stderr.columns || 100,
}

/**
 * Gives hyperparameters other values: the diff, or with `write` the files changed. Several are one rewrite.
 * @returns the exit code: 0 also where nothing changes, 1 when it cannot be done
 * @throws HoneError for a wrong command line: `set-missing`, `set-spelling`, `set-twice`, `diff-or-write`
 */
export async function rewrite(path: string, options: RewriteOptions, output = terminal): Promise<number> {
  if (options.diff && options.write) {
    throw userError('diff-or-write', '--diff and --write exclude each other.', 'Leave one of them out.')
  }
  if (!options.set?.length) {
    throw userError('set-missing', 'No value was given.', 'Give one with `--set NAME=VALUE`.')
  }
  const wanted = readAssignments(options.set)
  const python = await openParser()
  const report = await reportOn(python, path)
  const refuse = (failure: Failure) => {
    output.error(failurePage({ path, sources: report.sources, failure }, Math.min(110, output.columns)))
    return 1
  }
  if ('failure' in report) return refuse(report.failure)
  const { detection, sources } = report
  try {
    const values = valuesFor(detection.hyperparameters, wanted)
    const { before, after } = changed(python, detection, sources, values)
    if (Object.keys(after).length === 0) {
      output.error('Nothing changes: the source has these values already.\n')
      return 0
    }
    if (options.write) {
      writeInPlace(sources.root, before, after)
      output.out(summary(detection, values))
    } else output.out(await unifiedDiff(before, after, output.colour))
    return 0
  } catch (error) {
    if (!(error instanceof HoneError) && typeof (error as { code?: unknown }).code !== 'string') throw error
    return refuse(toFailure(error))
  }
}

/** The files that change, as they are and as they would be. @throws HoneError `rewrite-broken`, `rewrite-mismatch` */
function changed(
  python: PythonParser,
  { hyperparameters }: Detection,
  sources: Sources,
  values: Record<string, ParameterValue>,
) {
  const files = Object.fromEntries(
    sources.files.flatMap(({ path }): [string, Buffer][] => {
      const bytes = sources.bytes(path)
      return bytes ? [[path, bytes]] : []
    }),
  )
  const after = rewriteFiles(files, hyperparameters, values)
  for (const [path, bytes] of Object.entries(after)) {
    if (/\.(py|ipynb)$/.test(path) && !isValidPython(python, path, bytes)) throw broken(path)
  }
  const before = Object.fromEntries(Object.keys(after).map((path) => [path, files[path] as Buffer]))
  return { before, after }
}

const broken = (path: string) =>
  systemError(
    'rewrite-broken',
    `With these values ${path} would not be valid Python; nothing was changed.`,
    'This is a fault of Hone. Please report it with the script and the values.',
  )

function summary({ hyperparameters }: Detection, values: Record<string, ParameterValue>): string {
  return hyperparameters
    .filter(({ name, value }) => Object.hasOwn(values, name) && values[name] !== value)
    .map(({ name, value, file, line }) => {
      const now = style.green(valueText(values[name] as ParameterValue))
      return `${style.cyan(name)} ${valueText(value)} ${style.dim('->')} ${now}  ${style.dim(`${file}:${line}`)}\n`
    })
    .join('')
}
