const HUNK = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/
const FILE = /^(?:\+\+\+|---) (?:[ab]\/)?(.*?)\t?$/
const MOST_LINES = 60
const MOST_CHARACTERS = 6000

/**
 * The changed lines of a diff alone, each group under its place in the source before the change. Pure.
 * @returns `cut`: some of them are left out
 */
export function changedLines(diff: string): { text: string; cut: boolean } {
  const lines: string[] = []
  let path = ''
  let line: number | null = null
  let left = { before: 0, after: 0 }
  let isIn = false
  for (const text of diff.split('\n')) {
    const isCounted = left.before + left.after > 0
    const hunk = HUNK.exec(text)
    const file = FILE.exec(text)?.[1]
    if (!isCounted && hunk) {
      line = Number(hunk[1])
      left = { before: Number(hunk[2] ?? 1), after: Number(hunk[3] ?? 1) }
      isIn = false
    } else if (!isCounted && file !== undefined) {
      path = file === '/dev/null' ? path : file
      line = null
      isIn = false
    } else if (text.startsWith('+') || text.startsWith('-')) {
      if (!isIn && path !== '') lines.push(`${path}${line === null ? '' : `:${line}`}`)
      isIn = true
      lines.push(text)
      if (text.startsWith('-')) {
        left.before -= 1
        line = line === null ? null : line + 1
      } else left.after -= 1
    } else if (text.startsWith(' ') || (isCounted && text === '')) {
      left = { before: left.before - 1, after: left.after - 1 }
      line = line === null ? null : line + 1
      isIn = false
    } else if (text.startsWith('Binary files')) lines.push(text)
  }
  return bounded(lines)
}

function bounded(lines: readonly string[]): { text: string; cut: boolean } {
  const all = lines.join('\n')
  const text = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS)
  return { text, cut: text.length < all.length }
}
