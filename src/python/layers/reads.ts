import type { Module } from '../names/module.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr, Statement } from '../syntax/tree.ts'
import { childrenOf, stringOf } from '../syntax/walk.ts'

/** An expression with those around it. */
export interface Read {
  expr: Expr
  around: Read | null
  scope: Scope
  /** Of the whole expression: what it stands in. */
  statement: Statement
  /** It is the default of a parameter. */
  default: string | null
}

/** Every name, attribute and subscript that is read in a program, by its last name or key. */
export function readsOf(modules: readonly Module[]): Map<string, Read[]> {
  const reads = new Map<string, Read[]>()
  for (const module of modules) new Reader(module, reads).block(module.body, module.scope)
  return reads
}

class Reader {
  private readonly scopes: Map<Scope['node'], Scope>
  private readonly reads: Map<string, Read[]>

  constructor(module: Module, reads: Map<string, Read[]>) {
    this.scopes = new Map(module.scopes.map((scope) => [scope.node, scope]))
    this.reads = reads
  }

  block(body: readonly Statement[], scope: Scope): void {
    for (const statement of body) this.statement(statement, scope)
  }

  private add(name: string | null, read: Read): void {
    if (name === null) return
    const known = this.reads.get(name)
    if (known) known.push(read)
    else this.reads.set(name, [read])
  }

  private expression(expr: Expr, base: Omit<Read, 'expr'>): void {
    const read: Read = { ...base, expr }
    this.add(keyIn(expr), read)
    for (const child of childrenOf(expr)) this.expression(child, { ...base, around: read })
  }

  private statement(statement: Statement, scope: Scope): void {
    const base = { around: null, scope, statement, default: null }
    const read = (value: Expr | null) => value && this.expression(value, base)
    const block = (body: readonly Statement[]) => this.block(body, scope)
    switch (statement.kind) {
      case 'assign':
        read(statement.value)
        for (const target of statement.targets) for (const child of childrenOf(target)) read(child)
        if (statement.operator !== null) for (const target of statement.targets) read(target)
        break
      case 'expression':
      case 'return':
        read(statement.value)
        break
      case 'function': {
        const inner = this.scopes.get(statement) ?? scope
        for (const decorator of statement.decorators) read(decorator)
        for (const parameter of statement.parameters) {
          if (parameter.default) this.expression(parameter.default, { ...base, default: parameter.name })
        }
        this.block(statement.body, inner)
        break
      }
      case 'class':
        for (const { value } of statement.bases) read(value)
        this.block(statement.body, this.scopes.get(statement) ?? scope)
        break
      case 'for':
        read(statement.iterable)
        block(statement.body)
        block(statement.otherwise)
        break
      case 'while':
        read(statement.condition)
        block(statement.body)
        block(statement.otherwise)
        break
      case 'if':
        for (const branch of statement.branches) {
          read(branch.condition)
          block(branch.body)
        }
        break
      case 'with':
        for (const item of statement.items) read(item.value)
        block(statement.body)
        break
      case 'try':
        block(statement.body)
        for (const handler of statement.handlers) block(handler)
        block(statement.otherwise)
        break
      case 'match':
        for (const subject of statement.subject) read(subject)
        for (const one of statement.cases) block(one)
        break
      case 'other':
        for (const value of statement.values) read(value)
        break
      case 'import':
      case 'global':
        break
    }
  }
}

/** The name that an expression reads: `x`, `args.x`, `params['x']`, `params.get('x')`, `x[0]`. */
function keyIn(expr: Expr): string | null {
  if (expr.kind === 'name' || expr.kind === 'attribute') return expr.name
  if (expr.kind === 'subscript') return stringOf(expr.index[0]) ?? keyIn(expr.object)
  if (expr.kind === 'call' && expr.callee.kind === 'attribute' && /^(get|pop)$/.test(expr.callee.name)) {
    return stringOf(expr.args[0]?.value)
  }
  return null
}
