const NEWLINE = 10
const BLOCK_LINES = 1000
const BLOCK_BYTES = 256 * 1024
/** Bytes at the end of what is indexed by which a log that was written anew is told from one that has grown. */
const PRINT_BYTES = 64

/** Some lines of a log that are read together. */
export interface Block {
  /** Number of its first line, counted from 1. */
  line: number
  /** Where it begins, in bytes. */
  start: number
  /** Where the next block begins. */
  end: number
}

/**
 * Where each thousandth line of a log begins, or the first line of each quarter of a megabyte where lines are long. Counts
 * whole lines only, so that a half-written one is looked at again.
 */
export class LineIndex {
  /** Whole lines. */
  lines = 0
  /** Where they end, in bytes. */
  bytes = 0
  /** The last bytes of them. */
  print = Buffer.alloc(0)
  /** How many lines lie before a block, and where it begins. */
  readonly #starts = [{ before: 0, offset: 0 }]

  /**
   * The next bytes of the log, in pieces of any size.
   * @param at where they lie; a first piece begins at `bytes`
   */
  add(data: Buffer, at: number): void {
    let last = -1
    for (let newline = data.indexOf(NEWLINE); newline >= 0; newline = data.indexOf(NEWLINE, newline + 1)) {
      last = newline
      this.lines++
      this.bytes = at + newline + 1
      const { before, offset } = this.#starts.at(-1) as { before: number; offset: number }
      if (this.lines - before >= BLOCK_LINES || this.bytes - offset >= BLOCK_BYTES) {
        this.#starts.push({ before: this.lines, offset: this.bytes })
      }
    }
    if (last >= 0) this.print = Buffer.from(data.subarray(Math.max(0, last + 1 - PRINT_BYTES), last + 1))
  }

  /** The blocks of now, whatever is added later, from the one on that holds a line; none after the last line. */
  blocksFrom(line: number): Block[] {
    if (line > this.lines) return []
    const first = this.#indexOf(line)
    return this.#starts.slice(first).flatMap(({ before, offset }, nth) => {
      const end = this.#starts[first + nth + 1]?.offset ?? this.bytes
      return end > offset ? [{ line: before + 1, start: offset, end }] : []
    })
  }

  #indexOf(line: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle]?.before ?? 0) < line) low = middle
      else high = middle - 1
    }
    return low
  }
}
