import { keyIn } from '../flow/configs.ts'
import type { Flow, Origin } from '../flow/flow.ts'
import { positionalNames } from '../knowledge/signatures.ts'
import type { CallSite, Module, Store } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { stepUses, subjectOf, vetoOf } from './held-out.ts'
import { fitsOneEpoch, isOfEpochs, loopUses } from './loops.ts'
import { schedulesOf } from './schedules.ts'

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
  /** Why a change of it would change nothing, or the wrong thing; null for a value that works. */
  vain: string | null
  /** Why it must not change, whatever else it is used for. */
  veto: string | null
}

type Reachable = (place: { scope: Scope; main: boolean }) => boolean

/** Calls that only hold values: these are fields, followed from where they are read. */
const DEFINITIONS =
  /(^|\.)(dict|Namespace|SimpleNamespace|ConfigDict|EasyDict|edict|AttrDict|update|add_argument|add_option|option|Option|argument|Argument|field|Field|set_defaults|DEFINE_\w+)$/
/** Functions whose first argument, or one of these names, is a dict of parameters. */
const PARAMETER_DICTS = /^(xgboost|lightgbm|catboost)\.(train|cv|Booster|CatBoost\w*)$/
const PARAMETER_KEYWORD = /^(params|model_params|hparams)$/
const RATE = /^(lr|learning_rate|init_value)$/
const SCHEDULED = 'a scheduler sets it in each epoch'
const ONE_EPOCH = 'the loop around it trains one epoch a round'

/** The literals that known parameters take, wherever the values come from. */
export function usesOf(flow: Flow, reachable: Reachable): Use[] {
  const schedules = schedulesOf(flow, reachable)
  const hasEpochs = flow.names.modules.some(({ loops }) =>
    loops.some((place) => reachable(place) && isOfEpochs(place.loop)),
  )
  const calls = flow.names.modules.flatMap((module) => [
    ...module.stores.filter(reachable).flatMap((store) => storeUses(flow, module, store)),
    ...module.calls.filter(reachable).flatMap((site) => callUses(flow, module, site)),
    ...module.loops
      .filter(reachable)
      .flatMap(({ loop, scope }) => loopUses(flow, module, loop, scope, hasEpochs)),
  ])
  const scheduled = schedules.length > 0
  const isReplaced = ({ name, callee }: Use) =>
    scheduled && RATE.test(name) && callee?.startsWith('keras.optimizers.')
  return [...calls.map((use) => (isReplaced(use) ? { ...use, vain: SCHEDULED } : use)), ...schedules]
}

function callUses(flow: Flow, module: Module, site: CallSite): Use[] {
  const callee = flow.names.calleeOf(site)
  if (callee === null || DEFINITIONS.test(callee)) return []
  const { call, scope, loops } = site
  const group = `${module.path}:${call.start}`
  const subject = subjectOf(module, call)
  const veto = vetoOf(module, callee, call, subject)
  const names = positionalNames(callee) ?? []
  const isRound = fitsOneEpoch(call) && (loops > 0 || /Loader$/.test(callee))
  const uses: Use[] = stepUses(flow, callee, site, group)
  const add = (name: string, value: Expr, at: Scope) => {
    const vain = isRound && /^(epochs|nb_epoch)$/.test(name) ? ONE_EPOCH : null
    for (const origin of flow.origins(value, at)) {
      uses.push({ origin, name, callee, group, subject, vain, veto })
    }
  }
  const addEntries = (value: Expr) => {
    const dicts = flow.dicts.of(value, scope)
    for (const { entries, scope: at } of dicts) for (const entry of entries) add(entry.name, entry.value, at)
    if (dicts.length > 0) return
    // Nothing tells which values these are: those of the configuration files.
    for (const { file, path, value: literal } of flow.fields.configs) {
      const name = keyIn({ path })
      uses.push({
        origin: { literal, file, scope: null, names: [name] },
        name,
        callee,
        group,
        subject,
        vain: null,
        veto,
      })
    }
  }
  // `[{'params': head, 'lr': 0.1}, {'params': body}]`
  const addGroups = (value: Expr) => {
    if (value.kind !== 'sequence') return
    for (const group of value.elements) {
      for (const { entries, scope: at } of flow.dicts.of(group, scope)) {
        for (const entry of entries) if (entry.name !== 'params') add(entry.name, entry.value, at)
      }
    }
  }
  let position = 0
  for (const { name, spread, value } of call.args) {
    if (spread === '**') addEntries(value)
    else if (spread === '*') position = Number.POSITIVE_INFINITY
    else if (name !== null) {
      if (PARAMETER_KEYWORD.test(name) && PARAMETER_DICTS.test(callee)) addEntries(value)
      else add(name, value, scope)
    } else {
      if (position === 0 && PARAMETER_DICTS.test(callee)) addEntries(value)
      else if (position === 0 && callee.startsWith('torch.optim.')) addGroups(value)
      else add(names[position] ?? `#${position}`, value, scope)
      position++
    }
  }
  return uses
}

/** `model.learning_rate = 0.06` on an estimator of a library. */
function storeUses(flow: Flow, module: Module, { object, name, value, scope, line }: Store): Use[] {
  const maker = flow.names.maker(object, scope)
  if (maker?.kind !== 'external') return []
  const group = `${module.path}:${line}`
  return flow.origins(value, scope).map((origin): Use => {
    const named = origin.names.length > 0 ? origin : { ...origin, names: [name] }
    return { origin: named, name, callee: maker.name, group, subject: '', vain: null, veto: null }
  })
}
