import type { Family, Framework, Task } from '../../domain/detection.ts'
import { canonical } from '../knowledge/canonical.ts'
import { estimatorOf, WRAPPERS } from '../knowledge/estimators.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { Module } from '../names/module.ts'
import { type Binding, classOf, type Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { walk } from '../syntax/walk.ts'
import { startOfLine } from './evidence.ts'
import { lastPart, type Program } from './program.ts'
import type { Training } from './training.ts'
import { type Between, EstimatorSearch } from './wrapped.ts'

/** A model of scikit-learn, a boosting library or statsmodels that is trained. */
export interface Trained {
  name: string
  framework: Framework
  family: Family | null
  task: Task | null
  node: Expr
  module: Module
  /** Made once and again in a loop, and kept: one of many. */
  collected: boolean
  /** How often it is trained, as far as the callers of the function around tell. */
  times: number
}

const TABULAR: ReadonlySet<Framework> = new Set([
  'scikit-learn',
  'xgboost',
  'lightgbm',
  'catboost',
  'statsmodels',
])
export const isTabular = (framework: Framework): boolean => TABULAR.has(framework)

/** The estimators that a program trains; where a call trains an unknown object, all that it makes. */
export function trainedEstimators(program: Program): Trained[] {
  const found = new Map<Expr, Trained>()
  const search = new EstimatorSearch(program.names)
  const before = trainingsBefore(program)
  let unknown = false
  for (const training of program.trainings) {
    if (training.framework !== null && !isTabular(training.framework)) continue
    const resolved = ofTraining(program, training, search, before)
    for (const one of resolved) {
      const known = found.get(one.node)
      if (known) known.times += one.times
      else found.set(one.node, one)
    }
    if (resolved.length === 0 && training.framework === null) unknown = true
  }
  if (unknown) for (const one of madeEstimators(program)) if (!found.has(one.node)) found.set(one.node, one)
  return [...found.values()]
}

function ofTraining(
  program: Program,
  training: Training,
  search: EstimatorSearch,
  before: Before,
): Trained[] {
  const { callee, site, module, framework } = training
  const callers = site.scope.kind === 'function' ? program.names.callersOf(site.scope).length : 0
  const times = Math.max(callers, 1)
  const booster = /^(xgboost|lightgbm|catboost)\.(train|cv)$/.test(callee)
  if (booster && framework) {
    return [
      {
        name: callee,
        framework,
        family: 'boosting',
        task: null,
        node: site.call,
        module,
        collected: false,
        times,
      },
    ]
  }
  const subject = subjectOf(training)
  if (!subject) return []
  return search.in(subject, site.scope, betweenOf(training, before)).flatMap((made): Trained[] => {
    if (!isTabular(made.framework)) return []
    if (made.estimator === null && !/\.(Booster|Model)$/.test(made.name)) return []
    return [
      {
        name: made.name,
        framework: made.framework,
        family: made.estimator?.family ?? null,
        task: made.estimator?.task ?? null,
        node: made.node,
        module: made.scope.module,
        collected: site.loops > 0 && classOf(site.scope) !== null && isAppended(program, training),
        times,
      },
    ]
  })
}

/** The line on which something of the same name was trained before, by the training. */
type Before = Map<Training, number>

function trainingsBefore(program: Program): Before {
  const before: Before = new Map()
  const last = new Map<Scope, Map<string, number>>()
  for (const training of program.trainings) {
    const { call, scope } = training.site
    const name = objectName(call)
    if (name === null) continue
    const lines = last.get(scope) ?? new Map<string, number>()
    last.set(scope, lines)
    before.set(training, lines.get(name) ?? 0)
    lines.set(name, call.line)
  }
  return before
}

const objectName = (call: Call): string | null =>
  call.callee.kind === 'attribute' && call.callee.object.kind === 'name' ? call.callee.object.name : null

/** A name may stand for one model after another: which one is meant lies between the training before and this one. */
function betweenOf(training: Training, before: Before): Between | null {
  const after = before.get(training)
  const { scope, call } = training.site
  return after === undefined ? null : { scope, after, until: call.line }
}

/** What a call trains: the object of its method, or the estimator that a function gets. */
function subjectOf({ site, callee }: Training): Expr | null {
  const { call } = site
  if (!/\.(fit|fit_predict|partial_fit|grid_search|randomized_search)$/.test(callee)) {
    return call.args.find((argument) => argument.name === 'estimator')?.value ?? call.args[0]?.value ?? null
  }
  return call.callee.kind === 'attribute' ? call.callee.object : null
}

/** Whether what is trained is put into a list. */
function isAppended(program: Program, { site }: Training): boolean {
  const object = site.call.callee.kind === 'attribute' ? site.call.callee.object : null
  if (object?.kind !== 'name') return false
  return program.calls.some(
    (made) =>
      made.site.scope === site.scope &&
      made.site.call.callee.kind === 'attribute' &&
      made.site.call.callee.name === 'append' &&
      made.site.call.args.some(({ value }) => value.kind === 'name' && value.name === object.name),
  )
}

/** Every estimator that the program makes or names, those apart that another one holds. */
function madeEstimators(program: Program): Trained[] {
  const made: Trained[] = []
  const held = new Set<Expr>()
  for (const { callee, site, module } of program.calls) {
    const name = callee === null ? '' : lastPart(callee)
    const framework = callee === null ? null : frameworkOfName(callee)
    const estimator = framework && isTabular(framework) ? estimatorOf(name) : null
    if (!estimator || !framework || callee === null) continue
    if (!WRAPPERS.has(name))
      for (const { value } of site.call.args) for (const one of walk(value)) held.add(one)
    made.push({ name: callee, framework, ...estimator, node: site.call, module, collected: false, times: 1 })
  }
  const called = new Set(made.map(({ name }) => name))
  const named = program.names.modules.flatMap(({ scopes }) =>
    scopes.flatMap((scope) => namedIn(program, scope)),
  )
  const all = [...made.filter((one) => !held.has(one.node)), ...named.filter(({ name }) => !called.has(name))]
  return all.length > 0
    ? all
    : program.names.modules.flatMap(({ scopes }) => scopes.flatMap(importedIn(program)))
}

/** Estimators whose class a scope names, without calling it there. */
function namedIn(program: Program, scope: Scope): Trained[] {
  if (!program.runs({ scope, main: false })) return []
  return [...scope.reads.values(), ...scope.mainReads.values()].flatMap((node): Trained[] => {
    const referent = program.names.referent(node, scope)
    if (referent?.kind !== 'external') return []
    const framework = frameworkOfName(referent.name)
    const estimator = framework && isTabular(framework) ? estimatorOf(lastPart(referent.name)) : null
    if (!framework || !estimator) return []
    return [
      {
        name: referent.name,
        framework,
        ...estimator,
        node,
        module: scope.module,
        collected: false,
        times: 1,
      },
    ]
  })
}

/** An import, as an expression that stands at the start of its line. */
function nameAt(module: Module, { line }: Binding): Expr {
  const start = startOfLine(module, line)
  return { kind: 'name', name: '', start, end: start, line }
}

/** Estimators that are imported only, to be looked up by their name: `globals()[name]()`. */
const importedIn =
  (program: Program) =>
  (scope: Scope): Trained[] => {
    if (!program.runs({ scope, main: false })) return []
    return [...scope.bindings.values()].flatMap((bindings) =>
      bindings.flatMap((binding): Trained[] => {
        if (binding.kind !== 'import' || binding.import.name === null || binding.import.level > 0) return []
        const name = canonical(`${binding.import.module}.${binding.import.name}`)
        const framework = frameworkOfName(name)
        const estimator = framework && isTabular(framework) ? estimatorOf(lastPart(name)) : null
        if (!framework || !estimator) return []
        const node = nameAt(scope.module, binding)
        return [{ name, framework, ...estimator, node, module: scope.module, collected: false, times: 1 }]
      }),
    )
  }

/**
 * The family of all that is trained; a lone tree beside an ensemble of trees is only compared with it, and so is
 * everything beside the models of a boosting library where these are the most.
 */
export function estimatorFamily(trained: readonly Trained[], framework: Framework): Family | null {
  const own = trained.filter((one) => one.framework === framework)
  if (framework !== 'scikit-learn' && timesOf(own) * 2 > timesOf(trained)) return ofOne(own)
  return ofOne(trained)
}

const timesOf = (trained: readonly Trained[]): number => trained.reduce((sum, { times }) => sum + times, 0)

/** Of so many models, from which part on one family stands for all. */
const MOST = { models: 4, part: 0.8 }

function ofOne(trained: readonly Trained[]): Family | null {
  const models = new Map<Family, number>()
  for (const { family: own, collected, times } of trained) {
    const family = own === 'tree' && collected ? 'ensemble' : own
    if (family) models.set(family, (models.get(family) ?? 0) + times)
  }
  if (models.has('ensemble')) models.delete('tree')
  if (models.size > 1 && trained.some(({ name }) => /\.(Voting|Stacking)\w*$/.test(name))) return 'ensemble'
  const [most, next] = [...models].sort(([, one], [, other]) => other - one)
  if (!most || !next) return most?.[0] ?? null
  const all = [...models.values()].reduce((sum, count) => sum + count, 0)
  return models.size === 2 && all >= MOST.models && most[1] >= MOST.part * all ? most[0] : 'mixed'
}
