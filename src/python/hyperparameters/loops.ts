import type { Flow } from '../flow/flow.ts'
import type { Module } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { Call, Expr, For } from '../syntax/tree.ts'
import { calledName, dottedName, keywordOf, positionalOf } from '../syntax/walk.ts'
import type { Use } from './uses.ts'

const EPOCH = /^_*(epochs?|ep|epoch_\w+|\w+_epoch|episodes?|i_episode)$/i
/** Calls that take one step of a training. */
const STEPS = new Set(['backward', 'partial_fit', 'train_on_batch', 'apply_gradients', 'minimize'])

const BATCHES = 'it counts the batches of an epoch, or the rows that they are taken from'

const targetOf = ({ target }: For) => (target.kind === 'name' ? target.name : '')
export const isOfEpochs = (loop: For) => EPOCH.test(targetOf(loop))

/**
 * `for epoch in range(10)` gives the number of epochs, and so does another loop that trains.
 * @param hasEpochs whether some loop of the program is named as one over epochs: what trains in another is a batch
 */
export function loopUses(flow: Flow, module: Module, loop: For, scope: Scope, hasEpochs: boolean): Use[] {
  const range = rangeIn(loop.iterable)
  if (!range) return []
  const target = targetOf(loop)
  const isNamed = isOfEpochs(loop)
  if (!isNamed && !trainsDirectly(loop)) return []
  const isOfBatches = !isNamed && (hasEpochs || positionalOf(range).length > 2 || picksRows(module, loop))
  const veto = isOfBatches ? BATCHES : null
  const [only, end] = positionalOf(range)
  const limit = end ?? only
  if (!limit) return []
  // `range(1, epochs + 1)`
  const [first] = limit.kind === 'operation' && limit.operator === '+' ? limit.operands : []
  const value = first && first.kind !== 'number' ? first : limit
  const group = `${module.path}:${loop.start}`
  const name = isOfBatches ? 'batches' : /episode/i.test(target) ? 'episodes' : 'epochs'
  return flow
    .origins(value, scope)
    .map((origin): Use => ({ origin, name, callee: 'range', group, subject: '', vain: null, veto }))
}

/** Whether the variable of a loop stands in an index of its body: `X[i:i + 50]`, `batches[i]`. */
function picksRows(module: Module, loop: For): boolean {
  const target = targetOf(loop)
  const body = module.file.text.slice(loop.start, loop.end)
  return target !== '' && new RegExp(`\\w\\[[^\\]\\n]{0,200}\\b${target}\\b`).test(body)
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
