import { isKnownName } from '../../search/priors.ts'
import { keyIn } from '../flow/configs.ts'
import { isConfigClass } from '../flow/fields.ts'
import type { Flow, Origin } from '../flow/flow.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr } from '../syntax/tree.ts'
import type { Use } from './uses.ts'

/**
 * The literals that are known by the name they are bound to alone: constants, options, fields, defaults of parameters.
 * One that nothing reads is none.
 * @param args the script's arguments: what they set on the command line is not the source's to change
 */
export function namedUses(
  flow: Flow,
  reachable: (place: { scope: Scope; main: boolean }) => boolean,
  args: readonly string[],
): Use[] {
  const { names, fields } = flow
  const uses: Use[] = []
  const read = new Set<string>()
  for (const module of names.modules) {
    for (const name of module.attributes) read.add(name)
    for (const { value } of module.strings) read.add(value)
    for (const scope of module.scopes) {
      for (const dotted of [...scope.reads.keys(), ...scope.mainReads.keys()])
        read.add(dotted.split('.')[0] ?? '')
    }
  }
  const spread = names.modules.some((module) =>
    module.calls.some(({ call }) => call.args.some((argument) => argument.spread === '**')),
  )
  const add = (origins: readonly Origin[], name: string) => {
    for (const origin of origins)
      uses.push({ origin, name, callee: null, group: '', subject: '', vain: null, veto: null })
  }
  const literal = (value: Expr, scope: Scope, name: string): Origin[] =>
    flow
      .origins(value, scope)
      .map((origin) => (origin.names.length > 0 ? origin : { ...origin, names: [name] }))

  const attributes = new Set(names.modules.flatMap((module) => [...module.attributes]))
  for (const { name, flags, default: value, site } of fields.options) {
    if (!value || !isKnownName(name) || !(attributes.has(name) || read.has(name) || spread)) continue
    if (flags.some((flag) => args.some((given) => given === flag || given.startsWith(`${flag}=`)))) continue
    add(literal(value, site.scope, name), name)
  }
  for (const { kind, name, value, scope } of fields.all) {
    if (kind === 'option' || !isKnownName(name) || !reachable({ scope, main: false })) continue
    // A key stands among the strings itself: only an attribute, a second string or a whole dict given away reads it.
    const wanted =
      kind === 'entry' ? spread || attributes.has(name) || countOf(flow, name) > 1 : attributes.has(name)
    if (wanted) add(literal(value, scope, name), name)
  }
  for (const { file, path, value } of fields.configs) {
    const name = keyIn({ path })
    if (!isKnownName(name) || !(attributes.has(name) || read.has(name) || spread)) continue
    add([{ literal: value, file, scope: null, names: [name] }], name)
  }
  for (const module of names.modules) {
    for (const scope of module.scopes) {
      if (!reachable({ scope, main: false })) continue
      for (const [name, bindings] of scope.bindings) {
        if (!isKnownName(name)) continue
        for (const binding of bindings) {
          if (binding.kind === 'value') {
            const wanted =
              scope.kind === 'class' ? attributes.has(name) || isConfigClass(scope) : read.has(name)
            if (wanted && isLiteral(binding.value)) add(literal(binding.value, scope, name), name)
          } else if (binding.kind === 'parameter' && (scope.reads.has(name) || attributes.has(name))) {
            add(literal({ kind: 'name', name, start: 0, end: 0, line: binding.line }, scope, name), name)
          }
        }
      }
      for (const [name, set] of scope.attributes) {
        if (!isKnownName(name) || !attributes.has(name)) continue
        for (const { value, scope: at } of set) if (isLiteral(value)) add(literal(value, at, name), name)
      }
    }
  }
  return uses
}

const isLiteral = (value: Expr) =>
  value.kind === 'number' || value.kind === 'string' || value.kind === 'constant' || value.kind === 'call'

const countOf = (flow: Flow, text: string): number =>
  flow.names.modules.reduce(
    (sum, module) => sum + module.strings.filter(({ value }) => value === text).length,
    0,
  )
