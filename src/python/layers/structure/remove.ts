import type { Range, TextPatch } from '../types.ts'
import type { Chain, Declaration, Item, Op } from './chain.ts'
import { lineStart, nextLine, ownsItsLines, wholeLines } from './text.ts'

/**
 * Patches that take ops out of the text, with the attributes that only they use.
 * @param tied offsets of what changes in what stays: no range that goes may hold one
 * @returns null where that cannot be written
 */
export function removals(chain: Chain, gone: ReadonlySet<Op>, tied: ReadonlySet<number>): TextPatch[] | null {
  const { module, ops } = chain
  const { text } = module.file
  const ranges: Range[] = []
  const whole = containersOf(chain, gone)
  const calls: Pick<Op, 'expr' | 'inner' | 'item'>[] = []
  const declarations = new Set<Declaration>()
  for (const op of gone) {
    if (op.container && whole.has(op.container.declaration)) continue
    if (op.declaration) declarations.add(op.declaration)
    calls.push(op)
  }
  for (const [declaration, call] of whole) {
    declarations.add(declaration)
    calls.push(call)
  }
  for (const declaration of declarations) {
    const uses = usesOf(chain, declaration)
    const going = calls.filter((call) => uses.includes(call as Op) || whole.get(declaration) === call)
    if (going.length < Math.max(uses.length, 1)) continue
    // Something else reads the layer: its weights are set up, or shown.
    if (declaration.reads !== Math.max(uses.length, 1)) return null
    ranges.push(wholeLines(text, declaration.statement))
  }
  for (const item of new Set(calls.map((call) => call.item))) {
    const here = calls.filter((call) => call.item === item)
    if (item.siblings || item.value === null) continue
    const all = ops.filter((op) => op.item === item).every((op) => gone.has(op))
    if (all && item.form === 'statement') {
      if (item.base?.name !== item.target) return null
      ranges.push(wholeLines(text, item.range))
      continue
    }
    for (const { expr, inner } of here) {
      if (!inner) return null
      ranges.push({ start: expr.start, end: inner.start }, { start: inner.end, end: expr.end })
    }
  }
  const added = rowsOf(ops, gone, (item) => item.value === null && item.siblings === null)
  for (const row of added) ranges.push(wholeLines(text, row))
  for (const row of rowsOf(
    ops,
    gone,
    (item) => item.siblings !== null && ![...whole.keys()].some((one) => inside(one.statement, item.range)),
  )) {
    const range = elementRange(text, ops, row)
    if (!range) return null
    ranges.push(range)
  }
  const clash = ranges.some(({ start, end }) => [...tied].some((at) => at >= start && at < end))
  return clash ? null : merged(ranges).map((range) => ({ module, ...range, pieces: [] }))
}

const inside = (outer: Range, inner: Range) => inner.start >= outer.start && inner.end <= outer.end

/** Containers of which nothing is left, each with its call. */
function containersOf(
  { ops }: Chain,
  gone: ReadonlySet<Op>,
): Map<Declaration, Pick<Op, 'expr' | 'inner' | 'item'>> {
  const whole = new Map<Declaration, Pick<Op, 'expr' | 'inner' | 'item'>>()
  for (const { container } of gone) {
    if (!container) continue
    const left = ops.some((op) => op.container?.declaration === container.declaration && !gone.has(op))
    if (!left) whole.set(container.declaration, container.op)
  }
  return whole
}

const usesOf = ({ ops }: Chain, declaration: Declaration) =>
  ops.filter((op) => op.declaration === declaration)

/** Ranges from the first to the last of the ops that go and stand one behind the other. */
function rowsOf(ops: readonly Op[], gone: ReadonlySet<Op>, of: (item: Item) => boolean): Range[] {
  const rows: (Range & { last: number; siblings: Item['siblings'] })[] = []
  for (const [at, op] of ops.entries()) {
    if (!gone.has(op) || !of(op.item)) continue
    const { range, siblings } = op.item
    const row = rows.at(-1)
    if (row && row.last === at - 1 && row.siblings === siblings)
      Object.assign(row, { end: range.end, last: at })
    else rows.push({ start: range.start, end: range.end, last: at, siblings })
  }
  return rows
}

/** Elements with their commas, and their lines where nothing else stands on them. */
function elementRange(text: string, ops: readonly Op[], row: Range): Range | null {
  const siblings = ops.find((op) => op.item.range.start === row.start)?.item.siblings ?? []
  const at = siblings.findIndex(({ start }) => start === row.start)
  const end = siblings.findIndex((one) => one.end === row.end)
  const [before, after] = [siblings[at - 1], siblings[end + 1]]
  if (ownsItsLines(text, row, true) && (after || /^[ \t]*,/.test(text.slice(row.end)))) {
    return { start: lineStart(text, row.start), end: nextLine(text, row.end) }
  }
  if (before) return { start: before.end, end: row.end }
  return after ? { start: row.start, end: after.start } : null
}

/** Ranges that touch are one. */
function merged(ranges: readonly Range[]): Range[] {
  const found: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else found.push({ ...range })
  }
  return found
}
