import { canonical } from '../knowledge/canonical.ts'
import type { Project } from '../project.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { argumentFor } from './arguments.ts'
import { configModules } from './configs.ts'
import type { CallSite, Module } from './module.ts'
import { type Binding, classOf, lookUp, type Scope } from './scope.ts'
import { sectionOf } from './sections.ts'
import { BUILTIN, USUAL_NAMES } from './usual.ts'

/** What a name or an attribute stands for. */
export type Referent =
  /** A public name of a library, in its canonical spelling. */
  | { kind: 'external'; name: string }
  /** A function or class of the repository. */
  | { kind: 'own'; scope: Scope }
  | { kind: 'module'; module: Module }

/** Methods that give the object back that they are called on. */
const SELF = new Set([
  'to',
  'cuda',
  'cpu',
  'double',
  'float',
  'half',
  'train',
  'eval',
  'fit',
  'share_memory',
  'requires_grad_',
  'apply',
  'set_params',
  'build',
])
const DEPTH = 24
/** Deeper than any hierarchy of classes that a person writes. */
const ANCESTORS = 64
/** Values of one name that are looked at. */
const BINDINGS = 64

/** Resolves names over the files of one program: an entry point and all it imports. */
export class Names {
  readonly project: Project
  /** The entry and what it loads. */
  readonly modules: readonly Module[]
  /** Those of them that are run for the values they hold. */
  readonly configs: readonly Module[]
  private readonly referents = new Map<Expr, Referent | null>()
  private readonly makers = new Map<Expr, Referent | null>()
  private readonly lineages = new Map<Scope, readonly Scope[]>()
  private readonly stars = new Map<Module, readonly Module[]>()
  private callers: Map<Scope, CallSite[]> | null = null

  constructor(project: Project, entry: string) {
    this.project = project
    const loaded = project.closure(entry).map((path) => project.module(path))
    this.configs = configModules(project, entry, loaded)
    this.modules = [...loaded, ...this.configs]
  }

  /** What a dotted expression stands for; null when that is not known. */
  referent(value: Expr, scope: Scope, depth = 0): Referent | null {
    const known = this.referents.get(value)
    if (known !== undefined) return known
    if (depth > DEPTH) return null
    // A name that leads back to itself stands for nothing.
    this.referents.set(value, null)
    const found = this.findReferent(value, scope, depth)
    this.referents.set(value, found)
    return found
  }

  private findReferent(value: Expr, scope: Scope, depth: number): Referent | null {
    if (value.kind === 'name') return this.named(value.name, scope, depth)
    if (value.kind === 'attribute') {
      const object = this.referent(value.object, scope, depth + 1)
      if (object) return this.member(object, value.name, scope, depth)
      const maker = this.maker(value.object, scope, depth + 1)
      if (maker?.kind === 'own' && maker.scope.kind === 'class') {
        return this.member(maker, value.name, scope, depth)
      }
      return null
    }
    if (value.kind === 'call') return this.dynamicImport(value, scope)
    return null
  }

  /** `importlib.import_module('torch')` is the module. */
  private dynamicImport(call: Call, scope: Scope): Referent | null {
    const [argument] = call.args
    const callee = this.referent(call.callee, scope)
    const plain = call.callee.kind === 'name' && call.callee.name === '__import__'
    if (!plain && !(callee?.kind === 'external' && callee.name === 'importlib.import_module')) return null
    if (argument?.value.kind !== 'string' || argument.value.value === null) return null
    return { kind: 'external', name: canonical(argument.value.value) }
  }

  private named(name: string, scope: Scope, depth: number): Referent | null {
    const found = lookUp(name, scope)
    if (!found) {
      const starred = BUILTIN.has(name) ? null : this.starred(name, scope.module, depth)
      const usual = USUAL_NAMES.get(name)
      return starred ?? (usual ? { kind: 'external', name: usual } : null)
    }
    for (const binding of found.bindings.slice(0, BINDINGS)) {
      const referent = this.bound(binding, found.scope, depth + 1)
      if (referent) return referent
    }
    return null
  }

  private bound(binding: Binding, scope: Scope, depth: number): Referent | null {
    if (depth > DEPTH) return null
    switch (binding.kind) {
      case 'definition':
        return { kind: 'own', scope: binding.scope }
      case 'value':
        // Only other names: what a call gives is an object, which `maker` tells.
        if (binding.value.kind === 'conditional') return this.referent(binding.value.then, scope, depth)
        return /^(name|attribute|call)$/.test(binding.value.kind)
          ? this.referent(binding.value, scope, depth)
          : null
      case 'import': {
        const { module: dotted, level, name, alias } = binding.import
        const from = scope.module.path
        if (name === null) {
          const wanted = alias === dotted.split('.')[0] ? alias : dotted
          const path = this.project.find(from, level, wanted)
          if (path) return { kind: 'module', module: this.project.module(path) }
          return { kind: 'external', name: canonical(wanted) }
        }
        const member = this.project.find(from, level, dotted === '' ? name : `${dotted}.${name}`)
        const path = this.project.find(from, level, dotted)
        if (path) {
          const inside = this.inModule(this.project.module(path), name, depth)
          if (inside) return inside
        }
        if (member) return { kind: 'module', module: this.project.module(member) }
        return level > 0 || path ? null : { kind: 'external', name: canonical(`${dotted}.${name}`) }
      }
      default:
        return null
    }
  }

  /** A name that only `from x import *` can have brought. */
  private starred(name: string, module: Module, depth: number): Referent | null {
    const modules = this.starModules(module)
    for (const own of modules.slice(1)) {
      if (own.scope.bindings.has(name)) return this.named(name, own.scope, depth + 1)
    }
    const outside = modules.flatMap((own) =>
      own.imports.filter(
        (star) => star.name === '*' && !this.project.find(own.path, star.level, star.module),
      ),
    )
    const star = outside.find(({ module }) => module.split('.').includes(sectionOf(name))) ?? outside.at(-1)
    return star ? { kind: 'external', name: canonical(`${star.module}.${name}`) } : null
  }

  /** A module and the modules of the repository that it takes all names of, directly or through others. */
  starModules(module: Module): readonly Module[] {
    const known = this.stars.get(module)
    if (known) return known
    const found = new Set([module])
    for (const own of found) {
      for (const star of own.imports.filter((imported) => imported.name === '*')) {
        const path = this.project.find(own.path, star.level, star.module)
        if (path) found.add(this.project.module(path))
      }
    }
    const modules = [...found]
    this.stars.set(module, modules)
    return modules
  }

  private inModule(module: Module, name: string, depth: number): Referent | null {
    if (depth > DEPTH) return null
    if (!module.scope.bindings.has(name)) return this.starred(name, module, depth + 1)
    return this.named(name, module.scope, depth + 1)
  }

  private member(object: Referent, name: string, scope: Scope, depth: number): Referent | null {
    if (object.kind === 'external') {
      const dotted = `${object.name}.${name}`
      const path = this.project.find(scope.module.path, 0, dotted)
      return path
        ? { kind: 'module', module: this.project.module(path) }
        : { kind: 'external', name: canonical(dotted) }
    }
    if (object.kind === 'module') {
      const inside = this.inModule(object.module, name, depth)
      if (inside) return inside
      const path = this.project.find(
        object.module.path,
        object.module.path.endsWith('/__init__.py') ? 1 : 0,
        name,
      )
      return path ? { kind: 'module', module: this.project.module(path) } : null
    }
    for (const one of this.lineage(object.scope)) {
      const [binding] = one.bindings.get(name) ?? []
      if (binding?.kind === 'definition') return { kind: 'own', scope: binding.scope }
    }
    return null
  }

  /** A class and its own base classes, the nearest first. */
  lineage(scope: Scope): readonly Scope[] {
    const known = this.lineages.get(scope)
    if (known) return known
    const found = new Set([scope])
    for (const one of found) {
      if (found.size >= ANCESTORS) break
      for (const base of this.bases(one)) if (base.kind === 'own') found.add(base.scope)
    }
    const lineage = [...found]
    this.lineages.set(scope, lineage)
    return lineage
  }

  private bases(scope: Scope): Referent[] {
    if (scope.node?.kind !== 'class' || !scope.parent) return []
    const { parent } = scope
    return scope.node.bases.flatMap((base) =>
      base.name === null ? (this.referent(base.value, parent) ?? []) : [],
    )
  }

  /** The library classes that a class of the repository extends. */
  externalBases(scope: Scope): string[] {
    return this.lineage(scope).flatMap((one) =>
      this.bases(one).flatMap((base) => (base.kind === 'external' ? base.name : [])),
    )
  }

  /** The class or function whose call made the object; null when that is not known. */
  maker(value: Expr, scope: Scope, depth = 0): Referent | null {
    const known = this.makers.get(value)
    if (known !== undefined) return known
    if (depth > DEPTH) return null
    this.makers.set(value, null)
    const found = this.findMaker(value, scope, depth + 1)
    this.makers.set(value, found)
    return found
  }

  private findMaker(value: Expr, scope: Scope, depth: number): Referent | null {
    switch (value.kind) {
      case 'call': {
        const callee = this.referent(value.callee, scope, depth)
        if (callee?.kind === 'own' && callee.scope.kind === 'function')
          return this.returned(callee.scope, null, depth)
        const method = value.callee.kind === 'attribute' ? value.callee : null
        if (callee?.kind === 'external' && !(method && SELF.has(method.name))) return callee
        if (callee) return callee
        if (method && SELF.has(method.name)) return this.maker(method.object, scope, depth)
        return null
      }
      case 'name': {
        const owner = value.name === 'self' || value.name === 'cls' ? classOf(scope) : null
        if (owner) return { kind: 'own', scope: owner }
        const { bindings = [], scope: at = scope } = lookUp(value.name, scope) ?? {}
        for (const binding of bindings.slice(0, BINDINGS)) {
          const found = this.boundMaker(binding, at, depth)
          if (found) return found
        }
        return null
      }
      case 'attribute': {
        const owners = this.ownersOf(value.object, scope, depth)
        for (const owner of owners) {
          for (const set of owner.attributes.get(value.name) ?? []) {
            const found = this.maker(set.value, set.scope, depth)
            if (found) return found
          }
        }
        return null
      }
      case 'conditional':
        return this.maker(value.then, scope, depth) ?? this.maker(value.otherwise, scope, depth)
      default:
        return null
    }
  }

  /** The classes of the repository that an object is of, with their bases. */
  ownersOf(object: Expr, scope: Scope, depth = 0): readonly Scope[] {
    const method = classOf(scope)
    const isSelf = object.kind === 'name' && (object.name === 'self' || object.name === 'cls') && method
    if (isSelf) return this.lineage(method)
    const named = this.referent(object, scope, depth)
    const made =
      named?.kind === 'own' && named.scope.kind === 'class' ? named : this.maker(object, scope, depth)
    return made?.kind === 'own' && made.scope.kind === 'class' ? this.lineage(made.scope) : []
  }

  private boundMaker(binding: Binding, scope: Scope, depth: number): Referent | null {
    switch (binding.kind) {
      case 'value':
        return this.maker(binding.value, scope, depth)
      case 'part': {
        if (binding.value.kind !== 'call') return null
        const callee = this.referent(binding.value.callee, scope, depth)
        if (callee?.kind === 'external') return callee
        return callee?.kind === 'own' ? this.returned(callee.scope, binding.index, depth) : null
      }
      case 'parameter': {
        if (binding.parameter.annotation) {
          const type = this.referent(binding.parameter.annotation, binding.owner.parent ?? scope, depth)
          if (type?.kind === 'own' && type.scope.kind === 'class') return type
        }
        for (const { call, scope: at } of this.callersOf(binding.owner)) {
          const given = argumentFor(call, binding.owner, binding.index, binding.parameter.name)
          const found = given && this.maker(given, at, depth + 4)
          if (found) return found
        }
        return binding.parameter.default ? this.maker(binding.parameter.default, binding.owner, depth) : null
      }
      case 'loop': {
        const [first] = binding.iterable.kind === 'sequence' ? binding.iterable.elements : []
        return first && binding.index === null ? this.maker(first, scope, depth) : null
      }
      default:
        return null
    }
  }

  private returned(scope: Scope, index: number | null, depth: number): Referent | null {
    for (const value of scope.module.returns.get(scope) ?? []) {
      const part = index !== null && value.kind === 'sequence' ? value.elements[index] : value
      const found = part ? this.maker(part, scope, depth + 1) : null
      if (found) return found
    }
    return null
  }

  /** Calls of a function, or of a class whose `__init__` is meant. */
  callersOf(owner: Scope): CallSite[] {
    if (!this.callers) {
      const callers = new Map<Scope, CallSite[]>()
      // Set first: finding out what is called may ask again.
      this.callers = callers
      for (const module of this.modules) {
        for (const site of module.calls) {
          const callee = this.referent(site.call.callee, site.scope)
          if (callee?.kind !== 'own') continue
          const known = callers.get(callee.scope)
          if (known) known.push(site)
          else callers.set(callee.scope, [site])
        }
      }
      // What was asked for while the callers were not all known is asked anew.
      this.makers.clear()
    }
    const meant = owner.name === '__init__' && owner.parent?.kind === 'class' ? owner.parent : owner
    return this.callers.get(meant) ?? []
  }

  /**
   * The canonical name of what is called: `torch.optim.Adam`; for a method of a library's object the class that made
   * it and the method (`keras.Model.fit`, `sklearn.svm.SVC.fit`); `*.fit` when the object is unknown; for a function
   * of the repository null.
   */
  calleeOf({ call, scope }: Pick<CallSite, 'call' | 'scope'>): string | null {
    const direct = this.referent(call.callee, scope)
    if (direct) return direct.kind === 'external' ? direct.name : null
    if (call.callee.kind !== 'attribute') return call.callee.kind === 'name' ? call.callee.name : null
    const { object, name } = call.callee
    const maker = this.maker(object, scope)
    if (maker?.kind === 'external') return `${modelName(maker.name)}.${name}`
    if (maker?.kind === 'own') {
      const [base] = this.externalBases(maker.scope)
      if (base) return `${modelName(base)}.${name}`
    }
    const owner = object.kind === 'name' && object.name === 'self' ? classOf(scope) : null
    const [base] = owner ? this.externalBases(owner) : []
    return base ? `${modelName(base)}.${name}` : `*.${name}`
  }
}

const modelName = (maker: string) =>
  /^keras\.(Sequential|Model|Functional|models\.\w+|applications\.\w+)$/.test(maker) ? 'keras.Model' : maker

const programs = new WeakMap<Project, Map<string, Names>>()

/** The names of the program that an entry starts, each read once. */
export function namesOf(project: Project, entry: string): Names {
  const known = programs.get(project) ?? new Map<string, Names>()
  programs.set(project, known)
  const names = known.get(entry) ?? new Names(project, entry)
  known.set(entry, names)
  return names
}
