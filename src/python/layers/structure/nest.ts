import type { Names } from '../../names/names.ts'
import type { Scope } from '../../names/scope.ts'
import type { Attribute, Call, Expr, Name, Statement } from '../../syntax/tree.ts'
import { dottedName, positionalOf } from '../../syntax/walk.ts'
import type { Container, Declaration, Item, Op } from './chain.ts'
import { kindOfFunction } from './classify.ts'
import { layerOp } from './find.ts'

/** What `self.conv1` stands for in a chain. */
export interface Declared {
  declaration: Declaration
  /** The layer, or the layers of a container. */
  ops: Op[]
  container: boolean
}

/** Layers that are applied inside of one another: the innermost first, and what goes in. */
export interface Nest {
  ops: Op[]
  base: Name
}

export interface NestContext {
  names: Names
  scope: Scope
  /** Attributes of a model's class. */
  declared: ReadonlyMap<string, Declared>
}

/** `F.relu(self.conv1(x))`, `Dense(64)(x)`, `x.view(-1, 320)`; null for anything else. */
function nestOf(context: NestContext, value: Expr, item: Item, depth = 0): Nest | null {
  if (value.kind === 'name') return { ops: [], base: value }
  if (value.kind !== 'call' || depth > 12) return null
  const [first] = positionalOf(value)
  const inside = (inner: Expr | undefined) => (inner ? nestOf(context, inner, item, depth + 1) : null)
  const { callee } = value
  if (callee.kind === 'call') {
    const op = layerOp(context.names, context.scope, callee, item)
    const nest = op && inside(first)
    return nest && op && first ? { ...nest, ops: [...nest.ops, { ...op, expr: value, inner: first }] } : null
  }
  const declared = declaredBy(context, callee)
  if (declared) {
    const nest = inside(first)
    return nest && first ? { ...nest, ops: [...nest.ops, ...appliedOps(declared, value, first, item)] } : null
  }
  const referent = context.names.referent(callee, context.scope)
  if (referent?.kind === 'external') return applied(inside(first), referent.name, value, first, item)
  if (referent || callee.kind !== 'attribute') return null
  return applied(inside(callee.object), callee.name, value, callee.object, item)
}

function applied(
  nest: Nest | null,
  callee: string,
  call: Call,
  inner: Expr | undefined,
  item: Item,
): Nest | null {
  if (!nest || !inner) return null
  const kind = kindOfFunction(callee)
  const op: Op = {
    kind,
    callee,
    spec: null,
    call,
    declaration: null,
    container: null,
    expr: call,
    inner,
    item,
  }
  return { ...nest, ops: [...nest.ops, op] }
}

function declaredBy({ declared }: NestContext, callee: Expr): Declared | null {
  if (callee.kind !== 'attribute' || dottedName(callee.object) !== 'self') return null
  return declared.get(callee.name) ?? null
}

function appliedOps({ declaration, ops, container }: Declared, expr: Call, inner: Expr, item: Item): Op[] {
  if (!container) return ops.map((op) => ({ ...op, declaration, expr, inner, item }))
  const holder: Container = { declaration, op: { expr, inner, item } }
  return ops.map((op) => ({ ...op, container: holder }))
}

/** The name of the attribute in `self.conv1(...)`. */
export function attributeRange({ end, name }: Attribute): { start: number; end: number } {
  return { start: end - name.length, end }
}

/** An assignment to one name, or a `return`, of what layers make of another name. */
export function nestStatement(context: NestContext, statement: Statement): { nest: Nest; item: Item } | null {
  const given =
    statement.kind === 'return' || (statement.kind === 'assign' && statement.operator === null)
      ? statement.value
      : null
  if (!given) return null
  const [target, more] = statement.kind === 'assign' ? statement.targets : []
  if (statement.kind === 'assign' && (target?.kind !== 'name' || more)) return null
  const item: Item = {
    range: statement,
    form: statement.kind === 'return' ? 'return' : 'statement',
    target: target?.kind === 'name' ? target.name : null,
    base: null,
    value: given,
    siblings: null,
  }
  const nest = nestOf(context, given, item)
  if (!nest) return null
  item.base = nest.base
  return { nest, item }
}
