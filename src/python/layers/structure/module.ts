import { isModuleBase } from '../../knowledge/layers.ts'
import type { Module } from '../../names/module.ts'
import type { Names } from '../../names/names.ts'
import type { Scope } from '../../names/scope.ts'
import type { FunctionDef, Statement } from '../../syntax/tree.ts'
import { calledName, dottedName } from '../../syntax/walk.ts'
import { type Read, readsOf } from '../reads.ts'
import { isSequential } from '../specs.ts'
import type { Work } from '../work.ts'
import { type Chain, type Item, isWeighted, type Op } from './chain.ts'
import { chainOf, layerOp, listedOps } from './find.ts'
import { type Declared, type NestContext, nestStatement } from './nest.ts'
import { ownsItsLines } from './text.ts'

const FORWARD = ['forward', 'call', '__call__']
const BUILD = /^(__init__|setup|build)$/

/** Classes whose `forward` sends its input through one layer after the other. */
export function moduleChains(names: Names, module: Module, work: Work): Chain[] {
  let reads: Map<string, Read[]> | null = null
  return module.scopes.flatMap((scope) => {
    if (scope.kind !== 'class' || !names.externalBases(scope).some(isModuleBase)) return []
    if (!work.look(module.scopes.length + module.strings.length)) return []
    reads ??= readsOf([module])
    const chain = moduleChain(names, module, scope, reads)
    return chain ? [chain] : []
  })
}

function moduleChain(
  names: Names,
  module: Module,
  owner: Scope,
  reads: ReadonlyMap<string, readonly Read[]>,
): Chain | null {
  const forward = FORWARD.flatMap((name) => methodIn(module, owner, name) ?? [])[0]
  if (forward?.node.kind !== 'function') return null
  const context: NestContext = {
    names,
    scope: forward.scope,
    declared: declarationsIn(names, module, owner, reads),
  }
  const [, input] = forward.node.parameters
  let current = input?.name ?? null
  const ops: Op[] = []
  for (const statement of forward.node.body) {
    const found = nestStatement(context, statement)
    if (!found) {
      if (isHarmless(statement)) continue
      return null
    }
    const { nest, item } = found
    if (nest.base.name !== current || !ownsItsLines(module.file.text, statement)) return null
    ops.push(...nest.ops)
    current = item.target
    if (item.form === 'return') break
  }
  if (ops.filter(isWeighted).length < 2) return null
  const chain = chainOf(module, forward.scope, ops)
  for (const name of [...owner.attributes.keys(), ...owner.bindings.keys()]) chain.taken.add(name)
  return chain
}

function methodIn(module: Module, owner: Scope, name: string): { node: FunctionDef; scope: Scope } | null {
  const scope = module.scopes.find(
    (one) => one.parent === owner && one.kind === 'function' && one.name === name,
  )
  return scope?.node?.kind === 'function' ? { node: scope.node, scope } : null
}

/** `print(x.shape)`, a docstring, `batch = x.size(0)`. */
function isHarmless(statement: Statement): boolean {
  if (statement.kind === 'expression') {
    return (
      statement.value.kind === 'string' ||
      (statement.value.kind === 'call' && calledName(statement.value) === 'print')
    )
  }
  if (statement.kind !== 'assign' || !statement.value) return false
  const { value } = statement
  const read = value.kind === 'subscript' ? value.object : value
  if (read.kind === 'attribute') return read.name === 'shape'
  return read.kind === 'call' && calledName(read) === 'size'
}

/** Layers and containers of layers that `__init__` puts into attributes, each once. */
function declarationsIn(
  names: Names,
  module: Module,
  owner: Scope,
  reads: ReadonlyMap<string, readonly Read[]>,
): Map<string, Declared> {
  const declared = new Map<string, Declared>()
  for (const build of module.scopes.filter((one) => one.parent === owner && BUILD.test(one.name))) {
    if (build.node?.kind !== 'function') continue
    for (const statement of build.node.body) {
      const [target, more] = statement.kind === 'assign' ? statement.targets : []
      if (target?.kind !== 'attribute' || more || dottedName(target.object) !== 'self') continue
      const value = statement.kind === 'assign' ? statement.value : null
      if (value?.kind !== 'call' || owner.attributes.get(target.name)?.length !== 1) continue
      if (!ownsItsLines(module.file.text, statement)) continue
      const count = (reads.get(target.name) ?? []).filter(({ expr }) => expr.kind === 'attribute').length
      const declaration = { name: target.name, statement, reads: count }
      const item: Item = {
        range: statement,
        form: 'statement',
        target: null,
        base: null,
        value: null,
        siblings: null,
      }
      const callee = names.calleeOf({ call: value, scope: build })
      const container = callee !== null && isSequential(callee)
      const op = container ? null : layerOp(names, build, value, item)
      const ops = container ? listedOps(names, build, value) : op && [op]
      if (ops) declared.set(target.name, { declaration, ops, container })
    }
  }
  return declared
}
