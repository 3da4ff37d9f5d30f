/** From offsets of a text (UTF-16) to bytes of its file, and back. */
export interface ByteMap {
  byteAt(offset: number): number
  /** Null where no character begins. */
  offsetAt(byte: number): number | null
}

/** One byte a character, after a mark of `base` bytes. */
export const byWidth = (base: number): ByteMap => ({
  byteAt: (offset) => offset + base,
  offsetAt: (byte) => (byte >= base ? byte - base : null),
})

/** @param starts the byte at which each character begins, and the end; not falling */
export const byTable = (starts: ArrayLike<number>, base: number): ByteMap => ({
  byteAt: (offset) => (starts[offset] ?? 0) + base,
  offsetAt(byte) {
    const offset = lowerBound(starts, byte - base)
    return starts[offset] === byte - base ? offset : null
  },
})

const STRIDE = 512

/** UTF-8; the table is made when it is first asked for. */
export function inUtf8(text: string, base: number): ByteMap {
  let marks: Uint32Array | null = null
  const table = () => {
    if (marks) return marks
    marks = new Uint32Array(Math.floor(text.length / STRIDE) + 1)
    for (let offset = 0, bytes = 0; offset <= text.length; offset++) {
      if (offset % STRIDE === 0) marks[offset / STRIDE] = bytes
      bytes += widthAt(text, offset)
    }
    return marks
  }
  return {
    byteAt(offset) {
      const mark = Math.floor(offset / STRIDE)
      let bytes = table()[mark] ?? 0
      for (let at = mark * STRIDE; at < offset; at++) bytes += widthAt(text, at)
      return bytes + base
    },
    offsetAt(byte) {
      const wanted = byte - base
      if (wanted < 0) return null
      const found = lowerBound(table(), wanted)
      const mark = table()[found] === wanted ? found : found - 1
      let bytes = table()[mark] ?? 0
      let at = mark * STRIDE
      while (bytes < wanted && at < text.length) bytes += widthAt(text, at++)
      // The second half of a pair takes no byte of its own.
      while (at > 0 && isLow(text.charCodeAt(at))) at++
      return bytes === wanted ? at : null
    },
  }
}

const isLow = (code: number) => code >= 0xdc00 && code < 0xe000

/** The first half of a surrogate pair counts for both. */
function widthAt(text: string, offset: number): number {
  const code = text.charCodeAt(offset)
  if (!(code >= 0x80)) return 1
  if (code < 0x800) return 2
  if (isLow(code)) return 0
  return code >= 0xd800 && code < 0xdc00 ? 4 : 3
}

/** The first index whose value is at least `wanted`; the length when none is. */
export function lowerBound(values: ArrayLike<number>, wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** Where lines begin in a text whose lines end with `\n`; made when it is first asked for. */
export function linesOf(text: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | null = null
  const table = () => {
    if (starts) return starts
    starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  return (offset) => {
    const line = lowerBound(table(), offset + 1)
    return { line, column: offset - (table()[line - 1] ?? 0) + 1 }
  }
}
