import type { Framework } from '../../domain/detection.ts'
import { type Estimator, estimatorOf, WRAPPERS } from '../knowledge/estimators.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import { argumentFor } from '../names/arguments.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import { type Binding, lookUp, type Scope } from '../names/scope.ts'
import type { Call, Expr, Import } from '../syntax/tree.ts'
import { calledName, keywordOf, positionalOf } from '../syntax/walk.ts'

/** An object that a library's class makes, or the class itself. */
export interface Made {
  /** Canonical name of the class. */
  name: string
  framework: Framework
  /** Null for one that is no model, such as a scaler. */
  estimator: Estimator | null
  /** The call that makes it, or the name of the class. */
  node: Expr
  scope: Scope
}

/** Lines of a scope between which a name was given its value, the first not included. */
export interface Between {
  scope: Scope
  after: number
  until: number
}

const DEPTH = 16
/** Expressions that one question looks at, and all questions about one program together. */
const BUDGET = { question: 2000, program: 50_000 }
/** Callers of a function that are asked what they give it. */
const CALLERS = 12

/**
 * The estimators that an expression holds, looked for inside searches, pipelines and other wrappers, and in the lists
 * and dicts that a loop goes through.
 */
export class EstimatorSearch {
  private readonly names: Names
  private between: Between | null = null
  private seen = new Set<Expr>()
  private budget = 0
  private left = BUDGET.program
  private readonly appends = new Map<Module, Map<string, CallSite[]>>()

  constructor(names: Names) {
    this.names = names
  }

  /** @param between where a name of that scope must have got its value, if it got any there */
  in(value: Expr, scope: Scope, between: Between | null = null): Made[] {
    this.between = between
    this.seen = new Set()
    this.budget = Math.min(BUDGET.question, this.left)
    const given = this.budget
    const found = this.into(value, scope, 0)
    this.left -= given - this.budget
    return found
  }

  private into(value: Expr | null, scope: Scope, depth: number): Made[] {
    if (!value || depth > DEPTH || this.seen.has(value) || --this.budget < 0) return []
    this.seen.add(value)
    const within = (inner: Expr | null, at = scope) => this.into(inner, at, depth + 1)
    switch (value.kind) {
      case 'call':
        return this.call(value, scope, depth)
      case 'name':
      case 'attribute': {
        const direct = this.names.referent(value, scope)
        if (direct) return direct.kind === 'external' ? this.made(direct.name, value, scope) : []
        if (value.kind === 'name') return this.named(value.name, scope, depth)
        return this.names
          .ownersOf(value.object, scope)
          .flatMap((owner) => owner.attributes.get(value.name) ?? [])
          .flatMap((set) => within(set.value, set.scope))
      }
      case 'conditional':
        return [...within(value.then), ...within(value.otherwise)]
      case 'sequence':
        return value.elements.flatMap((element) => within(element))
      case 'comprehension':
        return value.elements.flatMap((element) => within(element))
      case 'subscript':
        return [
          ...this.values(value.object, scope, depth + 1),
          ...this.elements(value.object, scope, null, depth + 1),
        ]
      default:
        return []
    }
  }

  private made(name: string, node: Expr, scope: Scope): Made[] {
    const className = name.slice(name.lastIndexOf('.') + 1)
    const framework = frameworkOfName(name)
    return framework ? [{ name, framework, estimator: estimatorOf(className), node, scope }] : []
  }

  private call(call: Call, scope: Scope, depth: number): Made[] {
    const callee = this.names.referent(call.callee, scope)
    const within = (inner: Expr | null, at = scope) => this.into(inner, at, depth + 1)
    if (callee?.kind === 'own') {
      return (callee.scope.module.returns.get(callee.scope) ?? []).flatMap((one) => within(one, callee.scope))
    }
    if (callee?.kind === 'external') {
      const className = callee.name.slice(callee.name.lastIndexOf('.') + 1)
      if (WRAPPERS.has(className)) return within(insideOf(call, className))
      return this.made(callee.name, call, scope)
    }
    const method = call.callee.kind === 'attribute' ? call.callee : null
    if (method && /^(fit|set_params)$/.test(method.name)) return within(method.object)
    if (method && method.name === 'get') return this.values(method.object, scope, depth + 1)
    return method ? [] : within(call.callee)
  }

  private named(name: string, scope: Scope, depth: number): Made[] {
    const found = lookUp(name, scope)
    if (!found) return []
    const bindings = boundBetween(found.bindings, found.scope === this.between?.scope ? this.between : null)
    return bindings.flatMap((binding) => {
      if (binding.kind === 'value') return this.into(binding.value, found.scope, depth + 1)
      if (binding.kind === 'part') return this.into(binding.value, found.scope, depth + 1)
      if (binding.kind === 'import') return this.imported(binding.import, scope.module, depth)
      if (binding.kind === 'loop')
        return this.elements(binding.iterable, found.scope, binding.index, depth + 1)
      return this.given(binding).flatMap(([value, at]) => this.into(value, at, depth + 1))
    })
  }

  /** What a name is bound to in the module of the repository that it is imported from. */
  private imported({ module, level, name }: Import, from: Module, depth: number): Made[] {
    const path = name === null ? null : this.names.project.find(from.path, level, module)
    if (path === null || name === null || depth > DEPTH) return []
    return this.named(name, this.names.project.module(path).scope, depth + 1)
  }

  /** What callers give for a parameter; its default where none gives anything. */
  private given(binding: Binding): [Expr, Scope][] {
    if (binding.kind !== 'parameter') return []
    const { owner, index, parameter } = binding
    const values = this.names
      .callersOf(owner)
      .slice(0, CALLERS)
      .flatMap(({ call, scope }): [Expr, Scope][] => {
        const value = argumentFor(call, owner, index, parameter.name)
        return value ? [[value, scope]] : []
      })
    return values.length > 0 || !parameter.default ? values : [[parameter.default, owner]]
  }

  /** What a loop over an iterable gives, or one part of it. */
  private elements(iterable: Expr, scope: Scope, index: number | null, depth: number): Made[] {
    if (depth > DEPTH || --this.budget < 0) return []
    switch (iterable.kind) {
      case 'sequence':
        return iterable.elements.flatMap((element) => {
          const part = index !== null && element.kind === 'sequence' ? element.elements[index] : element
          return this.into(part ?? null, scope, depth + 1)
        })
      case 'comprehension':
        return this.into(iterable, scope, depth + 1)
      case 'call': {
        const [first, ...more] = positionalOf(iterable)
        const called = calledName(iterable)
        if (iterable.callee.kind === 'attribute' && /^(items|values)$/.test(called)) {
          return this.values(iterable.callee.object, scope, depth + 1)
        }
        if (called === 'zip') {
          const chosen = index === null ? [first, ...more] : [[first, ...more][index]]
          return chosen.flatMap((one) => (one ? this.elements(one, scope, null, depth + 1) : []))
        }
        return first && /^(enumerate|list|tuple|sorted|reversed|tqdm|iter)$/.test(called)
          ? this.elements(first, scope, null, depth + 1)
          : []
      }
      case 'name': {
        const found = lookUp(iterable.name, scope)
        const bound = (found?.bindings ?? []).flatMap((binding) => {
          if (binding.kind === 'value')
            return this.elements(binding.value, found?.scope ?? scope, index, depth + 1)
          if (binding.kind !== 'parameter') return []
          return this.given(binding).flatMap(([value, at]) => this.elements(value, at, index, depth + 1))
        })
        return [...bound, ...this.appended(iterable.name, scope, depth)]
      }
      default:
        return []
    }
  }

  /** What is appended to a list of that name in the same file. */
  private appended(name: string, scope: Scope, depth: number): Made[] {
    return (this.appendsOf(scope.module).get(name) ?? []).flatMap((site) =>
      site.call.args.flatMap(({ value }) => this.into(value, site.scope, depth + 1)),
    )
  }

  private appendsOf(module: Module): Map<string, CallSite[]> {
    const known = this.appends.get(module)
    if (known) return known
    const found = new Map<string, CallSite[]>()
    this.appends.set(module, found)
    for (const site of module.calls) {
      const { callee } = site.call
      if (callee.kind !== 'attribute' || callee.name !== 'append' || callee.object.kind !== 'name') continue
      const sites = found.get(callee.object.name)
      if (sites) sites.push(site)
      else found.set(callee.object.name, [site])
    }
    return found
  }

  /** The values of a dict. */
  private values(dict: Expr, scope: Scope, depth: number): Made[] {
    if (depth > DEPTH || --this.budget < 0) return []
    if (dict.kind === 'dict') return dict.entries.flatMap(({ value }) => this.into(value, scope, depth + 1))
    if (dict.kind === 'call' && calledName(dict) === 'dict') {
      return dict.args.flatMap(({ value }) => this.into(value, scope, depth + 1))
    }
    if (dict.kind === 'attribute') {
      return this.names
        .ownersOf(dict.object, scope)
        .flatMap((owner) => owner.attributes.get(dict.name) ?? [])
        .flatMap((set) => this.values(set.value, set.scope, depth + 1))
    }
    if (dict.kind !== 'name') return []
    const found = lookUp(dict.name, scope)
    const bound = (found?.bindings ?? []).flatMap((binding) => {
      if (binding.kind === 'value') return this.values(binding.value, found?.scope ?? scope, depth + 1)
      return this.given(binding).flatMap(([value, at]) => this.values(value, at, depth + 1))
    })
    const stored = scope.module.stores.flatMap(({ object, value, scope: at }) =>
      object.kind === 'name' && object.name === dict.name ? this.into(value, at, depth + 1) : [],
    )
    return [...bound, ...stored]
  }
}

/** The values that a name may have between two lines; the last one before them where it gets none there. */
function boundBetween(bindings: readonly Binding[], between: Between | null): readonly Binding[] {
  if (!between) return bindings
  const inside: Binding[] = []
  let before: Binding | null = null
  for (const binding of bindings) {
    if (binding.line > between.until) continue
    if (binding.line > between.after) inside.push(binding)
    else before = binding
  }
  if (inside.length > 0) return inside
  return before ? [before] : bindings
}

/** What a wrapper trains: of a pipeline the last step. */
function insideOf(call: Call, className: string): Expr | null {
  const positional = positionalOf(call)
  if (className === 'make_pipeline') return positional.at(-1) ?? null
  if (className !== 'Pipeline') {
    const named = ['estimator', 'base_estimator', 'regressor', 'model'].map((name) => keywordOf(call, name))
    return named.find((one) => one !== null) ?? positional[0] ?? null
  }
  const steps = keywordOf(call, 'steps') ?? positional[0]
  const last = steps?.kind === 'sequence' ? steps.elements.at(-1) : null
  return last?.kind === 'sequence' ? (last.elements[1] ?? null) : null
}
