import type { Flow } from '../flow/flow.ts'
import type { Module } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr, For } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, positionalOf } from '../syntax/walk.ts'
import type { Use } from './uses.ts'

const EPOCH = /^_*(epochs?|ep|epoch_\w+|\w+_epoch|episodes?|i_episode)$/i
/** Calls that take one step of a training. */
const STEPS = new Set(['backward', 'partial_fit', 'train_on_batch', 'apply_gradients', 'minimize'])

/** `for epoch in range(10)` gives the number of epochs. */
export function loopUses(flow: Flow, module: Module, loop: For, scope: Scope): Use[] {
  const range = rangeIn(loop.iterable)
  if (!range) return []
  const target = loop.target.kind === 'name' ? loop.target.name : ''
  if (!EPOCH.test(target) && !trainsDirectly(loop)) return []
  const [only, end] = positionalOf(range)
  const limit = end ?? only
  if (!limit) return []
  // `range(1, epochs + 1)`
  const [first] = limit.kind === 'operation' && limit.operator === '+' ? limit.operands : []
  const value = first && first.kind !== 'number' ? first : limit
  const group = `${module.path}:${loop.start}`
  const name = /episode/i.test(target) ? 'episodes' : 'epochs'
  return flow
    .origins(value, scope)
    .map((origin): Use => ({ origin, name, callee: 'range', group, subject: '', vain: null, veto: null }))
}

/** The `range` in `range(n)`, `tqdm(range(n))`, `enumerate(range(n))`, `trange(n)`. */
function rangeIn(value: Expr): Call | null {
  let inner: Expr | undefined = value
  for (let depth = 0; depth < 3 && inner?.kind === 'call'; depth++) {
    if (/^(x?range|trange)$/.test(calledName(inner))) return inner
    inner = positionalOf(inner)[0]
  }
  return null
}

/** Whether a loop's own body, not one of a function or of a loop over data inside it, takes a training step. */
const trainsDirectly = (loop: For): boolean =>
  loop.body.some((statement) => {
    const value = statement.kind === 'expression' || statement.kind === 'assign' ? statement.value : null
    if (value?.kind !== 'call') return false
    if (value.callee.kind === 'name') return /^train(_|$)/.test(value.callee.name)
    const name = calledName(value)
    if (name === 'fit') return fitsOneEpoch(value)
    return STEPS.has(name) || (name === 'step' && /optim|opt$/i.test(receiverOf(value)))
  })

const receiverOf = ({ callee }: Call) =>
  callee.kind === 'attribute' ? (dottedName(callee.object) ?? '') : ''

/** `model.fit(x, y, epochs=1)`, which trains further where it was. */
export function fitsOneEpoch(call: Call): boolean {
  const epochs = keywordOf(call, 'epochs') ?? keywordOf(call, 'nb_epoch')
  return epochs?.kind === 'number' && epochs.value === 1
}
