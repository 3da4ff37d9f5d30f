import type { Call, Expr } from '../syntax/tree.ts'
import type { Scope } from './scope.ts'

/** The argument that a parameter gets; `self` is not counted for a class and a method. */
export function argumentFor(call: Call, owner: Scope, index: number, name: string): Expr | null {
  const keyword = call.args.find((argument) => argument.name === name)
  if (keyword) return keyword.value
  const method = owner.parent?.kind === 'class' && owner.node?.kind === 'function'
  const statics = owner.node?.decorators.some(
    (decorator) => decorator.kind === 'name' && decorator.name === 'staticmethod',
  )
  const at = method && !statics ? index - 1 : index
  const end = call.args.findIndex((argument) => argument.spread !== '')
  const plain = (end === -1 ? call.args : call.args.slice(0, end)).filter(
    (argument) => argument.name === null,
  )
  return plain[at]?.value ?? null
}
