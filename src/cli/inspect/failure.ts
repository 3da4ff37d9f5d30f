import type { Failure } from '../../domain/failure.ts'
import type { Sources } from '../sources.ts'
import { style } from '../style.ts'
import { cut, printable, wrap } from './text.ts'

/** Lines shown before the one that is meant. */
const BEFORE = 2

/** Why a path cannot be analysed: the place, the line itself, and what to do. */
export function failurePage(
  { path, sources, failure }: { path: string; sources: Sources | null; failure: Failure },
  width: number,
): string {
  const message = wrap(printable(failure.message), width - 2)
  const sections = [
    [style.bold(printable(path)), ...message.map((line) => `  ${style.red(line)}`)],
    excerpt(sources, failure, width),
    wrap(printable(failure.remedy), width - 2).map((line) => `  ${line}`),
    ...(failure.code === 'internal' ? [stackLines(failure, width)] : []),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** The lines up to the one that is meant, with its number, and a caret under its first word. */
export function excerpt(
  sources: Sources | null,
  { file, line }: Pick<Failure, 'file' | 'line'>,
  width: number,
) {
  if (file === undefined || line === undefined) return []
  const bytes = sources?.bytes(file)
  if (!bytes || bytes.includes(0)) return [`  ${style.cyan(`${printable(file)}:${line}`)}`]
  const rows = bytes.toString('utf8').split(/\r\n|\r|\n/)
  const first = Math.max(1, line - BEFORE)
  const digits = String(line).length
  const shown = rows.slice(first - 1, line).map((text, index) => {
    const number = first + index
    const row = `${String(number).padStart(digits)} ${style.dim('│')} ${cut(printable(text), width - digits - 7)}`
    return number === line ? `${style.red('>')} ${row}` : `  ${style.dim(row)}`
  })
  return [`  ${style.cyan(`${printable(file)}:${line}`)}`, ...shown.map((row) => `  ${row}`)]
}

const stackLines = ({ detail }: Failure, width: number) =>
  (detail ?? '')
    .split('\n')
    .slice(1, 5)
    .map((line) => `  ${style.dim(cut(printable(line.trim()), width - 2))}`)
