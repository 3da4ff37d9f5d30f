import type { ClassDef, Expr, FunctionDef, Import, Parameter } from '../syntax/tree.ts'
import type { Module } from './module.ts'

/** How a name gets its value. */
export type Binding = { line: number } & (
  | { kind: 'value'; value: Expr }
  /** `a, b = f()`: an unknown part of the value. */
  | { kind: 'part'; value: Expr; index: number }
  /** `x += value`. */
  | { kind: 'changed'; value: Expr }
  /** Each element of the iterable in turn. */
  | { kind: 'loop'; iterable: Expr; index: number | null }
  | { kind: 'parameter'; parameter: Parameter; owner: Scope; index: number }
  | { kind: 'import'; import: Import }
  | { kind: 'definition'; scope: Scope }
)

/** What a module, a class or a function defines. */
export interface Scope {
  kind: 'module' | 'class' | 'function'
  name: string
  node: FunctionDef | ClassDef | null
  parent: Scope | null
  module: Module
  bindings: Map<string, Binding[]>
  /** Of a class: what its methods assign to attributes of `self`, with the scope they do it in. */
  attributes: Map<string, { value: Expr; scope: Scope; line: number }[]>
  /** Names and dotted names that are read in it, each once; those of the main guard apart. */
  reads: Map<string, Expr>
  mainReads: Map<string, Expr>
}

/** The bindings that a name refers to, of the innermost scope that has any; classes are not seen from their methods. */
export function lookUp(name: string, scope: Scope): { bindings: Binding[]; scope: Scope } | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    if (at.kind === 'class' && at !== scope) continue
    const bindings = at.bindings.get(name)
    if (bindings) return { bindings, scope: at }
  }
  return null
}

/** The class around a method; null elsewhere. */
export function classOf(scope: Scope): Scope | null {
  for (let at: Scope | null = scope; at; at = at.parent) if (at.kind === 'class') return at
  return null
}

/** The innermost function or class first, up to the module. */
export function* enclosing(scope: Scope): Generator<Scope> {
  for (let at: Scope | null = scope; at; at = at.parent) yield at
}
