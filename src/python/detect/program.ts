import type { Evidence, Family } from '../../domain/detection.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { walk } from '../syntax/walk.ts'
import { evidenceAt } from './evidence.ts'
import { importedLibraries } from './imports.ts'
import { type Training, trainingsOf } from './training.ts'

/** A call that is made when the program runs. */
export interface Made {
  /** Canonical name of what is called; `*.name` for a method of an unknown object, null for a function of the repository. */
  callee: string | null
  site: CallSite
  module: Module
}

/** Where something stands. */
export interface Shown {
  module: Module
  node: Expr
}

export const shown = ({ module, site }: Made): Shown => ({ module, node: site.call })

/** A family, and what shows it. */
export interface Verdict {
  family: Family | null
  evidence: Evidence[]
}

/** What a program does when its entry is run. */
export interface Program {
  names: Names
  imported: ReadonlySet<string>
  trainings: Training[]
  calls: Made[]
  runs(place: { scope: Scope; main: boolean }): boolean
  /** How often a call is made at least, as far as loops and callers tell: 1 or 2. */
  times(site: CallSite): number
}

export function programOf(names: Names): Program {
  const known = trainingsOf(names)
  const all = known.length > 0 ? known : optimisersOf(names)
  const reachable = reachableIn(names)
  const reached = ofEntry(
    names,
    all.filter(({ site }) => reachable(site)),
  )
  // Where nothing that is reached trains, what the program calls is not told by names: all of it counts.
  const runs = reached.length > 0 ? reachable : () => true
  const calls = names.modules.flatMap((module) =>
    module.calls
      .filter((site) => runs(site))
      .map((site): Made => ({ callee: names.calleeOf(site), site, module })),
  )
  const repeated = repeatedIn(calls)
  const times = (site: CallSite) => (repeated.has(site.call) || timesIn(names, site, 0) > 1 ? 2 : 1)
  return {
    names,
    imported: importedLibraries(names),
    trainings: reached.length > 0 ? reached : all,
    calls,
    runs,
    times,
  }
}

/** What an imported module trains as it is imported is a side effect, where the entry trains something itself. */
function ofEntry(names: Names, trainings: Training[]): Training[] {
  const [entry] = names.modules
  const meant = trainings.filter(({ module, site }) => module === entry || site.scope.kind !== 'module')
  return meant.length > 0 ? meant : trainings
}

/** Where the loop that trains is not there to be seen, the optimiser that is made for it. */
function optimisersOf(names: Names): Training[] {
  return names.modules.flatMap((module) =>
    module.calls.flatMap((site): Training[] => {
      const callee = names.calleeOf(site)
      if (callee === null || !/^torch\.optim\.[A-Z]\w+$/.test(callee)) return []
      const evidence = evidenceAt(module, site.call, `makes the optimiser ${callee}`)
      return [{ framework: 'pytorch', callee, module, site, evidence }]
    }),
  )
}

/** The same program, all that its modules hold taken as reached. */
export function wholeOf(program: Program): Program {
  const { names } = program
  const calls = names.modules.flatMap((module) =>
    module.calls.map((site): Made => ({ callee: names.calleeOf(site), site, module })),
  )
  return { ...program, calls, runs: () => true }
}

const CALLER_DEPTH = 4

function timesIn(names: Names, site: CallSite, depth: number): number {
  if (site.loops > 0) return 2
  if (depth > CALLER_DEPTH || site.scope.kind === 'module') return 1
  const owner =
    site.scope.kind === 'function' && site.scope.name === '__init__' ? classOf(site.scope) : site.scope
  const callers = owner ? names.callersOf(owner) : []
  if (callers.length > 1) return 2
  const [only] = callers
  return only ? timesIn(names, only, depth + 1) : 1
}

/** Calls inside a comprehension that is an argument of another call or a value. */
function repeatedIn(calls: readonly Made[]): ReadonlySet<Expr> {
  const found = new Set<Expr>()
  const seen = new Set<Expr>()
  const note = (value: Expr) => {
    if (value.kind !== 'comprehension' || seen.has(value)) return
    seen.add(value)
    for (const element of value.elements)
      for (const one of walk(element)) if (one.kind === 'call') found.add(one)
  }
  const scopes = new Set<Scope>()
  for (const { site } of calls) {
    for (const argument of site.call.args) note(argument.value)
    scopes.add(site.scope)
  }
  for (const scope of scopes) {
    for (const bindings of scope.bindings.values()) {
      for (const binding of bindings)
        if (binding.kind === 'value' || binding.kind === 'changed') note(binding.value)
    }
    for (const sets of classOf(scope)?.attributes.values() ?? []) for (const { value } of sets) note(value)
  }
  return found
}

/** The calls of a library's function, class or method, by a pattern of the canonical name. */
export const callsOf = (program: Program, pattern: RegExp): Made[] =>
  program.calls.filter(({ callee }) => callee !== null && pattern.test(callee))

/** All that the names and attributes of a scope are bound to, and what it returns. */
export const valuesOf = (scope: Scope): Expr[] => [
  ...[...scope.bindings.values()].flatMap((bindings) =>
    bindings.flatMap((binding) =>
      binding.kind === 'value' || binding.kind === 'changed' ? binding.value : [],
    ),
  ),
  ...(scope.module.returns.get(scope) ?? []),
  ...[...scope.attributes.values()].flatMap((sets) => sets.map(({ value }) => value)),
]

/** The last part of a canonical name. */
export const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

export const isKnown = (name: string): boolean => frameworkOfName(name) !== null
