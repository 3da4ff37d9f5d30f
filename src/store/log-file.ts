import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expandLog } from './log-gzip.ts'
import { cutNotice } from './log-notice.ts'
import { type LogPosition, scanLog, splitLine } from './log-scan.ts'
import { LogTail } from './log-tail.ts'

export { compressLog } from './log-gzip.ts'
export { readLog, readTail } from './log-read.ts'

const FLUSH_AFTER_MS = 200
const FLUSH_AT_BYTES = 256 * 1024

/**
 * The log of one attempt on disk. Each line is stored as `<time> <text>`, so the file is its own cursor: after a
 * crash it is opened again and followed on from its last line.
 *
 * A log over its limit keeps its first half of the limit and its end; in between a line says what was cut. The end is
 * held in memory until `close`; after a crash it is read again from the engine.
 */
export class LogFile {
  /** The last line that the file holds; null when it holds none. */
  cursor: LogPosition | null
  /** Size of the file, with what is not yet written. */
  bytes: number
  readonly #handle: FileHandle
  readonly #limit: number
  readonly #tail: LogTail
  #headFull: boolean
  /** Where the head ends in the file. */
  #headBytes: number
  #tailChanged = false
  #pending: string[] = []
  #pendingBytes = 0
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #error: unknown = null
  #closed = false

  /** Use `openLogFile`. */
  constructor(handle: FileHandle, limit: number, scan: Awaited<ReturnType<typeof scanLog>>) {
    this.#handle = handle
    this.#limit = limit
    this.#tail = new LogTail(tailLimit(limit), scan.tail, scan.cut)
    this.#headFull = scan.tail.length > 0
    this.#headBytes = scan.headBytes
    this.bytes = scan.bytes
    this.cursor = scan.cursor
  }

  /** Whether the file lacks lines until `close`. */
  get isHolding(): boolean {
    return this.#tailChanged && !this.#closed
  }

  /** The texts of the lines that the file held when it was opened. */
  async *stored(): AsyncGenerator<string> {
    const end = this.bytes
    let rest = Buffer.alloc(0)
    for (let at = 0; at < end; ) {
      const piece = Buffer.alloc(Math.min(FLUSH_AT_BYTES, end - at))
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, at)
      if (bytesRead === 0) return
      at += bytesRead
      const data = Buffer.concat([rest, piece.subarray(0, bytesRead)])
      const newline = data.lastIndexOf(10)
      rest = data.subarray(newline + 1)
      if (newline < 0) continue
      for (const line of data.subarray(0, newline).toString().split('\n')) yield splitLine(line).text
    }
  }

  /** @throws what went wrong with an earlier line, such as a full disk */
  append({ at, text }: { at: string; text: string }): void {
    if (this.#error) throw this.#error
    const line = `${at} ${text}\n`
    const size = Buffer.byteLength(line)
    this.cursor = this.cursor?.at === at ? { at, seen: this.cursor.seen + 1 } : { at, seen: 1 }
    if (this.#headFull || this.#headBytes + size > headLimit(this.#limit)) {
      this.#headFull = true
      this.#tailChanged = true
      this.#tail.push(line, size)
      return
    }
    this.#headBytes += size
    this.bytes = this.#headBytes
    this.#pending.push(line)
    this.#pendingBytes += size
    if (this.#pendingBytes >= FLUSH_AT_BYTES) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS)
  }

  /** Writes all that is left. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#flush()
      await this.#writing
      if (this.#error) throw this.#error
      if (this.#tailChanged) await this.#writeTail()
    } finally {
      await this.#handle.close()
    }
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const data = this.#pending.join('')
    this.#pending = []
    this.#pendingBytes = 0
    if (data === '') return
    this.#writing = this.#writing
      // Nothing may follow a line that could not be written: whoever opens the file next goes on behind its last one.
      .then(() => (this.#error ? undefined : this.#handle.appendFile(data)))
      .catch((error: unknown) => {
        this.#error ??= error
      })
  }

  async #writeTail(): Promise<void> {
    await this.#handle.truncate(this.#headBytes)
    const { cut, cutAt } = this.#tail
    const notice = cut.lines > 0 ? `${cutAt} ${cutNotice(cut, this.#limit)}\n` : ''
    await this.#handle.appendFile(notice)
    this.bytes = this.#headBytes + Buffer.byteLength(notice)
    for (const piece of this.#tail.pieces()) {
      await this.#handle.appendFile(piece)
      this.bytes += piece.length
    }
  }
}

/** The head is half of the limit; the notice takes its room from the tail. */
const headLimit = (limit: number) => Math.floor(limit / 2)
const NOTICE_BYTES = 160
const tailLimit = (limit: number) => Math.max(0, limit - headLimit(limit) - NOTICE_BYTES)

/**
 * Opens or makes a log. A half-written last line is cut off.
 * @param limitBytes what the file may hold, times included
 */
export async function openLogFile(path: string, limitBytes: number): Promise<LogFile> {
  await mkdir(dirname(path), { recursive: true })
  if (!existsSync(path)) await expandLog(path)
  const handle = await open(path, 'a+')
  try {
    const scan = scanLog(await handle.readFile(), headLimit(limitBytes))
    await handle.truncate(scan.bytes)
    return new LogFile(handle, limitBytes, scan)
  } catch (error) {
    await handle.close()
    throw error
  }
}
