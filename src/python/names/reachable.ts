import type { Expr } from '../syntax/tree.ts'
import { Dynamic } from './dynamic.ts'
import type { CallSite, Place } from './module.ts'
import type { Names } from './names.ts'
import type { Scope } from './scope.ts'

/**
 * What runs when the entry is run, as far as names tell: the modules themselves, each function and class that something
 * reachable refers to, all methods of such a class, and what has a decorator, since that may register it. Where nothing
 * of the entry is called, all that it defines.
 * @returns whether a place is among it; the main guard of an imported module is not
 */
export function reachableIn(names: Names): Reachable {
  const known = answers.get(names) ?? reach(names)
  answers.set(names, known)
  return known
}

type Reachable = (place: Pick<Place, 'scope' | 'main'>) => boolean

const answers = new WeakMap<Names, Reachable>()

function reach(names: Names): Reachable {
  const [entry] = names.modules
  const children = childrenOfScopes(names)
  const calls = callsByScope(names)
  const dynamic = new Dynamic(names)
  const found = new Set<Scope>()
  const open: Scope[] = []
  const add = (scope: Scope) => {
    if (found.has(scope)) return
    found.add(scope)
    open.push(scope)
  }
  const follow = (reads: Iterable<Expr>, scope: Scope) => {
    for (const read of reads) {
      const referent = names.referent(read, scope)
      if (referent?.kind === 'own') add(referent.scope)
    }
  }
  for (const module of names.modules) add(module.scope)
  for (const module of names.configs) for (const scope of module.scopes) add(scope)
  const spread = (scope: Scope) => {
    follow(scope.reads.values(), scope)
    if (scope.module === entry) follow(scope.mainReads.values(), scope)
    for (const site of calls.get(scope) ?? []) {
      const lookup = site.main && scope.module !== entry ? null : dynamic.lookup(site)
      for (const target of lookup ? dynamic.targets(lookup) : []) add(target)
    }
    if (scope.kind === 'class') for (const base of names.lineage(scope)) add(base)
    for (const child of children.get(scope) ?? []) {
      // A function inside a function is made by it; what a class holds belongs to it.
      if (scope.kind !== 'module' || (child.node?.decorators.length ?? 0) > 0) add(child)
    }
  }
  const settle = () => {
    for (let scope = open.pop(); scope; scope = open.pop()) spread(scope)
  }
  settle()
  // A script that only defines: others call what it holds.
  if (entry && !entry.scopes.some((scope) => scope !== entry.scope && found.has(scope)) && !entry.mainGuard) {
    for (const child of children.get(entry.scope) ?? []) add(child)
    settle()
  }
  return ({ scope, main }) => found.has(scope) && (!main || scope.module === entry)
}

function callsByScope(names: Names): Map<Scope, CallSite[]> {
  const calls = new Map<Scope, CallSite[]>()
  for (const module of names.modules) {
    for (const site of module.calls) {
      const known = calls.get(site.scope)
      if (known) known.push(site)
      else calls.set(site.scope, [site])
    }
  }
  return calls
}

function childrenOfScopes(names: Names): Map<Scope, Scope[]> {
  const children = new Map<Scope, Scope[]>()
  for (const module of names.modules) {
    for (const scope of module.scopes) {
      if (!scope.parent) continue
      const known = children.get(scope.parent)
      if (known) known.push(scope)
      else children.set(scope.parent, [scope])
    }
  }
  return children
}
