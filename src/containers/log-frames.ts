import type { LogCursor, LogLine } from './executor.ts'

/** A line longer than this comes in pieces. */
export const MAX_LINE_BYTES = 64 * 1024

const HEADER_BYTES = 8
const NEWLINE = 10
const SPACE = 32

export interface Frame {
  stream: 'stdout' | 'stderr' | 'engine-error'
  payload: Buffer
}

/**
 * Takes the engine's multiplexed stream apart: one byte of stream type, three of zero, a big-endian length of four,
 * then the payload. One frame is one entry of the engine's log. (Docker Engine API, "Attach to a container")
 */
export class FrameSplitter {
  #pending: Buffer = Buffer.alloc(0);

  *push(chunk: Buffer): Generator<Frame> {
    let data = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk
    while (data.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + data.readUInt32BE(4)
      if (data.length < end) break
      const type = data[0]
      const stream = type === 2 ? 'stderr' : type === 3 ? 'engine-error' : 'stdout'
      yield { stream, payload: data.subarray(HEADER_BYTES, end) }
      data = data.subarray(end)
    }
    this.#pending = data
  }
}

/**
 * Raw output of one stream -> lines. Pieces of a long line are cut at fixed places, never inside a character, so that
 * reading the same log twice gives the same lines.
 */
export class LineSplitter {
  #parts: Buffer[] = []
  #bytes = 0

  /** Whether a line has begun that has not ended. */
  get pending(): boolean {
    return this.#bytes > 0
  }

  *push(data: Buffer): Generator<string> {
    let start = 0
    while (start < data.length) {
      const newline = data.indexOf(NEWLINE, start)
      const end = newline < 0 ? data.length : newline
      yield* this.#add(data.subarray(start, end))
      if (newline < 0) return
      yield this.#take()
      start = newline + 1
    }
  }

  /** The last line, when no newline ended it. */
  *end(): Generator<string> {
    if (this.pending) yield this.#take()
  }

  *#add(data: Buffer): Generator<string> {
    let rest = data
    while (this.#bytes + rest.length > MAX_LINE_BYTES) {
      const whole = Buffer.concat([...this.#parts, rest])
      const cut = characterStart(whole, MAX_LINE_BYTES)
      yield whole.subarray(0, cut).toString('utf8')
      this.#parts = []
      this.#bytes = 0
      rest = whole.subarray(cut)
    }
    if (rest.length === 0) return
    this.#parts.push(rest)
    this.#bytes += rest.length
  }

  #take(): string {
    const text = Buffer.concat(this.#parts).toString('utf8')
    this.#parts = []
    this.#bytes = 0
    return text
  }
}

/** The last place at or before `at` where a UTF-8 character begins. */
function characterStart(data: Buffer, at: number): number {
  for (let place = at; place > at - 4; place--) {
    if (((data[place] ?? 0) & 0xc0) !== 0x80) return place
  }
  return at
}

/**
 * Frames with timestamps -> lines. Entries of both streams are stamped before they are written, and the parts of one
 * long line carry the time of the first: so times may go back a little. Lines get the latest time seen so far, which
 * makes them never decrease and is the same in every reading from the beginning.
 */
export class LogReader {
  #frames = new FrameSplitter()
  #lines = { stdout: new LineSplitter(), stderr: new LineSplitter() }
  #at = '1970-01-01T00:00:00.000000000Z'
  /** What the engine said when it could not read on in its own log. */
  error: string | null = null
  /** Whether a line came in parts: a reading that begins later in the log could then miss some of them. */
  sawParts = false;

  *push(chunk: Buffer): Generator<LogLine> {
    for (const { stream, payload } of this.#frames.push(chunk)) {
      if (stream === 'engine-error') {
        this.error = payload.toString().trim()
        continue
      }
      const space = payload.indexOf(SPACE)
      const at = payload.subarray(0, space).toString('latin1')
      if (at > this.#at) this.#at = at
      for (const text of this.#lines[stream].push(payload.subarray(space + 1))) yield { at: this.#at, text }
      this.sawParts ||= this.#lines[stream].pending
    }
  }

  /** Lines that no newline ended. Only at the end of the container: in the middle more of them may come. */
  *end(): Generator<LogLine> {
    for (const lines of [this.#lines.stdout, this.#lines.stderr]) {
      for (const text of lines.end()) yield { at: this.#at, text }
    }
    if (this.error !== null) {
      yield { at: this.#at, text: `[hone] the engine could not read on in its log: ${this.error}` }
    }
  }
}

/** Drops the lines that lie before a cursor, and keeps the cursor at the last line that passed. */
export class CursorFilter {
  #from: LogCursor | null
  #skipped = 0
  cursor: LogCursor | null

  constructor(from: LogCursor | null) {
    this.#from = from
    this.cursor = from
  }

  passes({ at }: LogLine): boolean {
    const from = this.#from
    if (from !== null && (at < from.at || (at === from.at && this.#skipped < from.seen))) {
      if (at === from.at) this.#skipped++
      return false
    }
    this.cursor = this.cursor?.at === at ? { at, seen: this.cursor.seen + 1 } : { at, seen: 1 }
    return true
  }
}
