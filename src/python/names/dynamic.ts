import { Flow } from '../flow/flow.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName } from '../syntax/walk.ts'
import type { CallSite, Module } from './module.ts'
import type { Names } from './names.ts'
import type { Scope } from './scope.ts'

/** What is looked up by a name that stands in a string: `models.__dict__[args.arch]`, `getattr(models, name)`. */
export interface Lookup {
  /** A module of the repository, or the canonical name of one from outside. */
  in: Module | string
  /** The names that it may be; empty when they are not known. */
  keys: string[]
}

/** Finds functions and classes that are looked up by their name while the program runs. */
export class Dynamic {
  private readonly names: Names
  private flow: Flow | null = null
  private readonly known = new Map<Module, Map<string, Scope>>()

  constructor(names: Names) {
    this.names = names
  }

  /** The lookup that a call makes or whose result it calls; null for one without. */
  lookup({ call, scope }: CallSite): Lookup | null {
    const called = calledName(call)
    const [first, second] = call.args.map((argument) => argument.value)
    if (call.callee.kind === 'name' && called === 'getattr' && first && second) {
      return this.inside(first, scope, [second])
    }
    if (call.callee.kind === 'name' && called === 'vars' && first) return this.inside(first, scope, [])
    if (call.callee.kind === 'name' && called === 'globals') return { in: scope.module, keys: [] }
    const table = call.callee.kind === 'subscript' ? call.callee : null
    if (table?.object.kind === 'attribute' && table.object.name === '__dict__') {
      return this.inside(table.object.object, scope, table.index)
    }
    // A module that is handed over is looked into by what gets it.
    const handed = call.args.find(({ value }) => value.kind === 'name' && this.isModule(value, scope))
    return handed ? this.inside(handed.value, scope, []) : null
  }

  /** The functions and classes of the repository that a lookup may give. */
  targets({ in: module, keys }: Lookup): Scope[] {
    if (typeof module === 'string') return []
    const members = this.membersOf(module)
    const named = keys.flatMap((key) => members.get(key) ?? [])
    return named.length > 0 ? named : [...members.values()]
  }

  private isModule(value: Expr, scope: Scope): boolean {
    return this.names.referent(value, scope)?.kind === 'module'
  }

  private inside(value: Expr, scope: Scope, key: Expr[]): Lookup | null {
    const referent = dottedName(value) === null ? null : this.names.referent(value, scope)
    if (referent?.kind === 'module') return { in: referent.module, keys: this.strings(key, scope) }
    if (referent?.kind === 'external') return { in: referent.name, keys: this.strings(key, scope) }
    return null
  }

  private strings(values: Expr[], scope: Scope): string[] {
    this.flow ??= new Flow(this.names)
    const { flow } = this
    return values.flatMap((value) =>
      flow
        .origins(value, scope)
        .flatMap(({ literal }) => (literal.kind === 'string' && literal.value !== null ? literal.value : [])),
    )
  }

  /** What a module defines or brings in from other modules of the repository, by name. */
  private membersOf(module: Module): Map<string, Scope> {
    const known = this.known.get(module)
    if (known) return known
    const found = new Map<string, Scope>()
    this.known.set(module, found)
    for (const bindings of module.scope.bindings.values()) {
      for (const binding of bindings)
        if (binding.kind === 'definition') found.set(binding.scope.name, binding.scope)
    }
    for (const imported of module.imports) {
      for (const path of this.names.project.resolve(module.path, imported)) {
        for (const [name, scope] of this.membersOf(this.names.project.module(path))) {
          if (imported.name === '*' || imported.name === name) found.set(name, scope)
        }
      }
    }
    return found
  }
}
