import { splitLine } from './log-scan.ts'
import { type LogSource, openLogSource } from './log-source.ts'

const NEWLINE = 10
const PIECE_BYTES = 64 * 1024

export interface LogPiece {
  /** Whole lines, each with its newline, without their times. */
  text: string
  /** Offset of the next piece. */
  next: number
}

/**
 * About `limit` bytes of a log from a byte offset of the file on: always whole lines, and at least one where there is
 * one. Empty at the end, and when there is no file.
 */
export async function readLog(
  path: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<LogPiece> {
  const log = await openLogSource(path)
  if (!log) return { text: '', next: 0 }
  try {
    const { size } = log
    const start = await lineStart(log, Math.min(offset, size))
    let data = Buffer.alloc(0)
    let end = 0
    for (let wanted = limit; end === 0 && start + data.length < size; wanted = PIECE_BYTES) {
      data = Buffer.concat([data, await log.read(start + data.length, wanted)])
      end = data.lastIndexOf(NEWLINE) + 1
    }
    return { text: withoutTimes(data.subarray(0, end)).join(''), next: start + end }
  } finally {
    await log.close()
  }
}

/** The texts of the last `count` lines, oldest first; none when there is no file. */
export async function readTail(path: string, count: number): Promise<string[]> {
  const log = await openLogSource(path)
  if (!log) return []
  try {
    const { size } = log
    let start = size
    let data = Buffer.alloc(0)
    while (start > 0 && newlines(data) <= count) {
      const length = Math.min(PIECE_BYTES, start)
      start -= length
      data = Buffer.concat([await log.read(start, length), data])
    }
    const end = data.lastIndexOf(NEWLINE) + 1
    const first = start === 0 ? 0 : data.indexOf(NEWLINE) + 1
    const lines = withoutTimes(data.subarray(first, end))
    return count === 0 ? [] : lines.slice(-count).map((line) => line.slice(0, -1))
  } finally {
    await log.close()
  }
}

/** Texts of stored lines, with their newlines. */
function withoutTimes(data: Buffer): string[] {
  const lines = data.toString('utf8').split('\n').slice(0, -1)
  return lines.map((line) => `${splitLine(line).text}\n`)
}

function newlines(data: Buffer): number {
  let count = 0
  for (let at = data.indexOf(NEWLINE); at >= 0; at = data.indexOf(NEWLINE, at + 1)) count++
  return count
}

/** The beginning of the first line at or after an offset. */
async function lineStart(log: LogSource, offset: number): Promise<number> {
  for (let at = Math.max(0, offset - 1); offset > 0; ) {
    const data = await log.read(at, PIECE_BYTES)
    if (data.length === 0) return at
    const newline = data.indexOf(NEWLINE)
    if (newline >= 0) return at + newline + 1
    at += data.length
  }
  return 0
}
