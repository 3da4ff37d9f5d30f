import { argumentFor } from '../names/arguments.ts'
import type { Names } from '../names/names.ts'
import { type Binding, lookUp, type Scope } from '../names/scope.ts'
import type { Call, Dict, Expr, Sequence } from '../syntax/tree.ts'
import { calledName, dottedName, positionalOf, stringOf } from '../syntax/walk.ts'

/** A dict of the source, or what is stored into one later. */
export interface DictValue {
  entries: { name: string; value: Expr }[]
  scope: Scope
}

const MADE = /^(dict|list|OrderedDict|edict|EasyDict|AttrDict|deepcopy)$/
const DEPTH = 12

/** Finds the dicts that a value may be. */
export class Dicts {
  private readonly names: Names
  private readonly known = new Map<Scope, Map<string, DictValue[]>>()
  private readonly stores = new Map<string, DictValue[]>()
  private readonly indexed = new WeakMap<DictValue[], Map<string, { value: Expr; scope: Scope }[]>>()

  constructor(names: Names) {
    this.names = names
    for (const module of names.modules) {
      for (const { object, name, value, scope } of module.stores) {
        const key = `${module.path} ${dottedName(object)}`
        const stored = this.stores.get(key) ?? []
        stored.push({ entries: [{ name, value }], scope })
        this.stores.set(key, stored)
      }
    }
  }

  /** What the dicts that a value may be hold under a key. */
  entries(value: Expr, scope: Scope, key: string): { value: Expr; scope: Scope }[] {
    const dicts = this.of(value, scope)
    const known = this.indexed.get(dicts) ?? indexOf(dicts)
    this.indexed.set(dicts, known)
    return known.get(key) ?? []
  }

  of(value: Expr, scope: Scope, depth = 0): DictValue[] {
    if (depth > DEPTH) return []
    switch (value.kind) {
      case 'dict':
        return this.literal(value, scope, depth)
      case 'call':
        return this.call(value, scope, depth)
      case 'sequence':
        return this.pairs(value, scope)
      case 'operation':
        // `list(params.items()) + [('eval_metric', 'auc')]`
        return value.operator === '+' || value.operator === '|'
          ? value.operands.flatMap((operand) => this.of(operand, scope, depth + 1))
          : []
      case 'name':
        return this.named(value.name, scope, depth)
      case 'attribute':
        return this.names
          .ownersOf(value.object, scope)
          .flatMap((owner) => [
            ...(owner.attributes.get(value.name) ?? []).flatMap((set) =>
              this.of(set.value, set.scope, depth + 1),
            ),
            ...(owner.bindings.get(value.name) ?? []).flatMap((binding) =>
              binding.kind === 'value' ? this.of(binding.value, owner, depth + 1) : [],
            ),
          ])
      default:
        return []
    }
  }

  private literal(dict: Dict, scope: Scope, depth: number): DictValue[] {
    const entries = dict.entries.flatMap(({ key, value }) => {
      const name = stringOf(key)
      return name === null ? [] : [{ name, value }]
    })
    const spread = dict.entries.filter(({ key }) => key === null)
    return [{ entries, scope }, ...spread.flatMap(({ value }) => this.of(value, scope, depth + 1))]
  }

  /** `[('eta', 0.1), ('max_depth', 6)]` */
  private pairs({ elements }: Sequence, scope: Scope): DictValue[] {
    const entries = elements.flatMap((element) => {
      const [key, value, more] = element.kind === 'sequence' ? element.elements : []
      const name = stringOf(key)
      return name !== null && value && !more ? [{ name, value }] : []
    })
    return entries.length > 0 && entries.length === elements.length ? [{ entries, scope }] : []
  }

  private call(call: Call, scope: Scope, depth: number): DictValue[] {
    const { callee } = call
    if (callee.kind === 'attribute' && /^(copy|items)$/.test(callee.name)) {
      return this.of(callee.object, scope, depth + 1)
    }
    if (!MADE.test(calledName(call))) return []
    const entries = call.args.flatMap(({ name, value }) => (name === null ? [] : [{ name, value }]))
    return [{ entries, scope }, ...positionalOf(call).flatMap((given) => this.of(given, scope, depth + 1))]
  }

  private named(name: string, scope: Scope, depth: number): DictValue[] {
    const found = lookUp(name, scope)
    if (!found) return []
    const inScope = this.known.get(found.scope) ?? new Map<string, DictValue[]>()
    this.known.set(found.scope, inScope)
    const known = inScope.get(name)
    if (known) return known
    // A name that leads back to itself is no dict.
    inScope.set(name, [])
    const dicts = found.bindings.flatMap((binding) => this.bound(binding, found.scope, depth + 1))
    dicts.push(...(this.stores.get(`${found.scope.module.path} ${name}`) ?? []))
    inScope.set(name, dicts)
    return dicts
  }

  /** What the callers of a function with `**kwargs` give by keyword. */
  private keywords(owner: Scope): DictValue[] {
    return this.names.callersOf(owner).map(({ call, scope }) => ({
      entries: call.args.flatMap(({ name, value }) => (name === null ? [] : [{ name, value }])),
      scope,
    }))
  }

  private bound(binding: Binding, scope: Scope, depth: number): DictValue[] {
    switch (binding.kind) {
      case 'value':
        return this.of(binding.value, scope, depth)
      case 'import': {
        const { module, level, name } = binding.import
        const path = name === null ? null : this.names.project.find(scope.module.path, level, module)
        return path && name !== null ? this.named(name, this.names.project.module(path).scope, depth) : []
      }
      case 'parameter':
        if (binding.parameter.spread === '**') return this.keywords(binding.owner)
        return this.names.callersOf(binding.owner).flatMap((site) => {
          const given = argumentFor(site.call, binding.owner, binding.index, binding.parameter.name)
          return given ? this.of(given, site.scope, depth) : []
        })
      default:
        return []
    }
  }
}

function indexOf(dicts: readonly DictValue[]): Map<string, { value: Expr; scope: Scope }[]> {
  const index = new Map<string, { value: Expr; scope: Scope }[]>()
  for (const { entries, scope } of dicts) {
    for (const { name, value } of entries) {
      const known = index.get(name)
      if (known) known.push({ value, scope })
      else index.set(name, [{ value, scope }])
    }
  }
  return index
}
