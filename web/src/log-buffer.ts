export const MAX_LINES = 5000
/** A longer line is cut for display; the download has it whole. */
const MAX_LINE = 5000

export interface LogBuffer {
  /** The last one may still grow. */
  lines: readonly string[]
  /** Lines that were taken off at the front. */
  dropped: number
}

export const emptyLog: LogBuffer = { lines: [''], dropped: 0 }

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' colour codes begin with ESC
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g

/** A line as a terminal leaves it: what stands after a carriage return replaces what stood before. */
function settle(line: string): string {
  const parts = line.split('\r')
  const last = parts.findLast((part) => part !== '') ?? ''
  return last.replace(ANSI, '')
}

/** Adds text to a log, keeping at most the last `MAX_LINES` lines. Pure. */
export function appendLog(log: LogBuffer, text: string): LogBuffer {
  if (text === '') return log
  const added = text.split('\n')
  added[0] = (log.lines.at(-1) ?? '') + added[0]
  const last = added.length - 1
  const fresh = added.map((line, index) => (index === last ? line.slice(-MAX_LINE) : line.slice(0, MAX_LINE)))
  const lines = [...log.lines.slice(0, -1), ...fresh]
  const dropped = Math.max(0, lines.length - MAX_LINES)
  return { lines: lines.slice(dropped), dropped: log.dropped + dropped }
}

export const logText = (log: LogBuffer) => log.lines.map(settle).join('\n')
