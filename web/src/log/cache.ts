import type { LogLinesView, LogLineView } from '../../../src/http/contract.ts'
import { ApiError } from '../api.ts'
import { Listeners } from '../listeners.ts'

/** Lines that are asked for together. */
export const CHUNK = 500
/** Chunks that are kept: some 40,000 lines, far more than a screen. */
const KEPT = 80
const AT_ONCE = 2
const RETRY_MS = 2000

export type ReadLines = (
  attemptId: number,
  window: { from?: number; count: number; whole?: boolean },
) => Promise<LogLinesView>

interface Wish {
  attemptId: number
  from: number
  to: number
}

/**
 * Lines of attempts' logs by number, as far as somebody wants to see them: what is wanted is asked for in chunks, the
 * chunks that were looked at last are kept.
 */
export class LogCache {
  /** Raised whenever something has changed. */
  version = 0
  error: ApiError | null = null
  readonly changed = new Listeners<void>()
  readonly #read: ReadLines
  readonly #totals = new Map<number, number>()
  /** By attempt and number of the chunk, the one that was used last at the end. */
  readonly #chunks = new Map<string, (LogLineView | undefined)[]>()
  readonly #asked = new Set<string>()
  /** The last line of each log, by which one that was written anew is told from one that has grown. */
  readonly #ends = new Map<number, LogLineView>()
  /** Attempts whose log may have grown since it was asked for. */
  readonly #behind = new Set<number>()
  #wishes: readonly Wish[] = []
  #retry: ReturnType<typeof setTimeout> | undefined
  #ended = false

  constructor(read: ReadLines) {
    this.#read = read
  }

  /** Lines of the log as far as it is known; null before the first answer. */
  total = (attemptId: number) => this.#totals.get(attemptId) ?? null

  line(attemptId: number, line: number): LogLineView | undefined {
    return this.#chunks.get(keyOf(attemptId, line))?.[(line - 1) % CHUNK]
  }

  /** What is seen now: what is missing of it is asked for, and what was wanted before is not any more. */
  want(wishes: readonly Wish[]): void {
    this.#ended = false
    this.#wishes = wishes
    for (const { attemptId, from, to } of wishes) {
      for (let line = from; line <= to; line += CHUNK) this.#touch(keyOf(attemptId, line))
      this.#touch(keyOf(attemptId, to))
    }
    this.#ask()
  }

  /**
   * What has been added to a log: its new lines where they are few, else only how many there are. Asked for again where
   * the log may have grown meanwhile, and where there was no answer.
   */
  async grow(attemptId: number): Promise<void> {
    this.#ended = false
    this.#behind.add(attemptId)
    const key = `${attemptId} end`
    if (this.#asked.has(key)) return
    while (this.#behind.delete(attemptId)) {
      const known = this.#totals.get(attemptId)
      const from = known === undefined ? {} : { from: Math.max(1, known) }
      if (await this.#fetch(key, attemptId, { ...from, count: CHUNK })) continue
      this.#behind.add(attemptId)
      return
    }
  }

  /** All of a line that is shown in part. */
  async whole(attemptId: number, line: number): Promise<void> {
    await this.#fetch(`${attemptId} ${line}`, attemptId, { from: line, count: 1, whole: true })
  }

  /** Nobody looks any more: what had no answer is not asked for again. */
  end(): void {
    this.#ended = true
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  #ask(): void {
    if (this.#retry !== undefined) return
    for (const { attemptId, from, to } of this.#wishes) {
      const last = Math.min(to, this.#totals.get(attemptId) ?? 0)
      for (let line = from; line <= last; line++) {
        if (this.#asked.size >= AT_ONCE) return
        const key = keyOf(attemptId, line)
        if (this.line(attemptId, line) !== undefined) continue
        const start = line - ((line - 1) % CHUNK)
        if (!this.#asked.has(key)) void this.#fetch(key, attemptId, { from: start, count: CHUNK })
        line = start + CHUNK - 1
      }
    }
  }

  /** @returns whether there was an answer */
  async #fetch(key: string, attemptId: number, window: Parameters<ReadLines>[1]): Promise<boolean> {
    if (this.#asked.has(key)) return true
    this.#asked.add(key)
    let answer: LogLinesView | null = null
    try {
      answer = await this.#read(attemptId, window)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.error = error
    } finally {
      this.#asked.delete(key)
    }
    if (answer !== null) {
      this.#take(attemptId, answer)
      this.error = null
      this.#ask()
    } else if (!this.#ended) this.#retry ??= setTimeout(() => this.#askAgain(), RETRY_MS)
    this.version++
    this.changed.call()
    return answer !== null
  }

  #askAgain(): void {
    this.#retry = undefined
    for (const attemptId of [...this.#behind]) void this.grow(attemptId)
    this.#ask()
  }

  #take(attemptId: number, { total, from, lines }: LogLinesView): void {
    const known = this.#totals.get(attemptId) ?? 0
    const before = this.#ends.get(attemptId)
    const now = lines[known - from]
    if (total < known || (before && now && !isSame(before, now))) this.#forget(attemptId)
    // It was written anew, or answers have overtaken each other.
    if (total < known) void this.grow(attemptId)
    this.#totals.set(attemptId, total)
    const end = lines[total - from]
    if (end) this.#ends.set(attemptId, end)
    else if (total !== known) this.#ends.delete(attemptId)
    for (const [at, line] of lines.entries()) this.#put(attemptId, from + at, line)
  }

  #put(attemptId: number, number: number, line: LogLineView): void {
    const key = keyOf(attemptId, number)
    const chunk = this.#chunks.get(key) ?? []
    this.#chunks.set(key, chunk)
    const at = (number - 1) % CHUNK
    // A line that is shown as a whole stays so.
    const before = chunk[at]
    if (before === undefined || line.length === undefined) chunk[at] = line
    const [oldest] = this.#chunks.keys()
    if (this.#chunks.size > KEPT && oldest !== undefined) this.#chunks.delete(oldest)
  }

  #touch(key: string): void {
    const chunk = this.#chunks.get(key)
    if (chunk === undefined) return
    this.#chunks.delete(key)
    this.#chunks.set(key, chunk)
  }

  #forget(attemptId: number): void {
    for (const key of this.#chunks.keys()) if (key.startsWith(`${attemptId} `)) this.#chunks.delete(key)
  }
}

/** One of them may be shown in part. */
const isSame = (a: LogLineView, b: LogLineView) =>
  a.at === b.at && (a.text === b.text || a.length !== b.length)

const keyOf = (attemptId: number, line: number) => `${attemptId} #${Math.floor((line - 1) / CHUNK)}`
