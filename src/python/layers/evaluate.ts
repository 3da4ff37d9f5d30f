import type { Expr, Operation } from '../syntax/tree.ts'
import { freezeTensors } from './context.ts'
import { arithmetic } from './functions.ts'
import { memberOf } from './members.ts'
import { indexed } from './methods.ts'
import { bindName, frameOf, importedVariable, type Runner, truth, variable } from './runner.ts'
import { numberOf, type Size } from './sizes.ts'
import { type Frame, tensorsIn, UNKNOWN, type Value } from './values.ts'

const BUILTIN =
  /^(len|range|list|tuple|int|float|enumerate|zip|reversed|print|isinstance|super|type|map|sum|max|min)$/

/** What an expression gives, as far as models go. */
export function evaluate(runner: Runner, value: Expr, frame: Frame): Value {
  if (!runner.spend()) return UNKNOWN
  const { scope } = frame
  switch (value.kind) {
    case 'number': {
      if (value.float || !Number.isInteger(value.value)) return { kind: 'constant', value: null }
      const origin = { literal: value, file: scope.module.file, scope, names: [] }
      return { kind: 'size', size: [runner.sizes.literal(origin)] }
    }
    case 'constant':
      return { kind: 'constant', value: value.value }
    case 'string':
      return value.value === null ? UNKNOWN : { kind: 'text', value: value.value }
    case 'name':
      return named(runner, value, frame)
    case 'attribute':
      return attribute(runner, value, frame)
    case 'subscript':
      return subscript(runner, value, frame)
    case 'call':
      return called(runner, value, frame)
    case 'sequence':
      return { kind: 'list', values: value.elements.flatMap((element) => spreadOf(runner, element, frame)) }
    case 'dict': {
      for (const entry of value.entries) runner.evaluate(entry.value, frame)
      return followed(runner, value, frame)
    }
    case 'operation':
      return operation(runner, value, frame)
    case 'conditional': {
      const condition = truth(runner.evaluate(value.condition, frame))
      if (condition !== null) return runner.evaluate(condition ? value.then : value.otherwise, frame)
      const both = [runner.evaluate(value.then, frame), runner.evaluate(value.otherwise, frame)]
      return oneOf(runner, both)
    }
    case 'comprehension':
      return comprehension(runner, value, frame)
    case 'lambda':
      return UNKNOWN
    case 'other': {
      const inner = value.children.map((child) => runner.evaluate(child, frame))
      const [only, more] = inner
      return only && !more && only.kind !== 'size' ? only : UNKNOWN
    }
  }
}

/** `*layers` in a list. */
function spreadOf(runner: Runner, element: Expr, frame: Frame): Value[] {
  const [inner, more] = element.kind === 'other' ? element.children : []
  const starred = inner && !more && frame.scope.module.file.text[element.start] === '*'
  const value = runner.evaluate(starred ? inner : element, frame)
  return starred && value.kind === 'list' ? value.values : [value]
}

function named(runner: Runner, value: Extract<Expr, { kind: 'name' }>, frame: Frame): Value {
  const { scope } = frame
  const found = variable(frame, value.name)
  if (found) return found
  if (value.name === '__name__') {
    return { kind: 'text', value: scope.module === runner.entry ? '__main__' : scope.module.path }
  }
  const referent = runner.names.referent(value, scope)
  if (referent?.kind === 'external') return { kind: 'external', name: referent.name }
  if (referent?.kind === 'own') {
    const own = referent.scope
    if (own.kind === 'class') return { kind: 'class', scope: own }
    return { kind: 'function', scope: own, self: null, frame: runner.modules.get(own.module.path) ?? null }
  }
  const imported = importedVariable(runner, value.name, scope)
  if (imported) return imported
  if (BUILTIN.test(value.name)) return { kind: 'external', name: value.name }
  return followed(runner, value, frame)
}

function attribute(runner: Runner, value: Extract<Expr, { kind: 'attribute' }>, frame: Frame): Value {
  const object = runner.evaluate(value.object, frame)
  const member = memberOf(runner, object, value.name)
  if (member) return member
  if (object.kind === 'unknown' || object.kind === 'external' || object.kind === 'class') {
    const referent = runner.names.referent(value, frame.scope)
    if (referent?.kind === 'external') return { kind: 'external', name: referent.name }
    if (referent?.kind === 'own') {
      const own = referent.scope
      if (own.kind === 'class') return { kind: 'class', scope: own }
      if (own.kind === 'function') {
        return {
          kind: 'function',
          scope: own,
          self: null,
          frame: runner.modules.get(own.module.path) ?? null,
        }
      }
    }
    const inner = runner.names.referent(value.object, frame.scope)
    if (inner?.kind === 'module') {
      const found = runner.modules.get(inner.module.path)?.vars.get(value.name)
      if (found) return found
    }
  }
  return followed(runner, value, frame)
}

/** The only literal that a value comes from, where running the program does not tell. */
function followed(runner: Runner, value: Expr, frame: Frame): Value {
  const [origin, more] = runner.flow.origins(value, frame.scope)
  if (!origin || more) return UNKNOWN
  const { literal } = origin
  if (literal.kind === 'number' && !literal.float)
    return { kind: 'size', size: [runner.sizes.literal(origin)] }
  if (literal.kind === 'string' && literal.value !== null) return { kind: 'text', value: literal.value }
  if (literal.kind === 'constant') return { kind: 'constant', value: literal.value }
  if (literal.kind !== 'sequence' || !origin.scope || literal.elements.length > 64) return UNKNOWN
  const inner = frameOf(origin.scope, runner.modules.get(origin.file.path) ?? null, null)
  const list: Value = { kind: 'list', values: literal.elements.map((one) => runner.evaluate(one, inner)) }
  for (const name of origin.names) bindName(list, name)
  return list
}

function subscript(runner: Runner, value: Extract<Expr, { kind: 'subscript' }>, frame: Frame): Value {
  const object = runner.evaluate(value.object, frame)
  const [index, more] = value.index
  const texts = value.index.map((one) => frame.scope.module.file.text.slice(one.start, one.end))
  if (object.kind === 'tensor') return indexed(runner, object, texts)
  if ((object.kind === 'list' || object.kind === 'chain') && index && !more) {
    const values = object.kind === 'list' ? object.values : object.items
    const at = runner.evaluate(index, frame)
    if (at.kind === 'size') {
      const number = numberOf(at.size)
      return values.at(number) ?? UNKNOWN
    }
    freezeTensors(runner, values, 'it is picked out of a list')
    return UNKNOWN
  }
  for (const one of value.index) runner.evaluate(one, frame)
  return followed(runner, value, frame)
}

function called(runner: Runner, value: Extract<Expr, { kind: 'call' }>, frame: Frame): Value {
  const callee = runner.evaluate(value.callee, frame)
  let spread = false
  const given = value.args.flatMap(({ name, spread: star, value: expr }) => {
    const inner = runner.evaluate(expr, frame)
    if (star === '') return [{ name, value: inner, expr }]
    if (star === '*' && inner.kind === 'list') {
      return inner.values.map((one) => ({ name: null, value: one, expr }))
    }
    spread = true
    return []
  })
  const result = runner.call(callee, given, { call: value, frame, spread })
  return result.kind === 'unknown' ? followed(runner, value, frame) : result
}

function operation(runner: Runner, value: Operation, frame: Frame): Value {
  const operands = value.operands.map((operand) => runner.evaluate(operand, frame))
  const [left, right] = operands
  const { operator } = value
  if (operands.some((one) => one.kind === 'tensor')) return arithmetic(runner, operator, operands)
  if (!left) return UNKNOWN
  if (operator === 'not') {
    const known = truth(left)
    return known === null ? UNKNOWN : { kind: 'constant', value: !known }
  }
  if (!right) return UNKNOWN
  if (operator === 'and' || operator === 'or') {
    const known = truth(left)
    if (known === null) return followed(runner, value, frame)
    return known === (operator === 'and') ? right : left
  }
  if (operator === '==' || operator === '!=' || operator === 'is' || operator === 'is not') {
    const equal = sameValue(left, right)
    return equal === null ? UNKNOWN : { kind: 'constant', value: equal === !/!|not/.test(operator) }
  }
  if (left.kind === 'list' && right.kind === 'list' && operator === '+') {
    return { kind: 'list', values: [...left.values, ...right.values] }
  }
  if (left.kind === 'list' && right.kind === 'size' && operator === '*') {
    const times = Math.min(numberOf(right.size), 8)
    return { kind: 'list', values: Array.from({ length: Math.max(times, 0) }, () => left.values).flat() }
  }
  if (left.kind === 'size' && right.kind === 'size') return computed(runner, operator, left.size, right.size)
  return UNKNOWN
}

function computed(runner: Runner, operator: string, left: Size, right: Size): Value {
  if (operator === '*') return { kind: 'size', size: [...left, ...right] }
  const [a, b] = [numberOf(left), numberOf(right)]
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') {
    const known = operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
    return { kind: 'constant', value: known }
  }
  const value = ARITHMETIC[operator]?.(a, b)
  if (value === undefined || !Number.isSafeInteger(value)) return UNKNOWN
  return { kind: 'size', size: runner.sizes.computed(operator, [left, right], value) }
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
}

function sameValue(left: Value, right: Value): boolean | null {
  const none = (value: Value) => value.kind === 'constant' && value.value === null
  const known = (value: Value) => !/^(unknown|method|constant)$/.test(value.kind)
  if (none(left) && none(right)) return true
  if ((none(left) && known(right)) || (none(right) && known(left))) return false
  if (left.kind === 'text' && right.kind === 'text') return left.value === right.value
  if (left.kind === 'size' && right.kind === 'size') return numberOf(left.size) === numberOf(right.size)
  if ((left.kind === 'text' && right.kind === 'size') || (left.kind === 'size' && right.kind === 'text'))
    return false
  return null
}

/** A value that is one of several, which one is not known. */
export function oneOf(runner: Runner, values: readonly Value[]): Value {
  const told = values.filter((value) => value.kind !== 'constant' || value.value !== null)
  const [first, ...rest] = told
  if (!first) return values[0] ?? UNKNOWN
  if (rest.every((value) => value === first)) return first
  const tensors = told.flatMap((value) => tensorsIn(value))
  if (first.kind === 'tensor' && tensors.length === told.length) {
    const { dim } = first
    if (dim && tensors.every((one) => one.dim && runner.sizes.same(dim, one.dim))) return first
  }
  const lists = told.flatMap((value) => (value.kind === 'list' ? [value.values] : []))
  if (first.kind === 'list' && lists.length === told.length) {
    return oneShape(lists) ?? oneList(runner, first.values, lists)
  }
  freezeTensors(runner, told, 'it depends on a condition what goes on from here')
  if (first.kind === 'tensor') return { ...first, dim: null, layout: null, space: null }
  if (first.kind === 'size' || first.kind === 'constant' || first.kind === 'text') return UNKNOWN
  return told.find((value) => value.kind !== 'unknown') ?? UNKNOWN
}

/** Lists of the same length, element by element. */
function oneList(runner: Runner, first: readonly Value[], lists: readonly (readonly Value[])[]): Value {
  if (lists.some((list) => list.length !== first.length)) {
    freezeTensors(runner, lists.flat(), 'it depends on a condition what goes on from here')
    return UNKNOWN
  }
  const values = first.map((_, at) =>
    oneOf(
      runner,
      lists.map((list) => list[at] ?? UNKNOWN),
    ),
  )
  return { kind: 'list', values }
}

/** `(1, 28, 28)` or `(28, 28, 1)`, as the library has its channels: the one with the channels last. */
function oneShape(lists: readonly (readonly Value[])[]): Value | null {
  const shapes = lists.map((values) =>
    values.map((value) => (value.kind === 'size' ? numberOf(value.size) : 0)),
  )
  const sorted = new Set(shapes.map((shape) => shape.toSorted((a, b) => a - b).join(' ')))
  if (sorted.size !== 1 || shapes.some((shape) => shape.length < 3 || shape.includes(0))) return null
  const at = shapes.findIndex((shape) => shape.at(-1) === Math.min(...shape))
  return { kind: 'list', values: [...(lists[at] ?? lists[0] ?? [])] }
}

function comprehension(runner: Runner, value: Extract<Expr, { kind: 'comprehension' }>, frame: Frame): Value {
  const [clause, more] = value.clauses
  const [element] = value.elements
  if (!clause || !element) return UNKNOWN
  const iterable = runner.evaluate(clause.iterable, frame)
  const items = itemsOf(iterable)
  const inner = { ...frame, vars: new Map(), parent: frame }
  if (items && items.length <= 32 && !more && value.conditions.length === 0 && value.elements.length === 1) {
    return {
      kind: 'list',
      values: items.map((item) => {
        runner.assign(clause.target, item, inner)
        return runner.evaluate(element, inner)
      }),
    }
  }
  for (const { target } of value.clauses) runner.assign(target, UNKNOWN, inner)
  const results = value.elements.map((one) => runner.evaluate(one, inner))
  freezeTensors(runner, results, 'how often it is taken is not known')
  const [only] = results
  const layer = only && /^(layer|chain|instance)$/.test(only.kind)
  return layer ? { kind: 'list', values: [only] } : UNKNOWN
}

/** What a loop over a value goes through; null where that is not known. */
export function itemsOf(value: Value): Value[] | null {
  if (value.kind === 'list') return value.values
  return value.kind === 'chain' ? value.items : null
}
