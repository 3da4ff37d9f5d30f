import type { Flow, Origin } from '../flow/flow.ts'
import { positionalNames } from '../knowledge/signatures.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr, For } from '../syntax/tree.ts'
import { calledName, dottedName, positionalOf } from '../syntax/walk.ts'

/** One place that takes a value. */
export interface Use {
  origin: Origin
  /** The parameter that takes it, or, where nothing known does, the name it is bound to. */
  name: string
  /** Canonical name of what takes it; null when it is only known by its name. */
  callee: string | null
  /** The call's own key: uses of one call belong together. */
  group: string
  /** Source text of the call's first argument. */
  subject: string
}

type Reachable = (place: { scope: Scope; main: boolean }) => boolean

/** Calls that only define an option: their values are fields, followed from where they are read. */
const DEFINITIONS =
  /(^|\.)(add_argument|add_option|option|Option|argument|Argument|field|Field|set_defaults|DEFINE_\w+)$/
/** Functions whose first argument is a dict of parameters. */
const PARAMETER_DICTS = /^(xgboost|lightgbm|catboost)\.(train|cv|Booster|CatBoost\w*)$/
const EPOCH = /^_*(epochs?|ep|epoch_\w+|\w+_epoch)$/i
const STEPS = new Set([
  'backward',
  'step',
  'fit',
  'partial_fit',
  'train_on_batch',
  'train',
  'apply_gradients',
  'fit_generator',
  'train_epoch',
  'train_one_epoch',
  'run',
])

/** The literals that known parameters take, wherever the values come from. */
export function usesOf(flow: Flow, reachable: Reachable): Use[] {
  return flow.names.modules.flatMap((module) => [
    ...module.calls.filter(reachable).flatMap((site) => callUses(flow, module, site)),
    ...module.loops.filter(reachable).flatMap(({ loop, scope }) => loopUses(flow, module, loop, scope)),
  ])
}

function callUses(flow: Flow, module: Module, site: CallSite): Use[] {
  const callee = flow.names.calleeOf(site)
  if (callee === null || DEFINITIONS.test(callee)) return []
  const { call, scope } = site
  const group = `${module.path}:${call.start}`
  const [first] = positionalOf(call)
  const subject = first ? module.file.text.slice(first.start, Math.min(first.end, first.start + 60)) : ''
  const names = positionalNames(callee) ?? []
  const uses: Use[] = []
  const add = (name: string, value: Expr, at: Scope) => {
    for (const origin of flow.origins(value, at)) uses.push({ origin, name, callee, group, subject })
  }
  let position = 0
  for (const { name, spread, value } of call.args) {
    if (spread === '**') addEntries(value)
    else if (spread === '*') position = Number.POSITIVE_INFINITY
    else if (name !== null) add(name, value, scope)
    else {
      const known = names[position]
      if (position === 0 && PARAMETER_DICTS.test(callee)) addEntries(value)
      add(known ?? `#${position}`, value, scope)
      position++
    }
  }
  return uses

  function addEntries(value: Expr) {
    for (const { entries, scope: at } of flow.dicts.of(value, scope)) {
      for (const entry of entries) add(entry.name, entry.value, at)
    }
  }
}

/** `for epoch in range(10)` gives the number of epochs. */
function loopUses(flow: Flow, module: Module, loop: For, scope: Scope): Use[] {
  const range = rangeIn(loop.iterable)
  if (!range) return []
  const target = loop.target.kind === 'name' ? loop.target.name : ''
  if (!EPOCH.test(target) && !trainsDirectly(loop)) return []
  const [only, end] = positionalOf(range)
  const limit = end ?? only
  if (!limit) return []
  // `range(1, epochs + 1)`
  const value =
    limit.kind === 'operation' && limit.operator === '+' && limit.operands[0]?.kind !== 'number'
      ? limit.operands[0]
      : limit
  const group = `${module.path}:${loop.start}`
  return value
    ? flow
        .origins(value, scope)
        .map((origin) => ({ origin, name: 'epochs', callee: 'range', group, subject: '' }))
    : []
}

/** The `range` in `range(n)`, `tqdm(range(n))`, `enumerate(range(n))`, `trange(n)`. */
function rangeIn(value: Expr) {
  let inner: Expr | undefined = value
  for (let depth = 0; depth < 3 && inner?.kind === 'call'; depth++) {
    if (/^(x?range|trange)$/.test(calledName(inner))) return inner
    inner = positionalOf(inner)[0]
  }
  return null
}

/** Whether a loop's own body, not one of a function or of a loop over data inside it, takes a training step. */
function trainsDirectly(loop: For): boolean {
  return loop.body.some((statement) => {
    const value =
      statement.kind === 'expression' ? statement.value : statement.kind === 'assign' ? statement.value : null
    if (value?.kind !== 'call') return false
    if (value.callee.kind === 'name') return /^train/.test(value.callee.name)
    return (
      STEPS.has(calledName(value)) &&
      !/(^|\.)(env|scheduler|lr_scheduler|subprocess|os)$/.test(
        dottedName(value.callee)?.replace(/\.\w+$/, '') ?? '',
      )
    )
  })
}
