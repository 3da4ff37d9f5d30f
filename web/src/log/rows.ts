/** An attempt in the log of its trial. */
export interface Part {
  /** Of the attempt. */
  id: number
  /** Lines so far. */
  total: number
}

export type Row = { kind: 'mark'; part: number } | { kind: 'line'; part: number; line: number }

/**
 * The rows of a trial's log: the lines of its attempts in their order, and where there are several attempts a mark above
 * each. Rows count from 0, lines from 1. Pure.
 */
export function rowsOf(parts: readonly Part[]) {
  const marks = parts.length > 1 ? 1 : 0
  const starts: number[] = []
  let count = 0
  for (const { total } of parts) {
    starts.push(count)
    count += marks + total
  }
  const marked = new Set(marks > 0 ? starts : [])
  return {
    count,
    isMark: (index: number) => marked.has(index),
    at(index: number): Row {
      const found = starts.findLastIndex((start) => start <= index)
      const part = Math.max(0, found)
      const line = index - (starts[part] ?? 0) - marks + 1
      return line < 1 ? { kind: 'mark', part } : { kind: 'line', part, line }
    },
    /** The row of a line, or of the last before it; of an attempt's beginning for line 0. */
    indexOf(part: number, line: number): number {
      const total = parts[part]?.total ?? 0
      const start = starts[part] ?? 0
      return line < 1 ? start : start + marks + Math.max(0, Math.min(line, total) - 1)
    },
  }
}

export type Rows = ReturnType<typeof rowsOf>

/** The line that an address such as `#L120` names; null for any other. Pure. */
export function lineOf(hash: string): number | null {
  const digits = /^#L(\d{1,9})$/.exec(hash)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** A line of a trial's log. */
export interface Place {
  /** Index of the attempt. */
  part: number
  line: number
}

export const isSame = (a: Place | null, b: Place | null) => a?.part === b?.part && a?.line === b?.line

const isBefore = (a: Place, b: Place) => a.part < b.part || (a.part === b.part && a.line < b.line)

/** The first of some places, in their order, at or after a place; their number when there is none. Pure. */
export function firstFrom(places: readonly Place[], place: Place): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(places[middle] as Place, place)) low = middle + 1
    else high = middle
  }
  return low
}
