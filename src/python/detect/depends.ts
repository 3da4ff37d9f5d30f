import { type Binding, lookUp, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { childrenOf, dottedName } from '../syntax/walk.ts'

const DEPTH = 6
/** Expressions that one question looks at. */
const BUDGET = 400
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
  let budget = BUDGET
  const seen = new Set<string>()
  const holds = (one: Expr, depth: number): boolean => {
    if (--budget < 0 || (one.kind === 'attribute' && MEASURES.test(one.name))) return false
    if (dottedName(one) === dotted) return true
    if (one.kind !== 'name') return childrenOf(one).some((child) => holds(child, depth))
    if (depth >= DEPTH || seen.has(one.name)) return false
    seen.add(one.name)
    return (lookUp(one.name, scope)?.bindings ?? []).some(
      (binding) =>
        follows.includes(binding.kind) &&
        (binding.kind === 'value' || binding.kind === 'part' || binding.kind === 'changed') &&
        holds(binding.value, depth + 1),
    )
  }
  return holds(value, 0)
}
