export interface DiffLine {
  kind: 'file' | 'hunk' | 'add' | 'del' | 'same'
  text: string
  /** The part that differs from the line's partner, as `[start, end)`. */
  changed: [number, number] | null
}

const HEADER = /^(diff --git|index |--- |\+\+\+ |new file|deleted file|similarity|rename |old mode|new mode)/

const WORD = /[\w.]/

/** Where two texts differ: after their common beginning and before their common end. */
function differing(a: string, b: string): [number, number, number] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++
  // Whole words and numbers, so that 0.5 -> 0.05 is not read as an inserted 0.
  while (start > 0 && WORD.test(a[start - 1] as string)) start--
  while (end > 0 && WORD.test(a[a.length - end] as string)) end--
  return [start, a.length - end, b.length - end]
}

function markPair(lines: DiffLine[], before: number, after: number): void {
  const old = lines[before] as DiffLine
  const fresh = lines[after] as DiffLine
  const [start, endOld, endNew] = differing(old.text.slice(1), fresh.text.slice(1))
  old.changed = [start + 1, endOld + 1]
  fresh.changed = [start + 1, endNew + 1]
}

/** How many lines of this kind follow from here. */
function lengthOf(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let length = 0
  while (lines[from + length]?.kind === kind) length++
  return length
}

/** A unified diff in lines; as many added lines as were removed before them get what changed marked. Pure. */
export function parseDiff(diff: string): DiffLine[] {
  let inHunk = false
  const lines = diff
    .replace(/\n$/, '')
    .split('\n')
    .map((text): DiffLine => {
      if (text.startsWith('@@')) inHunk = true
      else if (text.startsWith('diff --git')) inHunk = false
      const kind = text.startsWith('@@')
        ? 'hunk'
        : !inHunk && HEADER.test(text)
          ? 'file'
          : text.startsWith('+')
            ? 'add'
            : text.startsWith('-')
              ? 'del'
              : 'same'
      return { kind, text, changed: null }
    })
  for (let at = 0; at < lines.length; at++) {
    const removed = lengthOf(lines, at, 'del')
    const added = lengthOf(lines, at + removed, 'add')
    if (removed === added) for (let n = 0; n < removed; n++) markPair(lines, at + n, at + removed + n)
    at += Math.max(0, removed + added - 1)
  }
  return lines
}
