import type { Scope } from '../names/scope.ts'
import { dottedName } from '../syntax/walk.ts'
import { argumentIn } from './context.ts'
import { lost } from './methods.ts'
import type { Runner } from './runner.ts'
import type { Instance, Value } from './values.ts'

/** An attribute or a method of a value; null where nothing is known of it. */
export function memberOf(runner: Runner, object: Value, name: string): Value | null {
  switch (object.kind) {
    case 'tensor':
      if (name === 'data') return object
      return name === 'T' || name === 'mT' ? lost(runner, object, name) : { kind: 'method', of: object, name }
    case 'instance':
      return instanceMember(runner, object, name)
    case 'layer': {
      const { input, output } = object.spec
      for (const slot of [input, output, [name, null] as const]) {
        const found = slot?.[0].split(' ').includes(name) ? argumentIn(object.given, slot) : null
        if (found) return found.value
      }
      if (name === 'bidirectional') return { kind: 'constant', value: false }
      return { kind: 'method', of: object, name }
    }
    case 'chain':
    case 'model':
    case 'list':
    case 'method':
      return { kind: 'method', of: object, name }
    case 'class': {
      const method = methodOf(runner, object.scope, name)
      return method && functionOf(runner, method, null)
    }
    default:
      return null
  }
}

function instanceMember(runner: Runner, object: Instance, name: string): Value | null {
  const known = object.attributes.get(name)
  if (known) return known
  const method = methodOf(runner, object.owner, name)
  if (!method) return object.module ? { kind: 'method', of: object, name } : null
  const bound = functionOf(runner, method, object)
  const { node } = method
  const property =
    node?.kind === 'function' && node.decorators.some((one) => /property$/.test(dottedName(one) ?? ''))
  if (!property) return bound
  const frame = runner.modules.get(method.module.path)
  return frame ? runner.call(bound, [], { call: null, frame, spread: false }) : null
}

/** A method of a class or of its bases in the repository. */
export function methodOf(runner: Runner, owner: Scope, name: string): Scope | null {
  for (const one of runner.names.lineage(owner)) {
    if (!runner.work.look(1)) return null
    for (const binding of one.bindings.get(name) ?? []) {
      if (binding.kind === 'definition' && binding.scope.kind === 'function') return binding.scope
    }
  }
  return null
}

export const functionOf = (runner: Runner, scope: Scope, self: Instance | null): Value => ({
  kind: 'function',
  scope,
  self,
  frame: runner.modules.get(scope.module.path) ?? null,
})
