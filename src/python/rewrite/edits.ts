/** Replaces the bytes from `start` to `end` (equal for an insertion) by its pieces. */
export interface Edit {
  start: number
  end: number
  /** New bytes, or bytes of the same file with all other edits applied in them. */
  pieces: (Uint8Array | { start: number; end: number })[]
}

/** Edits that do not fit together, or not the file. */
export class EditError extends Error {
  /** Where in the file. */
  readonly byte: number
  constructor(message: string, byte: number) {
    super(message)
    this.byte = byte
  }
}

/** What ranges that copy one another may come to, above the size of the source. */
const GROWTH_LIMIT = 4 * 2 ** 20

/**
 * Applies edits; all bytes outside them stay. An edit inside the range of another one is applied where a piece takes
 * over its bytes, as often as that happens, and is gone where none does. An insertion at the border of a range lies
 * outside of it; insertions at one place come in the order given.
 * @throws EditError for a range outside of the file and for edits that overlap in part or whole
 */
export function applyEdits(source: Uint8Array, edits: readonly Edit[]): Buffer {
  const sorted = [...edits].sort(
    (a, b) => a.start - b.start || Number(b.start === b.end) - Number(a.start === a.end) || b.end - a.end,
  )
  check(source.length, sorted)
  const parts: Uint8Array[] = []
  const active = new Set<Edit>()
  let room = source.length + GROWTH_LIMIT + edits.length

  const take = (count: number, at: number) => {
    room -= count
    if (room < 0) throw new EditError('the changes multiply the file', at)
  }
  const put = (bytes: Uint8Array, at: number) => {
    take(bytes.length, at)
    if (bytes.length > 0) parts.push(bytes)
  }
  const render = (start: number, end: number, whole: boolean) => {
    let done = start
    // A range may come to nothing and still take its time.
    take(sorted.length, start)
    for (const edit of sorted) {
      if (active.has(edit)) continue
      const cutLeft = edit.start < start && edit.end > start && edit.end < end
      const cutRight = edit.start > start && edit.start < end && edit.end > end
      if (cutLeft || cutRight) throw new EditError('a change cuts a range that is copied', edit.start)
      const border = edit.start === edit.end && (edit.start === start || edit.start === end)
      if (edit.start < done || edit.end > end || (border && !whole)) continue
      put(source.subarray(done, edit.start), edit.start)
      active.add(edit)
      for (const piece of edit.pieces) {
        if (piece instanceof Uint8Array) put(piece, edit.start)
        else render(piece.start, piece.end, false)
      }
      active.delete(edit)
      done = edit.end
    }
    put(source.subarray(done, end), end)
  }
  render(0, source.length, true)
  return Buffer.concat(parts)
}

function check(length: number, sorted: readonly Edit[]): void {
  const fits = ({ start, end }: { start: number; end: number }) =>
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= length
  const open: Edit[] = []
  for (const edit of sorted) {
    const known = edit.pieces.every((piece) => piece instanceof Uint8Array || fits(piece))
    if (!known || !fits(edit)) throw new EditError('a change lies outside of the file', edit.start)
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= edit.start) open.pop()
    const outer = open.at(-1)
    if (outer && (edit.end > outer.end || (edit.start === outer.start && edit.end === outer.end))) {
      throw new EditError('two changes overlap', edit.start)
    }
    open.push(edit)
  }
}
