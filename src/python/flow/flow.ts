import { parseNumber } from '../literal.ts'
import { argumentFor } from '../names/arguments.ts'
import type { Names } from '../names/names.ts'
import { type Binding, classOf, lookUp, type Scope } from '../names/scope.ts'
import type { SourceFile } from '../source.ts'
import type {
  Attribute,
  Call,
  Constant,
  Expr,
  Name,
  NumberLiteral,
  Sequence,
  StringLiteral,
  Subscript,
} from '../syntax/tree.ts'
import { calledName, dottedName, positionalOf, stringOf, walk } from '../syntax/walk.ts'
import { Dicts } from './dicts.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { defaultIn } from './options.ts'

export type Literal = NumberLiteral | StringLiteral | Constant | Sequence

/** A literal that a value comes from unchanged. */
export interface Origin {
  literal: Literal
  file: SourceFile
  /** Null in a configuration file. */
  scope: Scope | null
  /** The names that it is bound to on the way, the literal's own first. */
  names: string[]
}

const DEPTH = 12
/** Calls that change nothing of a value but its type. */
const CASTS =
  /^(int|float|str|bool|tuple|list|abs|constant|Variable|tensor|float32|float64|int32|int64|asarray|array)$/
const PARSED = /^(parse_args|parse_known_args|parse|parse_intermixed_args|FLAGS)$/

/** Follows values to the literals that they come from. A value that is computed has none. */
export class Flow {
  readonly names: Names
  readonly fields: Fields
  readonly dicts: Dicts
  private readonly known = new Map<Expr, Origin[]>()
  /** What the question at hand has been through: all ways from there on are taken already. */
  private seen = new Set<unknown>()
  private members = new Map<Scope, Set<string>>()

  /** @param args the script's arguments, which may name configuration files */
  constructor(names: Names, args: readonly string[] = []) {
    this.names = names
    this.fields = fieldsOf(names, args)
    this.dicts = new Dicts(names)
  }

  /** @returns each literal that the value may be; empty for one that is computed or unknown */
  origins(value: Expr, scope: Scope): Origin[] {
    const known = this.known.get(value)
    if (known) return known
    this.seen = new Set()
    this.members = new Map()
    const found = new Map<string, Origin>()
    for (const origin of this.follow(value, scope, 0)) {
      const key = keyOf(origin)
      if (!found.has(key)) found.set(key, origin)
    }
    const origins = [...found.values()]
    this.known.set(value, origins)
    return origins
  }

  private firstMember(owner: Scope, name: string): boolean {
    const names = this.members.get(owner) ?? new Set<string>()
    this.members.set(owner, names)
    if (names.has(name)) return false
    names.add(name)
    return true
  }

  /** Whether the question comes by here for the first time. */
  private first(key: unknown): boolean {
    if (this.seen.has(key)) return false
    this.seen.add(key)
    return true
  }

  /** The only literal that a value may be; null when there is none or more than one. */
  origin(value: Expr, scope: Scope): Origin | null {
    const [only, more] = this.origins(value, scope)
    return only && !more ? only : null
  }

  private follow(value: Expr, scope: Scope, depth: number): Origin[] {
    if (depth > DEPTH) return []
    switch (value.kind) {
      case 'number':
      case 'constant':
      case 'string':
      case 'sequence':
        return [{ literal: value, file: scope.module.file, scope, names: [] }]
      case 'name':
        return this.named(value, scope, depth)
      case 'attribute':
        return this.attribute(value, scope, depth)
      case 'subscript':
        return this.subscript(value, scope, depth)
      case 'call':
        return this.call(value, scope, depth)
      case 'operation':
        // `args.lr or 0.1`
        return value.operator === 'or'
          ? value.operands.flatMap((operand) => this.follow(operand, scope, depth + 1))
          : []
      case 'conditional':
        // `256 if torch.cuda.is_available() else 64`: the images train on the processor.
        return speaksOfDevice(value.condition) ? this.follow(value.otherwise, scope, depth + 1) : []
      default:
        return []
    }
  }

  private named(value: Name, scope: Scope, depth: number): Origin[] {
    const found = lookUp(value.name, scope)
    if (!found) return this.starred(value, scope, depth)
    if (!this.first(found.bindings)) return []
    const origins = found.bindings.flatMap((binding) => this.bound(binding, found.scope, depth + 1))
    return withName(origins, value.name)
  }

  private starred(value: Name, scope: Scope, depth: number): Origin[] {
    for (const { scope: inside } of this.names.starModules(scope.module).slice(1)) {
      if (inside.bindings.has(value.name)) return this.named(value, inside, depth + 1)
    }
    return []
  }

  private bound(binding: Binding, scope: Scope, depth: number): Origin[] {
    if (depth > DEPTH || !this.first(binding)) return []
    switch (binding.kind) {
      case 'value':
        return this.follow(binding.value, scope, depth)
      case 'parameter':
        return this.parameter(binding, depth)
      case 'import': {
        const { module, level, name: member } = binding.import
        const path = member === null ? null : this.names.project.find(scope.module.path, level, module)
        if (!path || member === null) return []
        const inside = this.names.project.module(path).scope
        return this.named({ kind: 'name', name: member, start: 0, end: 0, line: 0 }, inside, depth)
      }
      case 'loop':
      case 'part':
      case 'changed':
      case 'definition':
        return []
    }
  }

  /** What the callers give; the default where one gives nothing. */
  private parameter(binding: Extract<Binding, { kind: 'parameter' }>, depth: number): Origin[] {
    const { parameter, owner, index } = binding
    const sites = this.names.callersOf(owner)
    const origins: Origin[] = []
    let omitted = sites.length === 0
    for (const { call, scope } of sites) {
      const given = argumentFor(call, owner, index, parameter.name)
      if (given) origins.push(...this.follow(given, scope, depth + 1))
      else {
        omitted = true
        if (call.args.some((argument) => argument.spread === '**')) {
          origins.push(...this.field(parameter.name, null, depth + 1))
        }
      }
    }
    if (!omitted || (origins.length > 0 && sites.some(({ call }) => hasSpread(call)))) return origins
    if (parameter.default && owner.parent)
      origins.push(...this.follow(parameter.default, owner.parent, depth + 1))
    else if (sites.length === 0 || owner.node?.decorators.length) {
      // A command's function gets its options by name.
      const options = this.fields.options.filter((option) => option.name === parameter.name)
      for (const { default: value, site } of options) {
        if (value) origins.push(...this.follow(value, site.scope, depth + 1))
      }
    }
    return origins
  }

  private attribute(value: Attribute, scope: Scope, depth: number): Origin[] {
    const owners = this.names.ownersOf(value.object, scope)
    for (const owner of owners) {
      const found = this.member(owner, value.name, depth + 1)
      if (found.length > 0) return withName(found, value.name)
    }
    const referent = this.names.referent(value.object, scope)
    if (referent?.kind === 'module') {
      const inside = referent.module.scope
      if (inside.bindings.has(value.name)) {
        return this.named({ ...value, kind: 'name' }, inside, depth + 1)
      }
    }
    if (referent?.kind === 'external' && !PARSED.test(referent.name.split('.').at(-1) ?? '')) return []
    if (owners.length > 0 && classOf(scope) && dottedName(value.object) === 'self') return []
    const parsed = this.isParsed(value.object, scope)
    if (parsed) {
      const options = this.fields.byName.get(value.name)?.filter((field) => field.kind === 'option') ?? []
      if (options.length > 0) {
        return withName(
          options.flatMap((field) => this.follow(field.value, field.scope, depth + 1)),
          value.name,
        )
      }
    }
    return this.field(value.name, dottedName(value.object), depth + 1)
  }

  private isParsed(object: Expr, scope: Scope): boolean {
    if (object.kind !== 'name') return false
    const found = lookUp(object.name, scope)
    return (found?.bindings ?? []).some((binding) => {
      const made = binding.kind === 'value' || binding.kind === 'part' ? binding.value : null
      return made?.kind === 'call' && PARSED.test(calledName(made))
    })
  }

  /** An attribute of a class of the repository: set in a method, on the class, or given to a dataclass. */
  private member(owner: Scope, name: string, depth: number): Origin[] {
    if (depth > DEPTH || !this.firstMember(owner, name)) return []
    const set = owner.attributes.get(name) ?? []
    const inMethods = set.flatMap(({ value, scope }) => this.follow(value, scope, depth))
    if (inMethods.length > 0) return inMethods
    const given = this.names.callersOf(owner).flatMap(({ call, scope }) => {
      const argument = call.args.find((one) => one.name === name)
      return argument ? this.follow(argument.value, scope, depth) : []
    })
    if (given.length > 0 && !owner.bindings.has('__init__')) return given
    return (owner.bindings.get(name) ?? []).flatMap((binding) =>
      binding.kind === 'value' ? this.follow(binding.value, owner, depth) : [],
    )
  }

  /** A field of an object that nothing else tells: every field of that name, the same holder's first. */
  private field(name: string, holder: string | null, depth: number): Origin[] {
    if (depth > DEPTH || !this.first(`field ${name}`)) return []
    const fields = this.fields.byName.get(name) ?? []
    const held = holder === null ? [] : fields.filter((field) => field.holder === holder)
    const chosen = held.length > 0 ? held : fields
    const origins = chosen.flatMap((field) => this.follow(field.value, field.scope, depth + 1))
    if (held.length === 0) {
      for (const { file, value } of this.fields.configsByName.get(name) ?? []) {
        origins.push({ literal: value, file, scope: null, names: [] })
      }
    }
    return withName(origins, name)
  }

  private subscript(value: Subscript, scope: Scope, depth: number): Origin[] {
    const [index, more] = value.index
    if (!index || more) return []
    const key = stringOf(index)
    if (key !== null) return this.entry(value.object, key, scope, depth)
    // `sizes[0]`
    if (index.kind !== 'number' || index.value < 0) return []
    return this.follow(value.object, scope, depth + 1).flatMap(({ literal, scope: at, names }) => {
      const element = literal.kind === 'sequence' ? literal.elements[index.value] : undefined
      return element && at ? withNames(this.follow(element, at, depth + 1), names) : []
    })
  }

  /** `params['lr']`, where `params` is a dict of the source. */
  private entry(object: Expr, key: string, scope: Scope, depth: number): Origin[] {
    const held = this.dicts
      .entries(object, scope, key)
      .flatMap(({ value, scope: at }) => this.follow(value, at, depth + 1))
    if (held.length > 0) return withName(held, key)
    return this.field(key, dottedName(object), depth + 1)
  }

  private call(value: Call, scope: Scope, depth: number): Origin[] {
    const name = calledName(value)
    const [first] = positionalOf(value)
    if (CASTS.test(name) && first) {
      return this.follow(first, scope, depth + 1).map((origin) => ({ ...origin, literal: asNumber(origin) }))
    }
    const fallback = defaultIn(value)
    const origins: Origin[] = []
    if (/^(get|pop|getattr)$/.test(name) && fallback && value.callee.kind === 'attribute') {
      const key = stringOf(first)
      if (key !== null && !isEnvironment(value.callee.object)) {
        const dicts = this.dicts.of(value.callee.object, scope)
        for (const { entries, scope: at } of dicts) {
          for (const entry of entries) {
            if (entry.name === key) origins.push(...this.follow(entry.value, at, depth + 1))
          }
        }
      }
    }
    if (origins.length === 0 && fallback) origins.push(...this.follow(fallback, scope, depth + 1))
    const key = /^(get|getenv|pop|getattr)$/.test(name)
      ? stringOf(name === 'getattr' ? positionalOf(value)[1] : first)
      : null
    return key === null ? origins : withName(origins, key)
  }
}

/** Unique for each literal of a program. */
export const keyOf = ({ file, literal }: Pick<Origin, 'file' | 'literal'>): string =>
  `${file.path}:${literal.start}`

const withName = (origins: Origin[], name: string): Origin[] =>
  origins.map((origin) =>
    origin.names.at(-1) === name ? origin : { ...origin, names: [...origin.names, name] },
  )

const withNames = (origins: Origin[], names: readonly string[]): Origin[] =>
  origins.map((origin) => ({ ...origin, names: [...origin.names, ...names] }))

const speaksOfDevice = (condition: Expr) =>
  [...walk(condition)].some(
    (part) => part.kind === 'attribute' && /^(cuda|is_available|gpus?)$/.test(part.name),
  )

const hasSpread = (call: Call) => call.args.some((argument) => argument.spread === '**')

const isEnvironment = (value: Expr) => /(^|\.)environ$/.test(dottedName(value) ?? '')

/** The number inside of a string such as `'0.1'`, in its own place between the quotes. */
function asNumber({ literal, file }: Origin): Literal {
  if (literal.kind !== 'string' || literal.value === null) return literal
  const number = parseNumber(literal.value)
  const text = file.text.slice(literal.start, literal.end)
  if (!number || !/^(['"])[^'"\\]*\1$/.test(text) || text.length !== literal.value.length + 2) return literal
  return { kind: 'number', ...number, start: literal.start + 1, end: literal.end - 1, line: literal.line }
}
