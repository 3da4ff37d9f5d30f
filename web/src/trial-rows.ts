import type { RunView, TrialSummary } from '../../src/http/contract.ts'
import { restartsOf, trainedMs } from './attempts.ts'

type Cell = number | string | boolean | null

/** What a column of the table of trials holds: `trial`, `state`, `attempts`, `restarts`, `time`, the metric, a hyperparameter. */
export interface Column {
  name: string
  of: (trial: TrialSummary) => Cell
}

/**
 * The columns by which trials are sorted and filtered. Pure.
 * @param metric its name
 * @param last the last value that a trial which did not complete has reported; null where there is none
 * @param now ms since the epoch, for how long a training takes that has not ended
 * @param stateOf the state of a trial as the page words it
 */
export function columnsBy(
  metric: string,
  names: readonly string[],
  last: (trial: number) => number | null,
  now: number,
  stateOf: (trial: TrialSummary) => string,
): Column[] {
  const time = (trial: TrialSummary) =>
    trainedMs(trial.attempts) ?? (trial.startedAt === null ? null : (trial.endedAt ?? now) - trial.startedAt)
  return [
    { name: 'trial', of: ({ number }) => number },
    { name: 'state', of: stateOf },
    { name: metric, of: ({ number, metric }) => metric ?? last(number) },
    ...names.map((name): Column => ({ name, of: ({ values }) => values[name] ?? null })),
    { name: 'attempts', of: ({ attempts }) => attempts.length },
    { name: 'restarts', of: ({ attempts }) => restartsOf(attempts) },
    { name: 'time', of: time },
  ]
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

/**
 * Trials in the order of a column, those without a value last, equal ones by their number. Pure.
 * @param sort a column's name, with `-` before it for the greatest first
 */
export function sorted(
  trials: readonly TrialSummary[],
  columns: readonly Column[],
  sort: string,
): TrialSummary[] {
  const down = sort.startsWith('-')
  const column = columns.find(({ name }) => name === (down ? sort.slice(1) : sort))
  if (!column) return [...trials]
  return [...trials].sort((one, other) => {
    const [a, b] = [column.of(one), column.of(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one.number - other.number
    return (down ? -1 : 1) * compareCells(a, b) || one.number - other.number
  })
}

export type Filter = { test: (trial: TrialSummary) => boolean } | { error: string }

const TERM = /^(.+?)\s*(<=|>=|!=|=|<|>)\s*(.*)$/

/**
 * A filter such as `hidden > 64, activation = relu`: terms with commas between them, which a trial has to meet all. A
 * term without a sign is a text to be found anywhere in the trial. Pure.
 * @returns what is wrong with it, where something is
 */
export function parseFilter(text: string, columns: readonly Column[]): Filter {
  const tests: ((trial: TrialSummary) => boolean)[] = []
  for (const term of text.split(',').map((one) => one.trim())) {
    if (term === '') continue
    const [, name = '', sign = '', wanted = ''] = TERM.exec(term) ?? []
    if (sign === '') {
      tests.push((trial) => textOf(trial, columns).includes(term.toLowerCase()))
      continue
    }
    const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (!column) {
      return { error: `There is no column ${name}: ${columns.map((one) => one.name).join(', ')}.` }
    }
    if (wanted === '') return { error: `${name} ${sign} wants a value after it.` }
    const number = Number(wanted)
    if (/[<>]/.test(sign) && Number.isNaN(number)) {
      return { error: `${name} ${sign} wants a number after it, and ${wanted} is none.` }
    }
    tests.push((trial) => holds(column.of(trial), sign, wanted, number))
  }
  return { test: (trial) => tests.every((test) => test(trial)) }
}

/**
 * What a filter lets through; one that cannot be understood, as while it is typed, leaves the last one that could in force.
 * Pure.
 */
export function filterOf(text: string, good: string, columns: readonly Column[]) {
  const filter = parseFilter(text, columns)
  if ('test' in filter) return { test: filter.test, error: null }
  const before = parseFilter(good, columns)
  return { test: 'test' in before ? before.test : () => true, error: filter.error }
}

function holds(cell: Cell, sign: string, wanted: string, number: number): boolean {
  if (sign === '=' || sign === '!=') {
    const same =
      typeof cell === 'number' && !Number.isNaN(number)
        ? cell === number
        : String(cell).toLowerCase() === wanted.toLowerCase()
    return same === (sign === '=')
  }
  if (typeof cell !== 'number') return false
  if (sign === '<') return cell < number
  if (sign === '>') return cell > number
  return sign === '<=' ? cell <= number : cell >= number
}

const textOf = (trial: TrialSummary, columns: readonly Column[]): string =>
  [
    ...Object.entries(trial.values).flat(),
    trial.origin,
    columns.find(({ name }) => name === 'state')?.of(trial) ?? '',
    trial.pruning ?? '',
    trial.failure?.message ?? '',
  ]
    .join('\n')
    .toLowerCase()

/** What a click on a column's head makes of the order: first up, then down, then as it was. Pure. */
export const nextSort = (name: string, sort: string | null): string | null =>
  sort === name ? `-${name}` : sort === `-${name}` ? null : name

/** `ascending`, `descending` or `none`, as assistive technology is told. Pure. */
export const ariaSort = (name: string, sort: string | null) =>
  sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none'

/** The trials of a list such as `1,4,7` that exist, in its order and each once. Pure. */
export function chosenOf(text: string | null, trials: RunView['trials']): TrialSummary[] {
  const numbers = new Set(
    (text ?? '')
      .split(',')
      .filter((one) => /^\d+$/.test(one))
      .map(Number),
  )
  return [...numbers].flatMap((number) => trials.find((trial) => trial.number === number) ?? [])
}

export interface Compared {
  name: string
  values: Cell[]
}

/** The values of several trials side by side: those that differ, and those that do not. Pure. */
export function compared(trials: readonly Pick<TrialSummary, 'values'>[]): {
  differing: Compared[]
  same: Compared[]
} {
  const names = [...new Set(trials.flatMap(({ values }) => Object.keys(values)))]
  const all = names.map((name) => ({ name, values: trials.map(({ values }) => values[name] ?? null) }))
  const differs = ({ values }: Compared) => values.some((value) => value !== values[0])
  return { differing: all.filter(differs), same: all.filter((one) => !differs(one)) }
}
