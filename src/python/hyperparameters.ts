import type { Hyperparameter } from '../domain/detection.ts'
import { isKnownName, normaliseName, priorFor } from '../search/priors.ts'
import type { Value } from './expressions.ts'
import type { Binding, Call, Module } from './module.ts'
import type { PythonParser, SourceFile } from './parser.ts'
import { openProject, type PythonProject, resolverOf } from './project.ts'

type NumberValue = Extract<Value, { kind: 'number' }>

/** A literal with the name it is bound to and what takes it. */
interface Found {
  module: Module
  /** As the person wrote it. */
  name: string
  /** The name by which the prior is looked up: for a constant, the keyword that takes it. */
  meaning: string
  callee: string | null
  value: Value
}

const TUPLE_LIMIT = 4
/** Data that is only looked at: its batch size changes no result. */
const HELD_OUT = /(^|[^a-z])(test|val|valid|eval)/i

/**
 * The numbers in the source that the search may change: numeric literals bound to names that the table of priors
 * knows, in the entry file and in the own modules it imports.
 * @param args the script's arguments: what they set on the command line is not the source's to change
 * @throws HoneError `syntax-error`
 */
export function findHyperparameters(
  python: PythonParser,
  files: readonly SourceFile[],
  entry: string,
  args: readonly string[] = [],
): Hyperparameter[] {
  const project = openProject(python, files)
  const modules = project.closure(entry).map((path) => project.module(path))
  const found = modules.flatMap((module) => [
    ...module.calls.flatMap((call) => fromCall(project, modules, module, call, args)),
    ...module.bindings.flatMap((binding) => fromBinding(modules, module, binding)),
  ])
  const texts = new Map(files.map((file) => [file.path, file.text]))
  const places = new Map<string, Omit<Hyperparameter, 'name'> & { bound: string }>()
  for (const { module, name, meaning, callee, value } of found) {
    for (const { literal, bound } of literalsOf(value, name)) {
      const place = `${module.path}:${literal.start}`
      const distribution = priorFor(meaning, callee, literal)
      if (!distribution || places.has(place)) continue
      const text = texts.get(module.path) ?? ''
      const start = Buffer.byteLength(text.slice(0, literal.start))
      const end = start + Buffer.byteLength(text.slice(literal.start, literal.end))
      places.set(place, {
        bound,
        file: module.path,
        line: literal.line,
        start,
        end,
        value: literal.value,
        distribution,
      })
    }
  }
  const order = new Map(modules.map((module, index) => [module.path, index]))
  const sorted = [...places.values()].sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.start - b.start,
  )
  return withUniqueNames(sorted)
}

function fromCall(
  project: PythonProject,
  modules: readonly Module[],
  module: Module,
  call: Call,
  args: readonly string[],
): Found[] {
  const callee = resolverOf(module)(call.callee)
  const option = optionOf(call)
  if (option !== null) {
    const flags = call.positional.flatMap((value) => (value.kind === 'string' ? value.text : []))
    if (flags.some((flag) => args.some((given) => given === flag || given.startsWith(`${flag}=`)))) return []
    const value = call.keywords.find((keyword) => keyword.name === 'default')?.value
    if (!value || !isKnownName(option)) return []
    return followed(project, modules, module, call.scope, value, option, null)
  }
  return call.keywords.flatMap(({ name, value }) => {
    if (!isKnownName(name) || isOutput(call, name)) return []
    if (normaliseName(name) === 'batch_size' && HELD_OUT.test(call.firstArgument)) return []
    return followed(project, modules, module, call.scope, value, name, callee)
  })
}

/** The name of a command-line option: argparse's add_argument, click's option. */
function optionOf(call: Call): string | null {
  if (!/(^|\.)(add_argument|option)$/.test(call.callee)) return null
  const flags = call.positional.flatMap((value) => (value.kind === 'string' ? value.text : []))
  const flag = flags.find((text) => text.startsWith('--')) ?? flags[0]
  return flag === undefined ? null : flag.replace(/^-+/, '').replaceAll('-', '_')
}

/** The size of a layer without a hidden layer's activation is the number of classes or outputs. */
const isOutput = (call: Call, name: string) =>
  normaliseName(name) === 'units' && /(^|\.)Dense$/.test(call.callee)

/** A value given by name is the constant's; all else stands where it is given. */
function followed(
  project: PythonProject,
  modules: readonly Module[],
  module: Module,
  scope: readonly string[],
  value: Value,
  meaning: string,
  callee: string | null,
): Found[] {
  if (value.kind !== 'name') return [{ module, name: meaning, meaning, callee, value }]
  const parts = value.name.split('.')
  const name = parts.at(-1) ?? ''
  const own = parts.length === 1 ? definitionsOf(module, name, scope) : []
  const sources =
    own.length > 0
      ? own.map((binding) => ({ module, binding }))
      : importedDefinitions(project, modules, module, parts)
  return sources.map(({ module, binding }) => ({
    module,
    name: binding.name,
    meaning,
    callee,
    value: binding.value,
  }))
}

/** Plain assignments of a name that the scope sees, of the innermost scope that has any. */
function definitionsOf(module: Module, name: string, scope: readonly string[]): Binding[] {
  for (let depth = scope.length; depth >= 0; depth--) {
    const path = scope.slice(0, depth).join('.')
    const here = module.bindings.filter(
      (binding) => binding.plain && binding.name === name && scopeOf(binding) === path,
    )
    if (here.length > 0) return here
  }
  return []
}

/** A parameter's default belongs to the function's own scope. */
const scopeOf = (binding: Binding) => binding.scope.join('.')

function importedDefinitions(
  project: PythonProject,
  modules: readonly Module[],
  module: Module,
  parts: readonly string[],
): { module: Module; binding: Binding }[] {
  const [first = '', ...rest] = parts
  return module.imports
    .filter((imported) => imported.alias === first || imported.name === '*')
    .flatMap((imported) => {
      const name = rest.at(-1) ?? (imported.name === '*' ? first : imported.name)
      if (name === null) return []
      const paths = project.resolve(module.path, imported)
      return modules
        .filter((other) => paths.includes(other.path))
        .flatMap((other) => definitionsOf(other, name, []).map((binding) => ({ module: other, binding })))
    })
}

function fromBinding(modules: readonly Module[], module: Module, binding: Binding): Found[] {
  if (!isKnownName(binding.name)) return []
  if (binding.kind === 'default' && isAlwaysGiven(modules, binding)) return []
  const boosting = module.imports.find((imported) => /^(xgboost|lightgbm)(\.|$)/.test(imported.module))
  const callee = binding.kind === 'pair' && boosting ? boosting.module : null
  return [{ module, name: binding.name, meaning: binding.name, callee, value: binding.value }]
}

/** A default that every call overrides has no effect. */
function isAlwaysGiven(modules: readonly Module[], binding: Binding): boolean {
  const owner = binding.scope.at(-1) === '__init__' ? binding.scope.at(-2) : binding.scope.at(-1)
  const calls = modules.flatMap((module) =>
    module.calls.filter((call) => call.callee.split('.').at(-1) === owner),
  )
  return (
    calls.length > 0 && calls.every((call) => call.keywords.some((keyword) => keyword.name === binding.name))
  )
}

function literalsOf(value: Value, name: string): { literal: NumberValue; bound: string }[] {
  if (value.kind === 'number') return [{ literal: value, bound: name }]
  if (value.kind !== 'tuple' || value.elements.length > TUPLE_LIMIT) return []
  // Several values for one number are a grid of the person's own search; sizes of layers are one each.
  if (!/hidden|units|layers/i.test(name)) return []
  const single = value.elements.length === 1
  return value.elements.flatMap((element, index) =>
    element.kind === 'number' ? [{ literal: element, bound: single ? name : `${name}[${index}]` }] : [],
  )
}

/** `lr`, then `lr@31`, then with the file, then with a count. */
function withUniqueNames(found: (Omit<Hyperparameter, 'name'> & { bound: string })[]): Hyperparameter[] {
  const taken = new Set<string>()
  return found.map(({ bound, ...rest }) => {
    const names = [bound, `${bound}@${rest.line}`, `${bound}@${rest.file}:${rest.line}`]
    let name = names.find((candidate) => !taken.has(candidate))
    for (let count = 2; name === undefined; count++) {
      const counted = `${names[2]}.${count}`
      if (!taken.has(counted)) name = counted
    }
    taken.add(name)
    return { name, ...rest }
  })
}
