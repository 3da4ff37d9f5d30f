import type { Flow } from '../../flow/flow.ts'
import type { Expr } from '../../syntax/tree.ts'
import { positionalOf } from '../../syntax/walk.ts'
import type { Range, TextPatch } from '../types.ts'
import { slotIn } from './arguments.ts'
import { type Chain, isWeighted, type Op } from './chain.ts'
import { numberIn } from './copy.ts'
import { groupAt, hidden } from './groups.ts'
import { removals } from './remove.ts'
import { heightAfter, inputHeight, keepsSize, stepOf } from './spatial.ts'
import type { Pieces } from './text.ts'

/** Patches that take so many layers of a kind out, the last ones first; null where that cannot be written. */
export function shrinkPatches(
  flow: Flow,
  chain: Chain,
  kind: 'conv' | 'dense',
  times: number,
): TextPatch[] | null {
  for (const pools of kind === 'conv' ? [true, false] : [false]) {
    const gone = goneOps(chain, kind, times, pools)
    const tied = gone && (chain.inferred ? [] : tiesOf(flow, chain, gone))
    const removed = tied && removals(chain, gone, new Set(tied.map(({ start }) => start)))
    if (removed) return [...removed, ...tied].sort((a, b) => a.start - b.start)
  }
  return null
}

/** The ops that go: the layers with what belongs to them, and, with `pools`, the pool that follows a block. */
function goneOps(chain: Chain, kind: 'conv' | 'dense', times: number, pools: boolean): Set<Op> | null {
  const gone = new Set<Op>()
  for (let count = 0; count < times; count++) {
    const ops = chain.ops.filter((op) => !gone.has(op))
    const places = hidden({ ...chain, ops }, kind)
    const at = places.at(-1)
    if (at === undefined || places.length < 2) return null
    const group = groupAt(ops, at)
    if (!group) return null
    for (const op of group.ops) gone.add(op)
    // In `conv conv pool` the pool belongs to the convolution that stays.
    const above = ops.slice(0, at).findLastIndex(isWeighted)
    if (!pools || !ops.slice(above + 1, at).some((op) => op.kind === 'pool')) continue
    for (const op of ops.slice(at)) {
      if (gone.has(op)) continue
      // The dropout after a pool belongs to the block.
      if (op.kind !== 'pool' && op.kind !== 'dropout') break
      gone.add(op)
    }
  }
  return gone
}

/** What has to change in the layers that stay, for one that takes its sizes as numbers. */
function tiesOf(flow: Flow, chain: Chain, gone: ReadonlySet<Op>): TextPatch[] | null {
  const { ops, module } = chain
  const last = ops.findLastIndex((op) => gone.has(op))
  const first = ops.findIndex((op) => gone.has(op))
  const before = ops.slice(0, first).findLast(isWeighted)
  const output = before && outputOf(before)
  const at = ops.findIndex((op, index) => index > last && (isWeighted(op) || op.kind === 'norm'))
  const next = ops[at]
  const taken = next?.call && next.spec?.input ? slotIn(next.call, next.spec.input) : null
  if (!output || !next || next.kind === 'weighted' || !taken || next.spec?.inferred) return null
  const features: Pieces = [rangeOf(output)]
  const between = ops.slice(last + 1, at)
  const patch = ({ start, end }: Range, pieces: Pieces): TextPatch => ({ module, start, end, pieces })
  if (before?.kind === next.kind) {
    return between.some(({ kind }) => kind === 'flatten') ? null : [patch(taken.value, features)]
  }
  // From convolutions to a dense layer.
  const old = ops.slice(first, last + 1).findLast(isWeighted)
  const channels = old && outputOf(old)
  const count = channels && numberIn(flow, chain, channels)
  const written = [taken.value, ...between.flatMap((op) => flatSize(op) ?? [])]
  const points = written
    .map((value) => productOf(value))
    .map((value) => (value && count ? value / count : null))
  const [factor] = points
  if (!factor || !Number.isInteger(factor) || points.some((one) => one !== factor)) return null
  const left = pointsLeft(flow, chain, gone, { first, at, factor })
  if (left === null) return null
  return written.map((value) => patch(value, flattened(chain, value, features, left)))
}

const rangeOf = ({ start, end }: Expr): Range => ({ start, end })

function outputOf({ call, spec }: Op): Expr | null {
  return call && spec?.output ? (slotIn(call, spec.output)?.value ?? null) : null
}

/** The size in `x.view(-1, 400)`; null where the rest is taken. */
function flatSize({ kind, call }: Op): Expr | null {
  if (kind !== 'flatten' || !call) return null
  const size = positionalOf(call).at(-1)
  return size && positionalOf(call).length === 2 && productOf(size) ? size : null
}

/** The value of a number or of a product of numbers; null for anything else. */
function productOf(value: Expr): number | null {
  if (value.kind === 'number') return value.value > 1 ? value.value : null
  if (value.kind !== 'operation' || value.operator !== '*') return null
  const factors = value.operands.map((operand) => productOf(operand))
  return factors.every((factor) => factor !== null)
    ? factors.reduce((product, one) => product * (one ?? 1), 1)
    : null
}

/** Points of an image that are left before it is flattened, once the ops are gone. */
function pointsLeft(
  flow: Flow,
  chain: Chain,
  gone: ReadonlySet<Op>,
  place: { first: number; at: number; factor: number },
): number | null {
  const { ops } = chain
  const { at, factor } = place
  const flat = ops.findIndex((op) => op.kind === 'flatten')
  const end = flat === -1 || flat > at ? at : flat
  const fixed = ops.findLastIndex((op, index) => op.kind === 'fixed-pool' && index < end)
  if (fixed !== -1 && ops.slice(fixed, end).every((op) => !gone.has(op))) return factor
  const goes = ops.slice(0, end).filter((op) => gone.has(op))
  const kept = goes.every((op) => {
    const step = stepOf(flow, chain, op)
    return step === 'none' || (op.kind === 'conv' && step !== null && keepsSize(step))
  })
  if (kept) return factor
  const spatial = ops.slice(0, end)
  if (ops.some((op) => op.kind === 'conv' && op.spec?.rank !== 2)) return null
  const height = inputHeight(flow, chain, spatial, factor)
  if (height === null) return null
  const side = heightAfter(
    flow,
    chain,
    spatial.filter((op) => !gone.has(op)),
    height,
  )
  return side === null ? null : side * side
}

/** `6 * 14 * 14`, as the size was written that it replaces. */
function flattened(chain: Chain, value: Expr, features: Pieces, points: number): Pieces {
  const { text } = chain.module.file
  const written = text.slice(value.start, value.end)
  const times = /\S\*\S/.test(written) ? '*' : ' * '
  if (points === 1) return features
  const side = Math.sqrt(points)
  return Number.isInteger(side)
    ? [...features, `${times}${side}${times}${side}`]
    : [...features, `${times}${points}`]
}
