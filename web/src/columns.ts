import type { OutlookView, TrialSummary } from '../../src/http/contract.ts'

/** A table with more columns of values than this is hard to read. */
const MOST = 6

/** `next`, or `before` itself while the names in it are the same: what was drawn with it need not be drawn again. Pure. */
export const sameNames = (before: readonly string[], next: readonly string[]): readonly string[] =>
  before.length === next.length && before.every((name, index) => name === next[index]) ? before : next

/**
 * The hyperparameters that the table of trials has a column for, in the order of the source: all while they are few; else
 * those that vary, and of too many of these the most important. Pure.
 * @returns their names, and how many that vary are left out
 */
export function columnsOf(
  trials: readonly Pick<TrialSummary, 'values'>[],
  importance: OutlookView['importance'],
): { columns: string[]; left: number } {
  const names = [...new Set(trials.flatMap(({ values }) => Object.keys(values)))]
  if (names.length <= MOST) return { columns: names, left: 0 }
  const first = trials[0]?.values ?? {}
  const varied = names.filter((name) =>
    trials.some(({ values }) => name in values && values[name] !== first[name]),
  )
  const shareOf = (name: string) => importance.find((one) => one.name === name)?.share ?? 0
  const shown = new Set([...varied].sort((a, b) => shareOf(b) - shareOf(a)).slice(0, MOST))
  return { columns: varied.filter((name) => shown.has(name)), left: varied.length - shown.size }
}
