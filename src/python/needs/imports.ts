import type { Evidence } from '../../domain/detection.ts'
import { evidenceAtLine } from '../detect/evidence.ts'
import { isMainGuard } from '../names/collect.ts'
import type { Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr, Import, Statement } from '../syntax/tree.ts'
import { dottedName } from '../syntax/walk.ts'

/** A module from outside of the repository that a program imports. */
export interface ImportedModule extends Evidence {
  /** The dotted name: `sklearn.svm`. */
  module: string
  /** Whether the import is reached whenever the program runs, and nothing catches its failure. */
  certain: boolean
}

/** What a program imports from outside, each module once, the certain ones first in the order they are reached. */
export function importedModules(names: Names): ImportedModule[] {
  const walker = new Walker(names)
  const [entry] = names.modules
  if (entry) walker.module(entry)
  for (const module of names.modules) walker.rest(module)
  return [...walker.found.values()]
}

class Walker {
  readonly found = new Map<string, ImportedModule>()
  private readonly names: Names
  private readonly seen = new Set<Module | Scope>()

  constructor(names: Names) {
    this.names = names
  }

  module(module: Module): void {
    if (this.seen.has(module)) return
    this.seen.add(module)
    this.block(module.body, module, module.scope)
  }

  /** @returns whether the program goes on after the statements */
  private block(statements: readonly Statement[], module: Module, scope: Scope): boolean {
    return statements.every((statement) => this.statement(statement, module, scope))
  }

  private statement(statement: Statement, module: Module, scope: Scope): boolean {
    switch (statement.kind) {
      case 'import':
        for (const imported of statement.imports) this.import(imported, module, true)
        return true
      case 'with':
        // contextlib.suppress(ImportError)
        if (statement.items.some(({ value }) => /suppress/.test(calledText(value)))) return true
        return this.block(statement.body, module, scope)
      case 'if': {
        const [first] = statement.branches
        const guard = first?.condition && isMainGuard(first.condition) && module === this.names.modules[0]
        return guard ? this.block(first.body, module, scope) : true
      }
      case 'class': {
        const own = module.scopes.find(({ node }) => node === statement)
        if (own) this.block(statement.body, module, own)
        return true
      }
      case 'expression':
        return this.value(statement.value, scope)
      case 'assign':
        return statement.value === null || this.value(statement.value, scope)
      case 'return':
        if (statement.value) this.value(statement.value, scope)
        return false
      case 'other':
        return !/^raise\b/.test(module.file.text.slice(statement.start, statement.end))
      default:
        return true
    }
  }

  /** Follows the call that a statement makes, and those in its arguments. */
  private value(value: Expr, scope: Scope): boolean {
    if (value.kind !== 'call') return true
    for (const argument of value.args) this.value(argument.value, scope)
    if (/^(sys\.exit|exit|quit|os\._exit)$/.test(calledText(value))) return false
    const called = this.names.referent(value.callee, scope)
    if (called?.kind !== 'own' || called.scope.kind !== 'function' || this.seen.has(called.scope)) return true
    this.seen.add(called.scope)
    const { node, module } = called.scope
    if (node?.kind === 'function') this.block(node.body, module, called.scope)
    return true
  }

  private import(imported: Import, module: Module, certain: boolean): void {
    const own = this.names.project.resolve(module.path, imported)
    for (const path of certain ? own : []) {
      const loaded = this.names.modules.find((one) => one.path === path)
      if (loaded) this.module(loaded)
    }
    if (imported.level > 0 || own.length > 0 || imported.module === '__future__') return
    if (this.found.has(imported.module)) return
    const evidence = evidenceAtLine(module, imported.line, `imports ${imported.module}`)
    this.found.set(imported.module, { ...evidence, module: imported.module, certain })
  }

  /** Imports that may or may not be reached; those that the program is ready to do without are left out. */
  rest(module: Module): void {
    const visit = (statements: readonly Statement[]): void => {
      for (const statement of statements) {
        if (statement.kind === 'import') {
          for (const imported of statement.imports) this.import(imported, module, false)
        } else if (statement.kind === 'if') {
          for (const { condition, body } of statement.branches) {
            if (!/(^|\.)TYPE_CHECKING$/.test((condition && dottedName(condition)) ?? '')) visit(body)
          }
        } else if (statement.kind !== 'try' && 'body' in statement) visit(statement.body)
      }
    }
    visit(module.body)
  }
}

const calledText = (value: Expr): string => (value.kind === 'call' ? (dottedName(value.callee) ?? '') : '')
