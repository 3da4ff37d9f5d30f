import type { Flow } from '../../flow/flow.ts'
import type { TextPatch } from '../types.ts'
import { type Chain, type Declaration, type Item, nameCopy, type Op } from './chain.ts'
import { copyEdits } from './copy.ts'
import type { Group } from './groups.ts'
import { attributeRange } from './nest.ts'
import { type Edit, indentOf, lineEnd, newlineOf, type Pieces, withEdits } from './text.ts'

/** One more copy of a layer, as text. */
interface Copy {
  /** Text behind a line or an element, by the offset it is inserted at. */
  inserted: Map<number, Pieces>
  /** Calls around an expression: what is put before and behind it. */
  wrapped: { expr: Op['expr']; before: Pieces; after: Pieces } | null
}

/** Patches that repeat a layer, with what belongs to it, so many times; null where that cannot be written. */
export function growPatches(flow: Flow, chain: Chain, group: Group, times: number): TextPatch[] | null {
  const taken = new Set(chain.taken)
  const own = { ...chain, taken, copied: new Map<string, string>() }
  const inserted = new Map<number, Pieces>()
  let wrapping: Copy['wrapped'] = null
  for (let count = 0; count < times; count++) {
    const copy = copyOf(flow, own, group)
    if (!copy) return null
    for (const [at, pieces] of copy.inserted) inserted.set(at, [...(inserted.get(at) ?? []), ...pieces])
    const { wrapped } = copy
    if (wrapped) {
      wrapping = wrapping
        ? {
            expr: wrapped.expr,
            before: [...wrapped.before, ...wrapping.before],
            after: [...wrapping.after, ...wrapped.after],
          }
        : wrapped
    }
  }
  const { module } = chain
  const patches = [...inserted].map(([at, pieces]): TextPatch => ({ module, start: at, end: at, pieces }))
  if (wrapping) {
    const { expr, before, after } = wrapping
    patches.push({ module, start: expr.start, end: expr.start, pieces: before })
    patches.push({ module, start: expr.end, end: expr.end, pieces: after })
  }
  return patches.sort((a, b) => a.start - b.start)
}

function copyOf(flow: Flow, chain: Chain, group: Group): Copy | null {
  const { text } = chain.module.file
  const inserted = new Map<number, Pieces>()
  const edits = new Map<Op, Edit[]>()
  for (const op of group.ops) {
    const { declaration } = op
    const made = hasParameters(op) || !declaration ? copyEdits(flow, chain, op) : []
    if (!made) return null
    if (!declaration || !hasParameters(op)) {
      edits.set(op, made)
      continue
    }
    const rename = declared(chain, declaration, op)
    if (!rename) return null
    edits.set(op, [rename.use])
    const at = lineEnd(text, declaration.statement.end)
    const indent = newlineOf(text) + indentOf(text, declaration.statement.start)
    const line = withEdits(declaration.statement, [rename.declaration, ...made])
    inserted.set(at, [...(inserted.get(at) ?? []), indent, ...line])
  }
  const items = [...new Set(group.ops.map((op) => op.item))]
  const [first] = items
  const last = items.at(-1)
  if (!first || !last) return null
  if (items.some((item) => item.siblings !== first.siblings)) return null
  if (first.siblings) return listed(chain, group, last, edits, inserted)
  if (items.every((item) => alone(chain, group, item))) return lines(chain, group, items, edits, inserted)
  const wrapped = items.length === 1 ? around(group, edits) : null
  return wrapped && { inserted, wrapped }
}

/** Layers whose weights are their own: a copy needs a name of its own. */
const hasParameters = ({ kind }: Op) => kind === 'conv' || kind === 'dense' || kind === 'norm'

/** The new attribute, where it is made and where it is used. */
function declared(chain: Chain, declaration: Declaration, op: Op): { declaration: Edit; use: Edit } | null {
  const { statement, name } = declaration
  const [target] = statement.kind === 'assign' ? statement.targets : []
  const callee = op.expr.kind === 'call' ? op.expr.callee : null
  if (target?.kind !== 'attribute' || callee?.kind !== 'attribute') return null
  const made = nameCopy(chain, name)
  return {
    declaration: { ...attributeRange(target), pieces: [made] },
    use: { ...attributeRange(callee), pieces: [made] },
  }
}

/** Whether a statement holds no other layer with weights than the group's. */
function alone({ ops }: Chain, group: Group, item: Item): boolean {
  const others = ops.filter((op) => op.item === item && !group.ops.includes(op))
  return item.form !== 'return' && others.every(({ kind }) => kind === 'pool')
}

/** New elements of a list behind the last of the group. */
function listed(
  chain: Chain,
  group: Group,
  last: Item,
  edits: Map<Op, Edit[]>,
  inserted: Map<number, Pieces>,
): Copy | null {
  const { text } = chain.module.file
  const { siblings, range } = last
  const next = siblings?.[siblings.findIndex(({ start }) => start === range.start) + 1]
  const copies = group.ops.map((op) => withEdits(op.item.range, edits.get(op) ?? []))
  const end = lineEnd(text, range.end)
  const ownLine = /^[ \t]*$/.test(text.slice(0, range.start).split('\n').at(-1) ?? '')
  const indent = newlineOf(text) + indentOf(text, range.start)
  const separated = next && next.start > end && /^[ \t]*,/.test(text.slice(range.end, end))
  if (ownLine && separated) {
    inserted.set(
      end,
      copies.flatMap((copy) => [indent, ...copy, ',']),
    )
  } else {
    const gap = ownLine ? `,${indent}` : ', '
    inserted.set(
      range.end,
      copies.flatMap((copy) => [gap, ...copy]),
    )
  }
  return { inserted, wrapped: null }
}

/** New statements behind the last of the group. */
function lines(
  chain: Chain,
  group: Group,
  items: readonly Item[],
  edits: Map<Op, Edit[]>,
  inserted: Map<number, Pieces>,
): Copy | null {
  const { text } = chain.module.file
  const last = items.at(-1)
  if (!last) return null
  const at = lineEnd(text, last.range.end)
  const written: Pieces = []
  let input = last.target
  for (const item of items) {
    const ops = group.ops.filter((op) => op.item === item)
    written.push(newlineOf(text) + indentOf(text, item.range.start))
    if (item.value === null || item.base === null) {
      // `model.add(...)`
      written.push(
        ...withEdits(
          item.range,
          ops.flatMap((op) => edits.get(op) ?? []),
        ),
      )
      continue
    }
    const base: Pieces = input === null || input === item.base.name ? [item.base.name] : [input]
    written.push({ start: item.range.start, end: item.value.start }, ...nested(ops, base, edits))
    input = item.target
  }
  inserted.set(at, [...(inserted.get(at) ?? []), ...written])
  return { inserted, wrapped: null }
}

/** Some calls of a nest around another expression. */
function nested(ops: readonly Op[], inner: Pieces, edits: ReadonlyMap<Op, Edit[]>): Pieces {
  let pieces = inner
  for (const op of ops) {
    if (!op.inner) return pieces
    const own = edits.get(op) ?? []
    const [before, after] = [
      { start: op.expr.start, end: op.inner.start },
      { start: op.inner.end, end: op.expr.end },
    ]
    const within = (range: typeof before) =>
      own.filter(({ start, end }) => start >= range.start && end <= range.end)
    pieces = [...withEdits(before, within(before)), ...pieces, ...withEdits(after, within(after))]
  }
  return pieces
}

/** The copy's calls around those that are there: `relu(b(relu(a(x))))`. */
function around(group: Group, edits: ReadonlyMap<Op, Edit[]>): Copy['wrapped'] {
  const last = group.ops.at(-1)
  const chained = group.ops.every((op, at) => at === 0 || op.inner === group.ops[at - 1]?.expr)
  if (!last || !chained) return null
  const marker = ''
  const pieces = nested(group.ops, [marker], edits)
  const at = pieces.indexOf(marker)
  return { expr: last.expr, before: pieces.slice(0, at), after: pieces.slice(at + 1) }
}
