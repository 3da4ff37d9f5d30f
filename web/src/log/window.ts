/**
 * Rows that a list has at most: of a height that every browser can scroll (Firefox: 17.8 million pixels). A longer log is
 * a list of this many rows that moves along it.
 */
export const MOST_ROWS = 1_040_000
const STEP = 10_000

/** Rows to leave out above, so that the last row is in the list. Pure. */
export const skipForEnd = (count: number) => Math.max(0, Math.ceil((count - MOST_ROWS) / STEP) * STEP)

/** Rows to leave out above, so that a row has as many above as below, as far as there are. Pure. */
export function skipAround(index: number, count: number): number {
  const middle = Math.round((index - MOST_ROWS / 2) / STEP) * STEP
  return Math.max(0, Math.min(middle, skipForEnd(count)))
}
