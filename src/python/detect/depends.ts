import { type Binding, classOf, lookUp, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { childrenOf, dottedName } from '../syntax/walk.ts'

const DEPTH = 6
/** Expressions that one question looks at. */
const BUDGET = 400
/** Values of one name that are looked at. */
const BINDINGS = 16
/** What says how large something is, not what is in it. */
const MEASURES = /^(shape|size|dtype|device|ndim|name|columns|index)$/

/** Same name or same dotted name. */
export function sameName(one: Expr, other: Expr): boolean {
  const name = dottedName(one)
  return name !== null && name === dottedName(other)
}

/** Whether an expression or anything inside it passes a test. */
export const contains = (value: Expr, test: (one: Expr) => boolean): boolean =>
  test(value) || childrenOf(value).some((child) => contains(child, test))

/** What a name, or an attribute of `self`, is bound to in its function, class or module. */
export function boundTo(value: Expr, scope: Scope, kinds: readonly Binding['kind'][]): Expr[] {
  if (value.kind === 'attribute') {
    const own = value.object.kind === 'name' && value.object.name === 'self'
    return own ? (classOf(scope)?.attributes.get(value.name) ?? []).map((set) => set.value) : []
  }
  if (value.kind !== 'name') return []
  return (lookUp(value.name, scope)?.bindings ?? []).slice(0, BINDINGS).flatMap((binding) => {
    if (!kinds.includes(binding.kind)) return []
    return binding.kind === 'value' || binding.kind === 'part' || binding.kind === 'changed'
      ? binding.value
      : []
  })
}

/**
 * Whether a value is made of a name, through what other names of the same function are bound to.
 * @param dotted a name or dotted name, such as `batch.text`
 * @param follows the bindings that count
 */
export function dependsOn(
  value: Expr,
  dotted: string,
  scope: Scope,
  follows: readonly Binding['kind'][] = ['value', 'part', 'changed'],
): boolean {
  return reaches(value, scope, (one) => dottedName(one) === dotted, follows)
}

/** Whether a value, or what the names in it are bound to, holds an expression that passes a test. */
export function reaches(
  value: Expr,
  scope: Scope,
  test: (one: Expr) => boolean,
  follows: readonly Binding['kind'][] = ['value', 'part', 'changed'],
): boolean {
  let budget = BUDGET
  const seen = new Set<string>()
  const holds = (one: Expr, depth: number): boolean => {
    if (--budget < 0 || (one.kind === 'attribute' && MEASURES.test(one.name))) return false
    if (test(one)) return true
    if (childrenOf(one).some((child) => holds(child, depth))) return true
    const name = follows.length > 0 && depth < DEPTH ? dottedName(one) : null
    if (name === null || seen.has(name)) return false
    seen.add(name)
    return boundTo(one, scope, follows).some((bound) => holds(bound, depth + 1))
  }
  return holds(value, 0)
}
