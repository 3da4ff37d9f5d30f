import { nearestNames } from '../../domain/nearest.ts'
import { canonical } from '../knowledge/canonical.ts'
import { estimatorOf, SCORERS, WRAPPERS } from '../knowledge/estimators.ts'
import { frameworkOfName } from '../knowledge/libraries.ts'
import { KNOWN_CALLABLES } from '../knowledge/signatures.ts'
import type { CallSite, Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import type { Expr } from '../syntax/tree.ts'
import { evidenceAt, evidenceAtLine } from './evidence.ts'
import { lastPart } from './program.ts'
import { PREPARING } from './training.ts'
import { EstimatorSearch } from './wrapped.ts'

/** A call that trains an object of a library's class which no table of Hone's has. */
export interface UnknownFit {
  /** The class, and the module that it is taken from: `MLPClasifier` of `sklearn.neural_network`. */
  name: string
  module: string
  /** What is called: `fit`. */
  method: string
  /** The class that is likely meant; null where none is near. */
  near: string | null
  /** Where the class is named first: its import, if there is one. */
  named: { file: string; line: number }
  called: { file: string; line: number }
}

const FITS = /^(fit|fit_predict|partial_fit)$/
const CLASS = /^_*[A-Z]/

/** The calls of a program that train what Hone does not know, those with a near name first; empty for most programs. */
export function unknownFits(names: Names): UnknownFit[] {
  const search = new EstimatorSearch(names)
  const found = names.modules.flatMap((module) =>
    module.calls.flatMap((site) => {
      const method = lastPart(names.calleeOf(site) ?? '')
      const fitted = fittedBy(names, site)
      return fitted
        ? madeFor(names, search, fitted, site)
            .filter(({ name }) => isUnknown(name))
            .map((made) => unknownFit(names, { ...made, method, module, call: site.call }))
        : []
    }),
  )
  return found.sort((one, other) => Number(one.near === null) - Number(other.near === null))
}

/** The object of a `fit`, or what is given to a function that scores it; null for any other call. */
function fittedBy(names: Names, site: CallSite): Expr | null {
  const { call } = site
  const callee = names.calleeOf(site) ?? ''
  if (SCORERS.test(callee)) return call.args[0]?.value ?? null
  return call.callee.kind === 'attribute' && FITS.test(lastPart(callee)) ? call.callee.object : null
}

interface MadeAt {
  /** Canonical name of the class. */
  name: string
  node: Expr
  at: Module
}

function madeFor(names: Names, search: EstimatorSearch, fitted: Expr, { scope }: CallSite): MadeAt[] {
  const inside = search.in(fitted, scope)
  if (inside.length > 0) return inside.map(({ name, node, scope: at }) => ({ name, node, at: at.module }))
  const maker = names.maker(fitted, scope)
  return maker?.kind === 'external' ? [{ name: maker.name, node: fitted, at: scope.module }] : []
}

function isUnknown(name: string): boolean {
  const last = lastPart(name)
  if (!CLASS.test(last) || PREPARING.test(name)) return false
  return !WRAPPERS.has(last) && estimatorOf(last) === null && !KNOWN.has(shortOf(name))
}

/** The package and the class, as the tables have them. */
const shortOf = (name: string): string => `${name.split('.')[0]}.${lastPart(name)}`

const KNOWN: ReadonlySet<string> = new Set(KNOWN_CALLABLES)

function unknownFit(
  names: Names,
  { name, node, at, method, module, call }: MadeAt & { method: string; module: Module; call: Expr },
): UnknownFit {
  const place = ({ file, line }: { file: string; line: number }) => ({ file, line })
  const last = lastPart(name)
  const imported = names.modules
    .flatMap((one) => one.imports.map((own) => ({ one, own })))
    .find(({ own }) => own.level === 0 && own.name === last && canonical(`${own.module}.${last}`) === name)
  return {
    name: last,
    module: imported?.own.module ?? name.slice(0, -last.length - 1),
    method,
    near: nearOf(name),
    named: place(imported ? evidenceAtLine(imported.one, imported.own.line, '') : evidenceAt(at, node, '')),
    called: place(evidenceAt(module, call, '')),
  }
}

/** The nearest model of the same package. */
function nearOf(name: string): string | null {
  if (frameworkOfName(name) === null) return null
  const [top = ''] = name.split('.')
  const models = KNOWN_CALLABLES.flatMap((known) => {
    const last = lastPart(known)
    const isModel = estimatorOf(last) !== null || WRAPPERS.has(last)
    return known === `${top}.${last}` && CLASS.test(last) && isModel ? last : []
  })
  return nearestNames(lastPart(name), models, 1)[0] ?? null
}
