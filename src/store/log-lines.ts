import { type Block, LineIndex } from './line-index.ts'
import { splitLine } from './log-scan.ts'
import { type LogSource, openLogSource } from './log-source.ts'

const PIECE_BYTES = 256 * 1024
/** Logs whose index is kept; one of a million lines takes some 50 kB. */
const KEPT = 32

export interface StoredLine {
  /** When it was printed, as the engine told. */
  at: string
  text: string
}

export interface LogWindow {
  /** Number of the first line, counted from 1. */
  from: number
  lines: StoredLine[]
  /** Whole lines of the log. */
  total: number
}

export interface LogSearch {
  /** The first line to look at, counted from 1. */
  from: number
  /** How many lines before that one are looked at, though never found: for what a line means by those before it. */
  before?: number | undefined
  /** How many lines to find at most. */
  limit: number
  /** Whether some lines together, newlines and times among them, may hold one that is looked for. Must not say no wrongly. */
  mayHold(text: string): boolean
  /** Asked for each line, in order, of those lines that may. */
  isHit(text: string): boolean
  /** Asked now and then; a search that nobody waits for ends. */
  goOn?(): boolean
}

export interface LogHits {
  /** Numbers of lines. */
  hits: number[]
  /** Where to look on when `limit` was reached; null when all was looked at. */
  next: number | null
  /** The last line that was looked at. */
  through: number
}

interface Entry {
  index: LineIndex
  /** The index is brought up to date by one reader at a time. */
  busy: Promise<unknown>
}

/** Lines of logs by their numbers, and what is found in them. What a log has grown by since is read once. */
export class LogLines {
  readonly #entries = new Map<string, Entry>()

  /**
   * Whole lines from a number on; none when there is no log.
   * @param from counted from 1; without it the last `count` lines
   */
  async read(
    path: string,
    { from, count }: { from?: number | undefined; count: number },
  ): Promise<LogWindow> {
    const found = await this.#use(path, async (log, index) => {
      const total = index.lines
      const first = Math.max(1, from ?? total - count + 1)
      const lines: StoredLine[] = []
      for (const block of index.blocksFrom(first)) {
        const skipped = Math.max(0, first - block.line)
        const texts = (await textOf(log, block)).split('\n').slice(0, -1)
        lines.push(...texts.slice(skipped, skipped + count - lines.length).map(splitLine))
        if (lines.length >= count) break
      }
      return { from: first, lines, total }
    })
    return found ?? { from: from ?? 1, lines: [], total: 0 }
  }

  /** Numbers of the lines that are looked for, in order. */
  async search(path: string, { from, before = 0, limit, mayHold, isHit, goOn }: LogSearch): Promise<LogHits> {
    const found = await this.#use(path, async (log, index): Promise<LogHits> => {
      // The index grows while the blocks are read, for other readers of the log; this one knows the log as it was opened.
      const total = index.lines
      const hits: number[] = []
      if (from > total) return { hits, next: null, through: total }
      const first = Math.max(1, from - before)
      for (const block of index.blocksFrom(first)) {
        const next = Math.max(block.line, from)
        if (goOn?.() === false) return { hits, next, through: next - 1 }
        const text = await textOf(log, block)
        if (!mayHold(text)) continue
        for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
          const number = block.line + at
          if (number < first || !isHit(splitLine(line).text) || number < from) continue
          hits.push(number)
          if (hits.length >= limit) {
            return { hits, next: number < total ? number + 1 : null, through: number }
          }
        }
      }
      return { hits, next: null, through: total }
    })
    return found ?? { hits: [], next: null, through: 0 }
  }

  /** With the log and an index that knows all of it; null when there is no log. */
  async #use<T>(path: string, work: (log: LogSource, index: LineIndex) => Promise<T>): Promise<T | null> {
    const log = await openLogSource(path)
    if (!log) {
      this.#entries.delete(path)
      return null
    }
    try {
      const entry = this.#entries.get(path) ?? { index: new LineIndex(), busy: Promise.resolve() }
      this.#entries.delete(path)
      this.#entries.set(path, entry)
      const [oldest] = this.#entries.keys()
      if (this.#entries.size > KEPT && oldest !== undefined) this.#entries.delete(oldest)
      const ready = entry.busy.then(() => bringUpToDate(entry, log))
      entry.busy = ready.catch(() => {})
      await ready
      return await work(log, entry.index)
    } finally {
      await log.close()
    }
  }
}

async function bringUpToDate(entry: Entry, log: LogSource): Promise<void> {
  if (!(await isContinued(entry.index, log))) entry.index = new LineIndex()
  const { index } = entry
  for (let at = index.bytes; at < log.size; ) {
    const data = await log.read(at, Math.min(PIECE_BYTES, log.size - at))
    if (data.length === 0) return
    index.add(data, at)
    at += data.length
  }
}

/** Whether the log still is what the index knows, or that and more. */
async function isContinued({ bytes, print }: LineIndex, log: LogSource): Promise<boolean> {
  if (log.size < bytes) return false
  return print.equals(await log.read(bytes - print.length, print.length))
}

const textOf = async (log: LogSource, { start, end }: Block) =>
  (await log.read(start, end - start)).toString('utf8')
