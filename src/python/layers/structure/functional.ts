import { isModuleBase } from '../../knowledge/layers.ts'
import type { Module } from '../../names/module.ts'
import type { Names } from '../../names/names.ts'
import type { Scope } from '../../names/scope.ts'
import type { Expr, Statement } from '../../syntax/tree.ts'
import { calledName, childrenOf } from '../../syntax/walk.ts'
import { layerSpecOf } from '../specs.ts'
import type { Work } from '../work.ts'
import { type Chain, isWeighted, type Op } from './chain.ts'
import { type Block, blocksOf, bodiesOf, chainOf } from './find.ts'
import { type NestContext, nestStatement } from './nest.ts'
import { ownsItsLines } from './text.ts'

const CALLED = /^(__call__|call|forward)$/

/** `x = Dense(64)(x)`, one after the other from an input to an output, without branches. */
export function functionalChains(names: Names, module: Module, work: Work): Chain[] {
  return [...blocksOf(module)].flatMap((block) => {
    if (isMethod(names, block.scope) || !work.look(block.body.length)) return []
    const chain = functionalChain(names, module, block)
    return chain ? [chain] : []
  })
}

/** `forward` of a class is looked at with its `__init__`. */
const isMethod = (names: Names, { name, parent }: Scope): boolean =>
  CALLED.test(name) && parent?.kind === 'class' && names.externalBases(parent).some(isModuleBase)

function functionalChain(names: Names, module: Module, { body, scope }: Block): Chain | null {
  const context: NestContext = { names, scope, declared: new Map() }
  const ops: Op[] = []
  let current: string | null = null
  let started = false
  for (const [at, statement] of body.entries()) {
    if (started && (isModel(statement) || statement.kind === 'return') && !nestStatement(context, statement))
      break
    const found = nestStatement(context, statement)
    const layered = found?.nest.ops.some((op) => op.spec !== null) ?? false
    if (!found || (!started && !layered)) {
      if (started && !isHarmless(statement, current)) return null
      continue
    }
    const { nest, item } = found
    if (!started) {
      if (!isInput(names, scope, body.slice(0, at), nest.base.name)) return null
      started = true
    } else if (nest.base.name !== current) {
      // Another path: there are branches. After the end of the chain anything may follow.
      if (layered) return null
      continue
    }
    if (!ownsItsLines(module.file.text, statement)) return null
    ops.push(...nest.ops)
    current = item.target
    if (item.form === 'return') break
  }
  return ops.filter(isWeighted).length > 1 ? chainOf(module, scope, ops) : null
}

/** What goes in is made by `Input(...)`, or is given to a model's own method. */
function isInput(names: Names, scope: Scope, before: readonly Statement[], name: string): boolean {
  for (const statement of before.toReversed()) {
    if (statement.kind !== 'assign' || statement.value?.kind !== 'call') continue
    if (!statement.targets.some((target) => target.kind === 'name' && target.name === name)) continue
    const callee = names.calleeOf({ call: statement.value, scope })
    return callee !== null && layerSpecOf(callee)?.kind === 'input'
  }
  const given = scope.bindings.get(name)?.some((binding) => binding.kind === 'parameter') ?? false
  return given && names.callersOf(scope).length === 0
}

/** Whether a statement between two layers leaves the tensor alone. */
function isHarmless(statement: Statement, current: string | null): boolean {
  if (current === null) return true
  if (
    statement.kind === 'expression' &&
    statement.value.kind === 'call' &&
    calledName(statement.value) === 'print'
  ) {
    return true
  }
  return !reads(statement, current)
}

/** `model = Model(inputs, x)`: what comes after it is not about the model's layers. */
function isModel(statement: Statement): boolean {
  const value = statement.kind === 'assign' || statement.kind === 'expression' ? statement.value : null
  return value?.kind === 'call' && /^(Model|Functional)$/.test(calledName(value))
}

/** Whether a name is read or set anywhere in a statement. */
function reads(statement: Statement, name: string): boolean {
  return (
    expressionsIn(statement).some((value) => mentions(value, name, 0)) ||
    bodiesOf(statement).some((body) => body.some((one) => reads(one, name)))
  )
}

const mentions = (value: Expr, name: string, depth: number): boolean =>
  (value.kind === 'name' && value.name === name) ||
  (depth < 60 && childrenOf(value).some((child) => mentions(child, name, depth + 1)))

function expressionsIn(statement: Statement): Expr[] {
  switch (statement.kind) {
    case 'assign':
      return [...statement.targets, ...(statement.value ? [statement.value] : [])]
    case 'expression':
    case 'return':
      return statement.value ? [statement.value] : []
    case 'for':
      return [statement.iterable]
    case 'while':
      return [statement.condition]
    case 'if':
      return statement.branches.flatMap(({ condition }) => condition ?? [])
    case 'with':
      return statement.items.map(({ value }) => value)
    case 'other':
      return statement.values
    default:
      return []
  }
}
