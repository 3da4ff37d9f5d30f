import type { HoneError } from '../../domain/failure.ts'
import type { SourceFile } from '../source.ts'
import type { Assign, ClassDef, Expr, FunctionDef, Statement } from '../syntax/tree.ts'
import { childrenOf, dottedName } from '../syntax/walk.ts'
import type { Module, Place } from './module.ts'
import { type Binding, classOf, type Scope } from './scope.ts'

/** Walks a file once and notes its scopes, bindings, calls and stores. */
export class Collector {
  private readonly module: Module

  constructor(file: SourceFile, body: Statement[], lines: string[], problem: HoneError | null) {
    const module = {
      path: file.path,
      file,
      problem,
      lines,
      body,
      scopes: [],
      imports: [],
      calls: [],
      dicts: [],
      loops: [],
      stores: [],
      returns: new Map(),
      strings: [],
      spans: [],
      attributes: new Set(),
      mainGuard: null,
    } as unknown as Module
    this.module = module
    module.scope = this.scope('module', '', null, null)
  }

  collect(): Module {
    this.block(this.module.body, { scope: this.module.scope, loops: 0, main: false })
    return this.module
  }

  private scope(kind: Scope['kind'], name: string, node: Scope['node'], parent: Scope | null): Scope {
    const { module } = this
    const made: Scope = {
      kind,
      name,
      node,
      parent,
      module,
      bindings: new Map(),
      attributes: new Map(),
      reads: new Map(),
      mainReads: new Map(),
    }
    module.scopes.push(made)
    return made
  }

  private bind(scope: Scope, name: string, binding: Binding): void {
    const known = scope.bindings.get(name)
    if (known) known.push(binding)
    else scope.bindings.set(name, [binding])
  }

  private block(statements: Statement[], place: Place): void {
    for (const statement of statements) this.statement(statement, place)
  }

  private statement(statement: Statement, place: Place): void {
    const { scope } = place
    const { line } = statement
    switch (statement.kind) {
      case 'assign':
        this.assign(statement, place)
        break
      case 'expression':
        this.expression(statement.value, place)
        break
      case 'import':
        for (const imported of statement.imports) {
          this.module.imports.push({ ...imported, scope })
          if (imported.name !== '*')
            this.bind(scope, imported.alias, { kind: 'import', import: imported, line })
        }
        break
      case 'function':
        this.function(statement, place)
        break
      case 'class':
        this.class(statement, place)
        break
      case 'for': {
        this.expression(statement.iterable, place)
        this.loopTarget(statement.target, statement.iterable, scope, line)
        this.module.loops.push({ ...place, loop: statement })
        this.block(statement.body, { ...place, loops: place.loops + 1 })
        this.block(statement.otherwise, place)
        break
      }
      case 'while':
        this.expression(statement.condition, place)
        this.block(statement.body, { ...place, loops: place.loops + 1 })
        this.block(statement.otherwise, place)
        break
      case 'if':
        this.branches(statement, place)
        break
      case 'with':
        for (const { value, target } of statement.items) {
          this.expression(value, place)
          if (target) this.target(target, value, scope, line)
        }
        this.block(statement.body, place)
        break
      case 'try':
        this.block(statement.body, place)
        for (const handler of statement.handlers) this.block(handler, place)
        this.block(statement.otherwise, place)
        break
      case 'match':
        for (const subject of statement.subject) this.expression(subject, place)
        for (const one of statement.cases) this.block(one, place)
        break
      case 'return':
        if (statement.value) {
          this.expression(statement.value, place)
          const known = this.module.returns.get(scope)
          if (known) known.push(statement.value)
          else this.module.returns.set(scope, [statement.value])
        }
        break
      case 'other':
        for (const value of statement.values) this.expression(value, place)
        break
    }
  }

  private branches(statement: Extract<Statement, { kind: 'if' }>, place: Place): void {
    for (const { condition, body } of statement.branches) {
      if (condition) this.expression(condition, place)
      // Never run: only for type checkers.
      if (condition && /(^|\.)TYPE_CHECKING$/.test(dottedName(condition) ?? '')) continue
      const main = condition !== null && isMainGuard(condition)
      if (main) this.module.mainGuard ??= statement.line
      this.block(body, main ? { ...place, main } : place)
    }
  }

  private function(node: FunctionDef, place: Place): void {
    const scope = this.scope('function', node.name, node, place.scope)
    this.bind(place.scope, node.name, { kind: 'definition', scope, line: node.line })
    for (const decorator of node.decorators) this.expression(decorator, place)
    for (const [index, parameter] of node.parameters.entries()) {
      if (parameter.default) this.expression(parameter.default, place)
      if (parameter.annotation) this.expression(parameter.annotation, place)
      this.bind(scope, parameter.name, {
        kind: 'parameter',
        parameter,
        owner: scope,
        index,
        line: parameter.line,
      })
    }
    this.block(node.body, { scope, loops: 0, main: false })
  }

  private class(node: ClassDef, place: Place): void {
    const scope = this.scope('class', node.name, node, place.scope)
    this.bind(place.scope, node.name, { kind: 'definition', scope, line: node.line })
    for (const value of [...node.decorators, ...node.bases.map((base) => base.value)]) {
      this.expression(value, place)
    }
    this.block(node.body, { scope, loops: 0, main: place.main })
  }

  private assign(statement: Assign, place: Place): void {
    const { value, targets, operator, line } = statement
    if (statement.annotation) this.expression(statement.annotation, place)
    if (!value) return
    this.expression(value, place)
    for (const target of targets) {
      if (target.kind === 'name' || target.kind === 'attribute') {
        this.module.spans.push({ name: target.name, start: value.start, end: value.end })
      }
      if (operator === null) this.target(target, value, place.scope, line, place)
      else if (target.kind === 'name') this.bind(place.scope, target.name, { kind: 'changed', value, line })
      if (target.kind !== 'name') for (const child of childrenOf(target)) this.expression(child, place)
    }
  }

  private target(target: Expr, value: Expr, scope: Scope, line: number, place?: Place): void {
    switch (target.kind) {
      case 'name':
        this.bind(scope, target.name, { kind: 'value', value, line })
        break
      case 'sequence': {
        const given = value.kind === 'sequence' && value.elements.length === target.elements.length
        for (const [index, element] of target.elements.entries()) {
          const part = given ? value.elements[index] : undefined
          if (part) this.target(element, part, scope, line, place)
          else if (element.kind === 'name')
            this.bind(scope, element.name, { kind: 'part', value, index, line })
        }
        break
      }
      case 'attribute': {
        const owner = classOf(scope)
        if (owner && target.object.kind === 'name' && target.object.name === selfOf(scope)) {
          const known = owner.attributes.get(target.name)
          if (known) known.push({ value, scope, line })
          else owner.attributes.set(target.name, [{ value, scope, line }])
        } else if (place) {
          this.module.stores.push({ ...place, object: target.object, name: target.name, value, line })
        }
        break
      }
      case 'subscript': {
        const [key] = target.index
        if (place && key?.kind === 'string' && key.value !== null) {
          this.module.stores.push({ ...place, object: target.object, name: key.value, value, line })
        }
        break
      }
    }
  }

  private loopTarget(target: Expr, iterable: Expr, scope: Scope, line: number): void {
    if (target.kind === 'name') {
      this.bind(scope, target.name, { kind: 'loop', iterable, index: null, line })
    } else if (target.kind === 'sequence') {
      for (const [index, element] of target.elements.entries()) {
        if (element.kind === 'name') this.bind(scope, element.name, { kind: 'loop', iterable, index, line })
        else this.loopTarget(element, iterable, scope, line)
      }
    }
  }

  private expression(value: Expr, place: Place): void {
    if (value.kind === 'call') this.module.calls.push({ ...place, call: value })
    else if (value.kind === 'dict') {
      this.module.dicts.push({ ...place, dict: value })
      for (const { key, value: held } of value.entries) {
        const name = key?.kind === 'string' ? key.value : null
        if (name !== null) this.module.spans.push({ name, start: held.start, end: held.end })
      }
    } else if (value.kind === 'string') {
      if (value.value !== null) this.module.strings.push({ value: value.value, line: value.line })
    } else if (value.kind === 'comprehension') {
      for (const { target, iterable } of value.clauses) {
        this.loopTarget(target, iterable, place.scope, value.line)
      }
    }
    const read = value.kind === 'name' || value.kind === 'attribute' ? dottedName(value) : null
    if (read !== null) {
      const reads = place.main ? place.scope.mainReads : place.scope.reads
      if (!reads.has(read)) reads.set(read, value)
    }
    if (value.kind === 'attribute') this.module.attributes.add(value.name)
    for (const child of childrenOf(value)) this.expression(child, place)
  }
}

export const isMainGuard = (condition: Expr): boolean =>
  condition.kind === 'operation' &&
  condition.operator === '==' &&
  condition.operands.some((operand) => operand.kind === 'name' && operand.name === '__name__') &&
  condition.operands.some((operand) => operand.kind === 'string' && operand.value === '__main__')

/** The first parameter of the method around. */
function selfOf(scope: Scope): string | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    if (at.kind === 'function' && at.parent?.kind === 'class' && at.node?.kind === 'function') {
      return at.node.parameters[0]?.name ?? null
    }
  }
  return null
}
