import { type Cut, parseNotice } from './log-notice.ts'

/** After the first `seen` lines that carry the time `at`. */
export interface LogPosition {
  at: string
  seen: number
}

export interface LogScan {
  /** Where the whole lines of the head end. */
  headBytes: number
  /** Stored lines after the head and its notice, newline included. */
  tail: string[]
  cut: (Cut & { at: string }) | null
  /** All whole lines that count. */
  bytes: number
  cursor: LogPosition | null
}

const NEWLINE = 10
/** A line's text at most, and its time; the head may end this much before its limit. */
const LONGEST_LINE = 64 * 1024 + 64

/** A stored line, with or without its newline. */
export function splitLine(line: string): { at: string; text: string } {
  const space = line.indexOf(' ')
  const end = line.endsWith('\n') ? -1 : undefined
  return { at: line.slice(0, space), text: line.slice(space + 1, end) }
}

/**
 * What a log file holds, and where to follow on. Where the lines before the last one cannot be counted, because some
 * of the same time were cut, it follows on from the head.
 * @param headLimit bytes that the head may have
 */
export function scanLog(data: Buffer, headLimit: number): LogScan {
  const whole = data.lastIndexOf(NEWLINE) + 1
  let headBytes = 0
  let position = null as LogPosition | null
  const tail: string[] = []
  let cut = null as LogScan['cut']
  let headCursor = null as LogPosition | null
  for (let start = 0; start < whole; ) {
    const end = data.indexOf(NEWLINE, start) + 1
    const line = data.toString('utf8', start, end)
    const { at, text } = splitLine(line)
    const inTail: boolean = tail.length > 0 || cut !== null
    const notice: Cut | null = !inTail && end > headLimit - LONGEST_LINE ? parseNotice(text) : null
    if (notice) {
      cut = { ...notice, at }
      headCursor = position
      position = null
    } else {
      if (inTail || end > headLimit) tail.push(line)
      else headBytes = end
      position = position !== null && position.at === at ? { at, seen: position.seen + 1 } : { at, seen: 1 }
    }
    start = end
  }
  if (cut && (position === null || position.at === cut.at)) {
    return { headBytes, tail: [], cut: null, bytes: headBytes, cursor: headCursor }
  }
  return { headBytes, tail, cut, bytes: whole, cursor: position }
}
