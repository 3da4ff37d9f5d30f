import type { Call, Expr, NumberLiteral } from './tree.ts'

/** The expressions directly inside one, in the order of the source. */
export function childrenOf(value: Expr): Expr[] {
  switch (value.kind) {
    case 'number':
    case 'constant':
    case 'name':
      return []
    case 'string':
      return value.parts
    case 'attribute':
      return [value.object]
    case 'subscript':
      return [value.object, ...value.index]
    case 'call':
      return [value.callee, ...value.args.map((argument) => argument.value)]
    case 'sequence':
      return value.elements
    case 'dict':
      return value.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]))
    case 'operation':
      return value.operands
    case 'conditional':
      return [value.then, value.condition, value.otherwise]
    case 'lambda':
      return [...value.parameters.flatMap((parameter) => parameter.default ?? []), value.body]
    case 'comprehension':
      return [...value.elements, ...value.clauses.map((clause) => clause.iterable), ...value.conditions]
    case 'other':
      return value.children
  }
}

/** The expression and all inside it, depth first. */
export function* walk(value: Expr): Generator<Expr> {
  yield value
  for (const child of childrenOf(value)) yield* walk(child)
}

/** `a.b.c` as text; null for anything else. */
export function dottedName(value: Expr): string | null {
  if (value.kind === 'name') return value.name
  if (value.kind !== 'attribute') return null
  const object = dottedName(value.object)
  return object === null ? null : `${object}.${value.name}`
}

/** The last name of what is called: `fit` of `model.fit()`. */
export const calledName = (call: Call): string =>
  call.callee.kind === 'attribute' || call.callee.kind === 'name' ? call.callee.name : ''

/** The positional arguments before any `*`. */
export function positionalOf(call: Call): Expr[] {
  const end = call.args.findIndex((argument) => argument.spread === '*')
  const plain = end === -1 ? call.args : call.args.slice(0, end)
  return plain.flatMap((argument) => (argument.name === null && argument.spread === '' ? argument.value : []))
}

export const keywordOf = (call: Call, name: string): Expr | null =>
  call.args.find((argument) => argument.name === name)?.value ?? null

/** The argument of a name, or the one at a place (counted from 0). */
export const argumentOf = (call: Call, name: string, index: number): Expr | null =>
  keywordOf(call, name) ?? positionalOf(call)[index] ?? null

export const isNumber = (value: Expr | null | undefined): value is NumberLiteral => value?.kind === 'number'

export const stringOf = (value: Expr | null | undefined): string | null =>
  value?.kind === 'string' ? value.value : null
