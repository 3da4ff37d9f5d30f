import type { Readable } from 'node:stream'
import type { Engine } from './engine.ts'
import { FrameSplitter } from './log-frames.ts'

/** Of a container's output, how much the engine may have in its log that was not read yet; far less than a log file. */
const WINDOW_BYTES = 8 * 1024 ** 2
/** A log from which nothing comes for so long has been read to its end. */
const IDLE_MS = 2_000
/** What the engine's log file needs for an entry besides its text. */
const ENTRY_BYTES = 80
const NEWLINE = 10

/** About the bytes in the engine's log file. */
export const sizeInLog = (textBytes: number, entries: number) => textBytes + ENTRY_BYTES * entries

/**
 * Lets a container print no faster than its log is read. The engine itself does not: where the reader of a log is more than
 * one rotated file behind, it misses lines and says nothing. But the engine waits for whoever is attached to the output;
 * so that is read as well, never further ahead of the log than a window, and the container's next write waits.
 * What cannot be known is taken for the best, so that no training ever hangs.
 */
export class OutputPace {
  /** Since when the output is read, as the engine writes times: what was printed before is not counted. */
  readonly from = new Date().toISOString()
  readonly #output: Readable
  readonly #frames = new FrameSplitter()
  readonly #windowBytes: number
  readonly #idleMs: number
  #ahead = 0
  #idle: NodeJS.Timeout | null = null

  /** @param output what the engine sends to whoever is attached, as frames */
  constructor(output: Readable, { windowBytes = WINDOW_BYTES, idleMs = IDLE_MS } = {}) {
    this.#output = output
    this.#windowBytes = windowBytes
    this.#idleMs = idleMs
    output.on('data', (chunk: Buffer) => this.#printed(chunk))
    // Its end or its loss only means that nothing holds the container back.
    output.on('error', () => {})
  }

  /** Something was read of the log. @param bytes by `sizeInLog`, of what was printed since `from` and not read before */
  read(bytes: number): void {
    this.#ahead = Math.max(0, this.#ahead - bytes)
    if (!this.#idle) return
    // Soon: a container that ends waits only two seconds for its last output to be taken.
    if (this.#ahead < 0.9 * this.#windowBytes) this.#goOn()
    else this.#idle.refresh()
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#output.destroy()
  }

  #printed(chunk: Buffer): void {
    this.#frames.push(chunk, (_stream, data, start, end) => {
      this.#ahead += sizeInLog(end - start, newlinesIn(data, start, end))
    })
    if (this.#ahead <= this.#windowBytes || this.#idle) return
    this.#output.pause()
    this.#idle = setTimeout(() => {
      this.#ahead = 0
      this.#goOn()
    }, this.#idleMs)
  }

  #goOn(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#idle = null
    this.#output.resume()
  }
}

/** For a container that runs; null where the engine does not let one attach. */
export async function openPace(engine: Engine, id: string, signal: AbortSignal): Promise<OutputPace | null> {
  const request = {
    method: 'POST' as const,
    path: `/containers/${encodeURIComponent(id)}/attach`,
    query: { stream: '1', stdout: '1', stderr: '1' },
    signal,
    absent: [404, 409],
  }
  const output = await engine.open(`attach to container ${id}`, request).catch(() => null)
  return output && new OutputPace(output)
}

function newlinesIn(data: Buffer, start: number, end: number): number {
  let count = 0
  for (let at = data.indexOf(NEWLINE, start); at >= 0 && at < end; at = data.indexOf(NEWLINE, at + 1)) count++
  return count
}
