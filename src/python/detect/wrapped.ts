import type { Framework } from '../../domain/detection.ts'
import { type Estimator, estimatorOf, WRAPPERS } from '../knowledge/estimators.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { Names } from '../names/names.ts'
import { lookUp, type Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { keywordOf, positionalOf } from '../syntax/walk.ts'

/** An object that a library's class makes. */
export interface Made {
  /** Canonical name of the class. */
  name: string
  framework: Framework
  /** Null for one that is no model, such as a scaler. */
  estimator: Estimator | null
  call: Call
  scope: Scope
}

const DEPTH = 12

/** The estimators that an expression holds, looked for inside searches, pipelines and other wrappers. */
export function estimatorsIn(names: Names, value: Expr, scope: Scope, depth = 0): Made[] {
  if (depth > DEPTH) return []
  const into = (inner: Expr | null, at = scope) => (inner ? estimatorsIn(names, inner, at, depth + 1) : [])
  switch (value.kind) {
    case 'call': {
      const callee = names.referent(value.callee, scope)
      if (callee?.kind === 'own') {
        return (callee.scope.module.returns.get(callee.scope) ?? []).flatMap((one) => into(one, callee.scope))
      }
      if (callee?.kind !== 'external') {
        return value.callee.kind === 'attribute' && /^(fit|set_params)$/.test(value.callee.name)
          ? into(value.callee.object)
          : []
      }
      const className = callee.name.slice(callee.name.lastIndexOf('.') + 1)
      if (WRAPPERS.has(className)) return into(insideOf(value, className))
      const framework = frameworkOfName(callee.name)
      if (!framework) return []
      return [{ name: callee.name, framework, estimator: estimatorOf(className), call: value, scope }]
    }
    case 'name': {
      const found = lookUp(value.name, scope)
      for (const binding of found?.bindings.toReversed() ?? []) {
        if (binding.kind !== 'value') continue
        const inside = into(binding.value, found?.scope)
        if (inside.length > 0) return inside
      }
      return []
    }
    case 'attribute':
      return names
        .ownersOf(value.object, scope)
        .flatMap((owner) => owner.attributes.get(value.name) ?? [])
        .slice(0, 4)
        .flatMap((set) => into(set.value, set.scope))
    case 'conditional':
      return [...into(value.then), ...into(value.otherwise)]
    default:
      return []
  }
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
