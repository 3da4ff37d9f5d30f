import type { Module } from '../../names/module.ts'
import type { Names } from '../../names/names.ts'
import type { Scope } from '../../names/scope.ts'
import type { Call, Expr, Statement } from '../../syntax/tree.ts'
import { calledName, dottedName, positionalOf } from '../../syntax/walk.ts'
import { isSequential, layerSpecOf } from '../specs.ts'
import type { Work } from '../work.ts'
import { type Chain, type Item, isWeighted, type Op } from './chain.ts'
import { kindOfFunction, kindOfLayer } from './classify.ts'
import { ownsItsLines } from './text.ts'

export interface Block {
  body: readonly Statement[]
  scope: Scope
}

/** All lists of statements of a module, each with the scope it is in. */
export function* blocksOf(module: Module): Generator<Block> {
  const scopes = new Map(module.scopes.map((scope) => [scope.node, scope]))
  const open: Block[] = [{ body: module.body, scope: module.scope }]
  for (let block = open.pop(); block; block = open.pop()) {
    yield block
    const { scope } = block
    for (const statement of block.body) {
      const inner =
        statement.kind === 'function' || statement.kind === 'class' ? (scopes.get(statement) ?? scope) : scope
      for (const body of bodiesOf(statement)) open.push({ body, scope: inner })
    }
  }
}

export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
    case 'with':
      return [statement.body]
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise]
    case 'if':
      return statement.branches.map((branch) => branch.body)
    case 'try':
      return [statement.body, ...statement.handlers, statement.otherwise]
    case 'match':
      return statement.cases
    default:
      return []
  }
}

/** A layer of a library that an expression makes, and its place in a chain; null for anything else. */
export function layerOp(names: Names, scope: Scope, value: Expr, item: Item): Op | null {
  const base = { declaration: null, container: null, expr: value, inner: null, item }
  if (value.kind === 'name' || value.kind === 'attribute') {
    // A function or a layer without parameters in a list: `jax.nn.relu`, `Relu`.
    const referent = names.referent(value, scope)
    if (referent?.kind !== 'external') return null
    const { kind, spec } = kindOfLayer(referent.name)
    const found = spec ? kind : kindOfFunction(referent.name)
    return found === 'other' ? null : { ...base, kind: found, callee: referent.name, spec, call: null }
  }
  if (value.kind !== 'call') return null
  const callee = names.calleeOf({ call: value, scope })
  if (callee === null || !layerSpecOf(callee)) return null
  return { ...base, ...kindOfLayer(callee), callee, call: value }
}

/** What comes before the first layer may be anything, such as another model. */
const unknownOp = (value: Expr, item: Item): Op => ({
  kind: 'other',
  callee: '',
  spec: null,
  call: null,
  declaration: null,
  container: null,
  expr: value,
  inner: null,
  item,
})

/** `model = Sequential()` with `model.add(...)` after it in the same block. */
export function addChains(names: Names, module: Module, work: Work): Chain[] {
  const chains: Chain[] = []
  for (const { body, scope } of blocksOf(module)) {
    for (const [at, statement] of body.entries()) {
      const name =
        statement.kind === 'assign' ? dottedName(statement.targets[0] ?? statement.value ?? EMPTY) : null
      const made = statement.kind === 'assign' ? statement.value : null
      if (name === null || made?.kind !== 'call' || made.args.length > 0) continue
      const callee = names.calleeOf({ call: made, scope })
      if (callee === null || !isSequential(callee)) continue
      if (!work.look(body.length + module.strings.length)) return []
      const chain = addChain(names, module, { body: body.slice(at + 1), scope }, name)
      if (chain) chains.push(chain)
    }
  }
  return chains
}

const EMPTY: Expr = { kind: 'constant', value: null, start: 0, end: 0, line: 0 }

function addChain(names: Names, module: Module, { body, scope }: Block, name: string): Chain | null {
  const { text } = module.file
  const ops: Op[] = []
  let added = 0
  for (const statement of body) {
    if (statement.kind === 'assign' && statement.targets.some((target) => dottedName(target) === name)) break
    added += addsIn(statement, name)
    if (statement.kind !== 'expression' || statement.value.kind !== 'call') continue
    const { value } = statement
    if (
      value.callee.kind !== 'attribute' ||
      value.callee.name !== 'add' ||
      dottedName(value.callee.object) !== name
    )
      continue
    const [layer, more] = positionalOf(value)
    const item: Item = {
      range: statement,
      form: 'statement',
      target: null,
      base: null,
      value: null,
      siblings: null,
    }
    const known = layer && !more ? layerOp(names, scope, layer, item) : null
    const op = known ?? (layer && !ops.some(isWeighted) ? unknownOp(layer, item) : null)
    if (!op || !ownsItsLines(text, statement)) return null
    ops.push(op)
  }
  // An `add` in a loop or under a condition: there is more than this block tells.
  return added === ops.length ? chainOf(module, scope, ops) : null
}

/** How often a statement adds to a model, in the blocks inside of it too. */
function addsIn(statement: Statement, name: string): number {
  if (statement.kind === 'expression') {
    const { value } = statement
    const adds =
      value.kind === 'call' && /^(add|pop)$/.test(calledName(value)) && value.callee.kind === 'attribute'
    return adds && value.callee.kind === 'attribute' && dottedName(value.callee.object) === name ? 1 : 0
  }
  return bodiesOf(statement).reduce(
    (sum, body) => sum + body.reduce((inner, one) => inner + addsIn(one, name), 0),
    0,
  )
}

export const chainOf = (module: Module, scope: Scope, ops: Op[]): Chain => ({
  module,
  scope,
  ops,
  inferred: ops.every((op) => op.spec === null || op.spec.inferred || !isWeighted(op)),
  taken: new Set(module.strings.map(({ value }) => value)),
  copied: new Map(),
})

/** The elements of `Sequential([...])` and `Sequential(...)`. */
export function elementsOf(call: Call): readonly Expr[] | null {
  const [first, more] = call.args
  if (call.args.some(({ spread }) => spread !== '')) return null
  if (first && !more && first.value.kind === 'sequence' && first.value.type === 'list')
    return first.value.elements
  return call.args.every(({ name }) => name === null) ? call.args.map(({ value }) => value) : null
}

/** The layers that a container lists; null where one is not known. */
export function listedOps(names: Names, scope: Scope, call: Call): Op[] | null {
  const elements = elementsOf(call)
  if (!elements) return null
  const siblings = elements.map(({ start, end }) => ({ start, end }))
  const ops: Op[] = []
  for (const element of elements) {
    const item: Item = { range: element, form: 'element', target: null, base: null, value: null, siblings }
    const op =
      layerOp(names, scope, element, item) ?? (ops.some(isWeighted) ? null : unknownOp(element, item))
    if (!op) return null
    ops.push(op)
  }
  return ops
}

/** `model = Sequential([...])` outside of classes, to which nothing is added. */
export function listChains(names: Names, module: Module, work: Work): Chain[] {
  return module.calls.flatMap(({ call, scope }): Chain[] => {
    const callee = names.calleeOf({ call, scope })
    if (callee === null || !isSequential(callee) || scope.kind === 'class' || call.args.length === 0)
      return []
    const method = scope.parent?.kind === 'class'
    if (method && !callee.startsWith('keras.')) return []
    if (!work.look(module.calls.length + module.strings.length)) return []
    if (!work.spend(call.args.length)) return []
    const ops = listedOps(names, scope, call)
    const changed = module.calls.some(
      (site) =>
        site.scope === scope && /^(add|pop|add_module)$/.test(calledName(site.call)) && isModel(site.call),
    )
    return ops && !changed ? [chainOf(module, scope, ops)] : []
  })
}

const isModel = (call: Call) =>
  call.callee.kind === 'attribute' && /model|net|seq|classifier/i.test(dottedName(call.callee.object) ?? '')
