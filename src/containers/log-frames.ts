import type { LogCursor, LogLine } from './executor.ts'

/** A line longer than this comes in pieces. */
export const MAX_LINE_BYTES = 64 * 1024

const HEADER_BYTES = 8
const NEWLINE = 10
const SPACE = 32

type FrameStream = 'stdout' | 'stderr' | 'engine-error'

/** Gets the payload of one frame: the bytes of `data` from `start` to `end`. */
type TakeFrame = (stream: FrameStream, data: Buffer, start: number, end: number) => void

const STREAMS: readonly FrameStream[] = ['stdout', 'stdout', 'stderr', 'engine-error']

/**
 * Takes the engine's multiplexed stream apart: one byte of stream type, three of zero, a big-endian length of four,
 * then the payload. One frame is one entry of the engine's log. (Docker Engine API, "Attach to a container")
 */
export class FrameSplitter {
  #pending: Buffer = Buffer.alloc(0)

  push(chunk: Buffer, take: TakeFrame): void {
    const data = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk
    let at = 0
    while (at + HEADER_BYTES <= data.length) {
      const start = at + HEADER_BYTES
      const end = start + data.readUInt32BE(at + 4)
      if (data.length < end) break
      take(STREAMS[data[at] as number] ?? 'stdout', data, start, end)
      at = end
    }
    this.#pending = data.subarray(at)
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

/** As nearly every entry of a log is. */
const isOneLine = (data: Buffer, start: number, end: number) =>
  end - start <= MAX_LINE_BYTES && data.indexOf(NEWLINE, start) === end - 1

/** Times of the two streams may be this much out of order. */
export const DISORDER_MS = 10_000

/** The last entry of one stream: its time, and where its text lies. */
interface LastEntry {
  time: string
  data: Buffer
  start: number
  end: number
}

/**
 * Frames with timestamps -> lines. Entries of both streams are stamped before they are written, and the parts of one
 * long line carry the time of the first: so times may go back a little. Lines get the latest time seen so far, which
 * makes them never decrease and is the same in every reading from the beginning.
 */
export class LogReader {
  #frames = new FrameSplitter()
  #lines = { stdout: new LineSplitter(), stderr: new LineSplitter() }
  #last: { stdout: LastEntry | null; stderr: LastEntry | null } = { stdout: null, stderr: null }
  readonly #genuine: ReadonlySet<string> | null
  #sameTwice = false
  #at = '1970-01-01T00:00:00.000000000Z'
  /** Of the text that was read: bytes, and entries of the engine's log. */
  textBytes = 0
  entries = 0
  /** What the engine said when it could not read on in its own log. */
  error: string | null = null
  /** Whether a line came in parts: a reading that begins later in the log could then miss some of them. */
  sawParts = false
  /** Whether the engine's clock was set back: what is new then has times that lie before those of what is old. */
  wentBack = false
  /** The time of the entry from which on the stream seems to repeat itself; nothing more is taken from it. */
  repeatsFrom: string | null = null

  /**
   * Where a log has come to its end in a new file, engines before 23 take it for cut short by the rotation, and follow
   * it from the beginning of that file once more. Within one stream times only rise, so that a step back gives it away,
   * or the same entry again; unless the log itself has it, which a second reading tells.
   * @param genuine the times to which the log itself steps back, as found by an earlier reader; null: any
   */
  constructor(genuine: ReadonlySet<string> | null = null) {
    this.#genuine = genuine
  }

  /** In order, the lines that have come to their end. */
  push(chunk: Buffer): LogLine[] {
    const found: LogLine[] = []
    this.#frames.push(chunk, (stream, data, start, end) => {
      if (this.repeatsFrom !== null) return
      if (stream === 'engine-error') {
        this.error = data.toString('utf8', start, end).trim()
        return
      }
      const space = data.indexOf(SPACE, start)
      const at = data.toString('latin1', start, space)
      if (this.#seemsRepeated(stream, { time: at, data, start: space + 1, end })) {
        this.repeatsFrom = at
        return
      }
      this.textBytes += end - space - 1
      this.entries++
      if (at > this.#at) this.#at = at
      else if (at < this.#at) this.wentBack ||= Date.parse(this.#at) - Date.parse(at) > DISORDER_MS
      const lines = this.#lines[stream]
      if (!lines.pending && isOneLine(data, space + 1, end)) {
        found.push({ at: this.#at, text: data.toString('utf8', space + 1, end - 1) })
        return
      }
      for (const text of lines.push(data.subarray(space + 1, end))) found.push({ at: this.#at, text })
      this.sawParts ||= lines.pending
    })
    return found
  }

  #seemsRepeated(stream: 'stdout' | 'stderr', entry: LastEntry): boolean {
    const last = this.#last[stream]
    this.#last[stream] = entry
    if (this.#genuine === null || last === null || entry.time > last.time) return false
    const isSame = entry.time === last.time
    // The parts of a long line carry one time.
    if (isSame && (this.#sameTwice || this.#lines[stream].pending || !isSameText(entry, last))) return false
    if (!this.#genuine.has(entry.time)) return true
    // A clock too coarse to tell two lines apart.
    this.#sameTwice ||= isSame
    return false
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

const isSameText = (one: LastEntry, other: LastEntry) =>
  one.data.compare(other.data, other.start, other.end, one.start, one.end) === 0

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
