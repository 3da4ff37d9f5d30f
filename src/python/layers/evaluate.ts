import type { Expr } from '../syntax/tree.ts'
import { freezeTensors } from './context.ts'
import { followed } from './follow.ts'
import { listOf } from './lists.ts'
import { memberOf } from './members.ts'
import { itemsOf, oneOf } from './merge.ts'
import { indexed } from './methods.ts'
import { operation } from './operations.ts'
import { importedVariable, type Runner, truth, variable } from './runner.ts'
import { numberOf } from './sizes.ts'
import { type Frame, UNKNOWN, type Value } from './values.ts'

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
      return listOf(
        runner,
        value.elements.flatMap((element) => spreadOf(runner, element, frame)),
      )
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
  if (!starred || value.kind !== 'list') return [value]
  return runner.work.look(value.values.length) ? value.values : []
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
    const [, from, to] = /^(-?\d*):(-?\d*)$/.exec(texts[0] ?? '') ?? []
    if (from !== undefined && to !== undefined) {
      const part = values.slice(Number(from), to === '' ? undefined : Number(to))
      return object.kind === 'list' || !runner.work.look(part.length)
        ? listOf(runner, part)
        : { ...object, items: part }
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
    if (star === '*' && inner.kind === 'list' && runner.work.look(inner.values.length)) {
      return inner.values.map((one) => ({ name: null, value: one, expr }))
    }
    spread = true
    return []
  })
  const result = runner.call(callee, given, { call: value, frame, spread })
  return result.kind === 'unknown' ? followed(runner, value, frame) : result
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
