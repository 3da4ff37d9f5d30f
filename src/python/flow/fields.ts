import type { Names } from '../names/names.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import { calledName, dottedName, stringOf } from '../syntax/walk.ts'
import { type ConfigValue, configValues, keyIn } from './configs.ts'
import { type CommandOption, optionsOf } from './options.ts'

/** A named value that is reached through an object: an option, a dict's entry, a class attribute. */
export interface Field {
  kind: 'option' | 'attribute' | 'entry' | 'store'
  name: string
  /** The name of what holds it, where that is known. */
  holder: string | null
  value: Expr
  scope: Scope
}

/** All fields of a program, by name. */
export interface Fields {
  options: CommandOption[]
  configs: ConfigValue[]
  all: Field[]
  byName: ReadonlyMap<string, Field[]>
  configsByName: ReadonlyMap<string, ConfigValue[]>
}

/** Calls whose keywords are fields of what they make. */
const HOLDERS =
  /^(dict|Namespace|SimpleNamespace|AttrDict|AttributeDict|EasyDict|edict|ConfigDict|Config|HParams|Munch|Box|DotMap|OrderedDict|set_defaults)$/
const CONFIG_CLASS = /config|cfg|param|args|hyper|hps|setting|option|flag|const/i

export function fieldsOf(names: Names, args: readonly string[] = []): Fields {
  const options = optionsOf(names)
  const configs = configValues(names, args)
  const all: Field[] = []
  for (const { name, default: value, site } of options) {
    if (value) all.push({ kind: 'option', name, holder: null, value, scope: site.scope })
  }
  for (const module of names.modules) {
    for (const { object, name, value, scope } of module.stores) {
      all.push({ kind: 'store', name, holder: dottedName(object), value, scope })
    }
    for (const { dict, scope } of module.dicts) {
      for (const { key, value } of dict.entries) {
        const name = stringOf(key)
        if (name !== null) all.push({ kind: 'entry', name, holder: null, value, scope })
      }
    }
    for (const { call, scope } of module.calls) {
      if (!HOLDERS.test(calledName(call))) continue
      for (const { name, value } of call.args) {
        if (name !== null) all.push({ kind: 'entry', name, holder: null, value, scope })
      }
    }
    for (const scope of module.scopes) {
      if (scope.kind !== 'class' || !isConfigClass(scope)) continue
      for (const [name, bindings] of scope.bindings) {
        for (const binding of bindings) {
          if (binding.kind !== 'value') continue
          all.push({ kind: 'attribute', name, holder: scope.name, value: binding.value, scope })
        }
      }
    }
  }
  return {
    options,
    configs,
    all,
    byName: grouped(all, (field) => field.name),
    configsByName: grouped(configs, keyIn),
  }
}

/** A class that only holds values: by its name, its decorator or its base. */
export function isConfigClass(scope: Scope): boolean {
  if (scope.node?.kind !== 'class') return false
  const decorated = scope.node.decorators.some((value) =>
    /(^|\.)(dataclass|define|s|attrs)$/.test(dottedName(value.kind === 'call' ? value.callee : value) ?? ''),
  )
  const based = scope.node.bases.some((base) =>
    /(^|\.)(NamedTuple|BaseModel|BaseSettings|TypedDict|PretrainedConfig|Tap)$/.test(
      dottedName(base.value) ?? '',
    ),
  )
  return decorated || based || CONFIG_CLASS.test(scope.name)
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const known = groups.get(key)
    if (known) known.push(value)
    else groups.set(key, [value])
  }
  return groups
}
