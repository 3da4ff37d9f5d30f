const NEWLINE = 10
const SPACE = 32
const BLOCK_BYTES = 256 * 1024

interface Block {
  data: Buffer
  /** Where its lines end. */
  end: number
}

/** The last stored lines within a number of bytes, held as bytes: as strings, short lines need several times as much. */
export class LogTail {
  readonly #limit: number
  /** A line lies within one block. */
  readonly #blocks: Block[] = []
  #spare: Buffer | null = null
  /** Where the first line begins in the first block. */
  #start = 0
  #bytes = 0
  /** What was dropped: bytes of the texts with their newlines, and lines. */
  readonly cut: { bytes: number; lines: number }
  /** The time of the last line that was dropped. */
  cutAt: string

  constructor(limit: number, lines: string[], cut: { bytes: number; lines: number; at: string } | null) {
    this.#limit = limit
    this.cut = { bytes: cut?.bytes ?? 0, lines: cut?.lines ?? 0 }
    this.cutAt = cut?.at ?? ''
    for (const line of lines) this.#add(line, Buffer.byteLength(line))
  }

  /** Memory that it takes, bytes. */
  get allocated(): number {
    return this.#blocks.reduce((sum, { data }) => sum + data.length, this.#spare?.length ?? 0)
  }

  /** @param line with its time and newline @param size its bytes */
  push(line: string, size: number): void {
    this.#add(line, size)
    while (this.#bytes > this.#limit) this.#drop()
  }

  /** The lines, piece by piece; valid until the next `push`. */
  *pieces(): Generator<Buffer> {
    for (const [index, { data, end }] of this.#blocks.entries()) {
      yield data.subarray(index === 0 ? this.#start : 0, end)
    }
  }

  #add(line: string, size: number): void {
    let last = this.#blocks.at(-1)
    if (last === undefined || last.end + size > last.data.length) {
      last = { data: this.#take(size), end: 0 }
      this.#blocks.push(last)
    }
    last.data.write(line, last.end)
    last.end += size
    this.#bytes += size
  }

  #take(size: number): Buffer {
    const spare = this.#spare
    this.#spare = null
    return spare && spare.length >= size ? spare : Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, size))
  }

  #drop(): void {
    const { data, end } = this.#blocks[0] as Block
    const space = data.indexOf(SPACE, this.#start)
    const next = data.indexOf(NEWLINE, space) + 1
    this.cutAt = data.toString('latin1', this.#start, space)
    this.cut.bytes += next - space - 1
    this.cut.lines++
    this.#bytes -= next - this.#start
    this.#start = next
    if (next < end) return
    this.#blocks.shift()
    this.#spare = data.length === BLOCK_BYTES ? data : this.#spare
    this.#start = 0
  }
}
