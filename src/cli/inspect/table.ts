import type { Distribution, Hyperparameter, Tie } from '../../domain/detection.ts'
import { style } from '../style.ts'
import { cut, cutStart, pad, printable, valueText, widthOf, wrap } from './text.ts'

const GAP = '   '
const INDENT = '  '
const LONGEST_NOW = 14
/** Lines named one by one in a note. */
const LINES_SHOWN = 6

const MARK = '• '

interface Row {
  marked: boolean
  name: string
  now: string
  range: string
  where: string
  notes: string[]
}

/**
 * The hyperparameters as a table: name, present value, what it may become, where it stands; under a row what has to be
 * known about it. Where the ranges were published stands once, below the table.
 * @param marked those to mark
 * @param legend what the mark says
 */
export function hyperparameterTable(
  parameters: readonly Hyperparameter[],
  marked: ReadonlySet<Hyperparameter>,
  legend: string,
  width: number,
): string[] {
  const sources = [...new Set(parameters.map(({ source }) => source).filter(Boolean))]
  const rows = parameters.map((parameter) => ({
    marked: marked.has(parameter),
    ...rowOf(parameter, sources.indexOf(parameter.source) + 1),
  }))
  const widest = (pick: (row: Row) => string, heading: string, most: number) =>
    Math.min(most, Math.max(widthOf(heading), ...rows.map((row) => widthOf(pick(row)))))
  const name = widest((row) => row.name, 'name', Math.floor(width / 4))
  const now = widest((row) => row.now, 'now', LONGEST_NOW)
  const where = widest((row) => row.where, 'where', Math.floor(width / 3))
  const left = width - INDENT.length - name - now - where - 3 * GAP.length
  const range = Math.max(
    12,
    Math.min(
      left,
      widest((row) => row.range, 'may become', left),
    ),
  )
  const heading = [pad('name', name), pad('now', now), pad('may become', range), 'where']
  return [
    INDENT + style.dim(heading.join(GAP)),
    ...rows.flatMap((row) => {
      const ranges = wrap(row.range, range)
      const cells = [
        style.cyan(pad(cut(row.name, name), name)),
        pad(cut(row.now, now), now),
        ranged(ranges[0] ?? '', range),
        cutStart(row.where, where),
      ]
      const under = ' '.repeat(INDENT.length + name + now + 2 * GAP.length)
      return [
        (row.marked ? style.green(MARK) : INDENT) + cells.join(GAP),
        ...ranges.slice(1).map((more) => under + ranged(more, range).trimEnd()),
        ...row.notes.flatMap((note) =>
          wrap(note, width - INDENT.length - name - GAP.length).map(
            (line) => ' '.repeat(INDENT.length + name + GAP.length) + style.dim(line),
          ),
        ),
      ]
    }),
    ...(marked.size > 0 ? ['', ...footnote(MARK, legend, width)] : []),
    ...(sources.length > 0 ? [''] : []),
    ...sources.flatMap((source, index) => footnote(`${INDENT}[${index + 1}] `, printable(source), width)),
  ]
}

/** A range in its width; the mark of its source is no part of it. */
function ranged(text: string, width: number): string {
  const padded = pad(cut(text, width), width)
  return padded.replace(/^(.*?)((?:\[\d+\])? *)$/, (_, range, mark) => style.green(range) + style.dim(mark))
}

function footnote(mark: string, text: string, width: number): string[] {
  const lines = wrap(text, width - mark.length)
  return lines.map((line, index) => style.dim((index === 0 ? mark : ' '.repeat(mark.length)) + line))
}

function rowOf(parameter: Hyperparameter, footnote: number): Omit<Row, 'marked'> {
  const { name, value, distribution, file, line, ties, condition, variants } = parameter
  return {
    name: printable(name),
    now: valueText(value),
    range: rangeText(distribution) + (footnote > 0 ? ` [${footnote}]` : ''),
    where: printable(`${file}:${line}`),
    notes: [
      ...(condition
        ? [`only while ${printable(condition.name)} is ${list(condition.values.map(valueText))}`]
        : []),
      ...(variants ? ['adds or removes whole layers'] : []),
      ...tieNotes(parameter.file, ties),
    ],
  }
}

/** `1e-4 … 0.1 (log)`, `16 … 512`, `adam, sgd` */
export function rangeText(distribution: Distribution): string {
  if (distribution.type === 'categorical') return distribution.choices.map(valueText).join(', ')
  const { low, high, log } = distribution
  return `${valueText(low)} … ${valueText(high)}${log ? ' (log)' : ''}`
}

/** `and lines 12, 40: the next layer takes as many inputs` */
function tieNotes(file: string, ties: readonly Tie[]): string[] {
  const reasons = new Map<string, Tie[]>()
  for (const tie of ties) reasons.set(tie.why, [...(reasons.get(tie.why) ?? []), tie])
  return [...reasons].map(([why, alike]) => {
    const here = [...new Set(alike.filter((tie) => tie.file === file).map(({ line }) => line))]
    const elsewhere = alike
      .filter((tie) => tie.file !== file)
      .map((tie) => `${printable(tie.file)}:${tie.line}`)
    const places = [...(here.length > 0 ? [lines(here)] : []), ...new Set(elsewhere)]
    return `and ${places.join(', ')}${why ? `: ${printable(why)}` : ''}`
  })
}

const lines = (numbers: number[]) => {
  const shown = numbers.slice(0, LINES_SHOWN).join(', ')
  const more = numbers.length > LINES_SHOWN ? ` and ${numbers.length - LINES_SHOWN} more` : ''
  return `${numbers.length === 1 ? 'line' : 'lines'} ${shown}${more}`
}

const list = (items: readonly string[]) => items.join(' or ')
