import { type DiffLine, parseDiff } from '../diff-lines.ts'
import { type Token, tokensOf } from './tokens.ts'

/** A part of a line, as `[start, end)`. */
export type Range = readonly [number, number]

export interface CodeLine {
  kind: 'add' | 'del' | 'same'
  /** Without its sign. */
  text: string
  tokens: Token[]
  /** Number of the line before and after the change; null where it is not there. */
  before: number | null
  after: number | null
  /** What differs from the line that it stands for, each part alone. */
  marks: readonly Range[]
  /** Of a changed line: number of the line before the change that it stands for. */
  from: number | null
}

export interface Hunk {
  /** `@@ -10,9 +10,9 @@ def train():`; empty where the diff has none. */
  head: string
  lines: CodeLine[]
}

export interface CodeFile {
  /** Empty where the diff names none. */
  path: string
  /** What git says of the file beyond its lines, such as that it is binary. */
  notes: string[]
  hunks: Hunk[]
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/
const NAMED = /^(?:\+\+\+ b\/|--- a\/)(.*?)\t?$/
const SAID = /^(?:new file|deleted file|Binary files|GIT binary patch|old mode|new mode)/
/** git's remark on the line before, and no line of the file. */
const NO_NEWLINE = /^\\ /

/** A diff by file and hunk, each line with its numbers, tokens, and what of it has changed. Pure. */
export function filesOf(diff: string): CodeFile[] {
  if (diff === '') return []
  const files: CodeFile[] = []
  const file = () => files.at(-1) ?? newFile()
  const newFile = () => {
    const made: CodeFile = { path: '', notes: [], hunks: [] }
    files.push(made)
    return made
  }
  let numbers = { before: 1, after: 1 }
  for (const line of parseDiff(diff)) {
    if (line.text.startsWith('diff --git') && line.kind === 'file') newFile()
    else if (line.kind === 'file') {
      const path = NAMED.exec(line.text)?.[1]
      if (path !== undefined) file().path = path
      else if (SAID.test(line.text)) file().notes.push(line.text)
    } else if (line.kind === 'hunk') {
      const [, before = '1', after = '1'] = HUNK.exec(line.text) ?? []
      numbers = { before: Number(before), after: Number(after) }
      file().hunks.push({ head: line.text, lines: [] })
    } else if (SAID.test(line.text)) file().notes.push(line.text)
    else if (!NO_NEWLINE.test(line.text)) {
      if (file().hunks.length === 0) file().hunks.push({ head: '', lines: [] })
      file().hunks.at(-1)?.lines.push(numbered(line, numbers))
    }
  }
  for (const { hunks } of files) for (const { lines } of hunks) finish(lines)
  return files
}

function numbered({ kind, text, changed }: DiffLine, numbers: { before: number; after: number }): CodeLine {
  const line: CodeLine = {
    kind: kind === 'add' || kind === 'del' ? kind : 'same',
    text: /^[ +-]/.test(text) ? text.slice(1) : text,
    tokens: [],
    before: kind === 'add' ? null : numbers.before++,
    after: kind === 'del' ? null : numbers.after++,
    marks: changed === null || changed[0] === changed[1] ? [] : [[changed[0] - 1, changed[1] - 1]],
    from: null,
  }
  return line
}

/** Tokens, where strings may go on from line to line on either side, and what has changed by token where that is possible. */
function finish(lines: CodeLine[]): void {
  const open = { before: '', after: '' }
  for (const line of lines) {
    const side = line.kind === 'add' ? 'after' : 'before'
    const found = tokensOf(line.text, open[side])
    line.tokens = found.tokens
    open[side] = found.open
    if (line.kind === 'same') open.after = found.open
  }
  for (const [old, fresh] of pairsOf(lines)) {
    old.from = old.before
    fresh.from = old.before
    const ranges = differingTokens(old.tokens, fresh.tokens)
    if (ranges) [old.marks, fresh.marks] = ranges
  }
}

/** As many added lines as were removed right before them stand for these, one for one. */
function pairsOf(lines: readonly CodeLine[]): [CodeLine, CodeLine][] {
  return blocksOf(lines).flatMap(({ removed, added }) =>
    removed.length === added.length
      ? removed.map((old, index): [CodeLine, CodeLine] => [old, added[index] as CodeLine])
      : [],
  )
}

interface Block {
  /** A line that has not changed; else lines that were removed and what was added in their place. */
  same: CodeLine | null
  removed: CodeLine[]
  added: CodeLine[]
}

/** The lines of a hunk, what was removed with what came in its place. Pure. */
export function blocksOf(lines: readonly CodeLine[]): Block[] {
  const blocks: Block[] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    if (line.kind === 'same') blocks.push({ same: line, removed: [], added: [] })
    else if (last && last.same === null && (line.kind === 'add' || last.added.length === 0)) {
      if (line.kind === 'add') last.added.push(line)
      else last.removed.push(line)
    } else {
      blocks.push({ same: null, removed: [], added: [] })
      blocks.at(-1)?.[line.kind === 'add' ? 'added' : 'removed'].push(line)
    }
  }
  return blocks
}

/** Null where the lines are not of the same build, token for token. */
function differingTokens(old: readonly Token[], fresh: readonly Token[]): [Range[], Range[]] | null {
  if (old.length !== fresh.length) return null
  const ranges: [Range[], Range[]] = [[], []]
  const at = [0, 0] as [number, number]
  for (const [index, a] of old.entries()) {
    const b = fresh[index] as Token
    if (a.text !== b.text) {
      ranges[0].push([at[0], at[0] + a.text.length])
      ranges[1].push([at[1], at[1] + b.text.length])
    }
    at[0] += a.text.length
    at[1] += b.text.length
  }
  return ranges
}

export interface Piece {
  text: string
  kind: Token['kind']
  /** Where the change begins that it is a part of; null where it has not changed. */
  mark: number | null
}

/** A line in pieces that are of one token, and changed as a whole or not at all. Pure. */
export function piecesOf({ tokens, marks }: Pick<CodeLine, 'tokens' | 'marks'>): Piece[] {
  const edges = [...new Set(marks.flat())].sort((a, b) => a - b)
  const pieces: Piece[] = []
  let at = 0
  for (const { kind, text } of tokens) {
    const end = at + text.length
    const cuts = [at, ...edges.filter((edge) => edge > at && edge < end), end]
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const to = cuts[index + 1] as number
      const mark = marks.find(([start, stop]) => from >= start && from < stop)
      pieces.push({ text: text.slice(from - at, to - at), kind, mark: mark?.[0] ?? null })
    }
    at = end
  }
  return pieces
}
