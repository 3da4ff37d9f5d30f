import type { Expr, For, Statement } from '../syntax/tree.ts'
import { freezeTensors } from './context.ts'
import { arithmetic } from './functions.ts'
import { extend } from './lists.ts'
import { itemsOf, oneOf } from './merge.ts'
import { bindName, plainNumber, type Runner, truth } from './runner.ts'
import { numberOf } from './sizes.ts'
import { type Frame, UNKNOWN, type Value } from './values.ts'

/** Runs statements one after the other; where a condition is not known, all its branches. */
export function execute(runner: Runner, body: readonly Statement[], frame: Frame): void {
  for (const statement of body) {
    if (frame.done || !runner.spend()) return
    step(runner, statement, frame)
  }
}

function step(runner: Runner, statement: Statement, frame: Frame): void {
  switch (statement.kind) {
    case 'assign':
      assignment(runner, statement, frame)
      break
    case 'expression':
      runner.evaluate(statement.value, frame)
      break
    case 'return':
      frame.returns.push(
        statement.value ? runner.evaluate(statement.value, frame) : { kind: 'constant', value: null },
      )
      frame.done = true
      break
    case 'if':
      branches(runner, statement, frame)
      break
    case 'for':
      loop(runner, statement, frame)
      break
    case 'while':
      runner.evaluate(statement.condition, frame)
      either(runner, [statement.body], frame, true)
      break
    case 'with':
      for (const { value, target } of statement.items) {
        const held = runner.evaluate(value, frame)
        if (target) assign(runner, target, held, frame)
      }
      runner.execute(statement.body, frame)
      break
    case 'try':
      runner.execute(statement.body, frame)
      runner.execute(statement.otherwise, frame)
      either(runner, statement.handlers, frame, true)
      break
    case 'match':
      either(runner, statement.cases, frame, true)
      break
    case 'function':
      frame.vars.delete(statement.name)
      {
        const scope = runner.scopeOf(statement, frame.scope.module)
        if (scope) frame.vars.set(statement.name, { kind: 'function', scope, self: null, frame })
      }
      break
    case 'class':
      frame.vars.delete(statement.name)
      {
        const scope = runner.scopeOf(statement, frame.scope.module)
        if (scope) frame.vars.set(statement.name, { kind: 'class', scope })
      }
      break
    case 'other':
      for (const value of statement.values) runner.evaluate(value, frame)
      break
    case 'import':
    case 'global':
      break
  }
}

function assignment(runner: Runner, statement: Extract<Statement, { kind: 'assign' }>, frame: Frame): void {
  if (!statement.value) return
  const value = runner.evaluate(statement.value, frame)
  for (const target of statement.targets) {
    if (statement.operator === null) {
      assign(runner, target, value, frame)
      continue
    }
    const before = runner.evaluate(target, frame)
    if (before.kind === 'list' && value.kind === 'list') extend(runner, before.values, value.values)
    else if (before.kind === 'tensor' || value.kind === 'tensor') {
      assign(runner, target, arithmetic(runner, statement.operator, [before, value]), frame)
    } else assign(runner, target, UNKNOWN, frame)
  }
}

const WEIGHTS = /^(weight|bias|kernel|data)$/

/** Binds what an assignment or a loop gives. */
export function assign(runner: Runner, target: Expr, value: Value, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      bindName(runner.work, value, target.name)
      frame.vars.set(target.name, value)
      break
    case 'sequence':
      if (value.kind !== 'list' || value.values.length !== target.elements.length) {
        freezeTensors(runner, [value], 'it is taken apart')
        for (const element of target.elements) assign(runner, element, UNKNOWN, frame)
        break
      }
      for (const [at, element] of target.elements.entries()) {
        assign(runner, element, value.values[at] ?? UNKNOWN, frame)
      }
      break
    case 'attribute': {
      const object = runner.evaluate(target.object, frame)
      if (object.kind === 'instance') {
        bindName(runner.work, value, target.name)
        const known = object.attributes.get(target.name)
        // `self.pool = None` under a condition does not hide the layer that it is otherwise.
        const hides = frame.uncertain > 0 && value.kind === 'constant' && known !== undefined
        if (!hides) object.attributes.set(target.name, value)
      } else if (object.kind === 'layer') {
        if (WEIGHTS.test(target.name)) runner.pin(object, 'its weights come from elsewhere')
      } else if (object.kind === 'unknown') freezeTensors(runner, [value], 'it is kept elsewhere')
      if (object.kind === 'layer' && value.kind === 'method' && value.of.kind === 'layer') {
        runner.pin(value.of, 'its weights are shared')
      }
      break
    }
    case 'subscript':
      runner.evaluate(target, frame)
      freezeTensors(runner, [value], 'it is kept in a larger array')
      break
  }
}

function branches(runner: Runner, statement: Extract<Statement, { kind: 'if' }>, frame: Frame): void {
  const open: (readonly Statement[])[] = []
  let otherwise = false
  for (const { condition, body } of statement.branches) {
    const known = condition === null ? true : truth(runner.evaluate(condition, frame))
    if (known === false) continue
    if (known === true) {
      if (open.length === 0) {
        runner.execute(body, frame)
        return
      }
      open.push(body)
      otherwise = true
      break
    }
    open.push(body)
  }
  either(runner, open, frame, !otherwise)
}

/** One of several ways, or none of them when `none`; which one is not known. */
function either(runner: Runner, ways: readonly (readonly Statement[])[], frame: Frame, none: boolean): void {
  // Each way has the names of its own.
  if (ways.length === 0 || !runner.work.look((ways.length + 1) * frame.vars.size)) return
  const before = new Map(frame.vars)
  const ends: Map<string, Value>[] = none ? [before] : []
  frame.uncertain++
  for (const body of ways) {
    frame.vars = new Map(before)
    runner.execute(body, frame)
    // A way that returns does not go on from here.
    if (!frame.done) ends.push(frame.vars)
    frame.done = false
  }
  frame.uncertain--
  if (ends.length === 0) {
    frame.vars = before
    frame.done = true
    return
  }
  frame.vars = new Map()
  for (const name of new Set(ends.flatMap((end) => [...end.keys()]))) {
    const values = ends.flatMap((end) => end.get(name) ?? [])
    frame.vars.set(name, oneOf(runner, values))
  }
}

const BUILDS = /^(append|add|extend|insert|add_module)$/

function loop(runner: Runner, statement: For, frame: Frame): void {
  const iterable = runner.evaluate(statement.iterable, frame)
  const items = itemsOf(iterable)
  const builds = isBuilding(statement.body)
  if (items && items.length <= 64 && (builds || items.some((one) => one.kind !== 'unknown'))) {
    // A longer row of the same numbers builds no other sizes.
    for (const item of items) {
      assign(runner, statement.target, item, frame)
      runner.execute(statement.body, frame)
      if (frame.done) return
    }
    return
  }
  assign(runner, statement.target, UNKNOWN, frame)
  either(runner, [statement.body], frame, true)
  runner.execute(statement.otherwise, frame)
}

/** Whether a loop puts something into a list or a model. */
function isBuilding(body: readonly Statement[], depth = 0): boolean {
  if (depth > 4) return false
  return body.some((statement) => {
    if (statement.kind === 'expression') {
      const { value } = statement
      return value.kind === 'call' && value.callee.kind === 'attribute' && BUILDS.test(value.callee.name)
    }
    if (statement.kind === 'assign') return statement.operator === '+'
    if (statement.kind === 'if')
      return statement.branches.some((branch) => isBuilding(branch.body, depth + 1))
    return statement.kind === 'for' && isBuilding(statement.body, depth + 1)
  })
}

/** `range(n)`: its first numbers, which tell the first layer from the others. */
export function rangeOf(values: readonly Value[]): Value {
  const numbers = values.map((value) => (value.kind === 'size' ? numberOf(value.size) : null))
  const [first, second] = numbers
  if (first === undefined || first === null || second === null) return UNKNOWN
  const [from, to] = second === undefined ? [0, first] : [first, second]
  const length = Math.max(0, Math.min(to - from, 3))
  return { kind: 'list', values: Array.from({ length }, (_, at) => plainNumber(from + at)) }
}
