import type { Module } from '../names/module.ts'
import { lookUp, type Scope } from '../names/scope.ts'
import type { Call, Expr, Statement } from '../syntax/tree.ts'
import type { Context } from './context.ts'
import type { Frame, Given, Instance, Layer, Value } from './values.ts'
import type { Work } from './work.ts'

/** Runs a program in thought: only what builds models, and what flows through them, is known of it. */
export interface Runner extends Context {
  /** Frames of the modules that were run, by path. */
  modules: Map<string, Frame>
  entry: Module
  /** Functions and methods that are being run, the innermost last. */
  stack: Scope[]
  /** How many of them belong to a model. */
  inside: number
  /** Scopes that were run. */
  visited: Set<Scope>
  evaluate(value: Expr, frame: Frame): Value
  execute(body: readonly Statement[], frame: Frame): void
  call(callee: Value, given: readonly Given[], site: CallSite): Value
  /** The sizes of a layer must stay. */
  pin(layer: Layer, reason: string): void
  /** Binds what an assignment or a loop gives. */
  assign(target: Expr, value: Value, frame: Frame): void
  /** One step of the work; false when there was too much of it. */
  spend(): boolean
  /** The scope of a function or a class. */
  scopeOf(node: Scope['node'], module: Module): Scope | null
}

/** Where something is called. */
export interface CallSite {
  call: Call | null
  frame: Frame
  /** Some arguments are not known: `f(*args)`. */
  spread: boolean
}

export const frameOf = (scope: Scope, parent: Frame | null, self: Instance | null): Frame => ({
  scope,
  vars: new Map(),
  self,
  parent,
  returns: [],
  done: false,
  uncertain: 0,
})

/** A name of a frame or of those around it. */
export function variable(frame: Frame, name: string): Value | null {
  for (let at: Frame | null = frame; at; at = at.parent) {
    const found = at.vars.get(name)
    if (found) return found
  }
  return null
}

/** What an imported name was bound to when its module was run. */
export function importedVariable(runner: Runner, name: string, scope: Scope): Value | null {
  for (const binding of lookUp(name, scope)?.bindings ?? []) {
    if (binding.kind !== 'import' || binding.import.name === null) continue
    const { module, level, name: member } = binding.import
    const path = runner.names.project.find(scope.module.path, level, module)
    const found = path === null ? null : runner.modules.get(path)?.vars.get(member)
    if (found) return found
  }
  return null
}

/** Notes the name that a size is bound to, for those in a list too. */
export function bindName(work: Work, value: Value, name: string, depth = 0): void {
  if (value.kind === 'list') {
    if (depth < 3 && work.look(value.values.length))
      for (const one of value.values) bindName(work, one, name, depth + 1)
    return
  }
  if (value.kind !== 'size') return
  for (const { literal } of value.size) {
    if (literal && value.size.length === 1 && !literal.names.includes(name)) literal.names.push(name)
  }
}

/** A whole number that no literal of the source stands for. */
export const plainNumber = (value: number): Value => ({
  kind: 'size',
  size: [{ form: `=${value}`, value, literal: null, vars: [] }],
})

/** Whether a value counts as true; null where that is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return value.value
    case 'size':
      return value.size.every((atom) => atom.value !== 0)
    case 'text':
      return value.value !== ''
    case 'list':
      return value.values.length > 0
    case 'unknown':
    case 'method':
    case 'tensor':
      return null
    default:
      return true
  }
}
