import { isModuleBase } from '../knowledge/layers.ts'
import type { Scope } from '../names/scope.ts'
import type { Call } from '../syntax/tree.ts'
import { calledName } from '../syntax/walk.ts'
import { applyLayer } from './apply.ts'
import { freezeTensors, OUTPUT } from './context.ts'
import { gone } from './functions.ts'
import { libraryValue, superCall } from './library.ts'
import { listOf } from './lists.ts'
import { functionOf, methodOf } from './members.ts'
import { oneOf } from './merge.ts'
import { isHarmless } from './methods.ts'
import { methodCall } from './model-methods.ts'
import { bindName, type CallSite, frameOf, type Runner } from './runner.ts'
import { type Chain, type Given, type Instance, tensor, tensorsIn, UNKNOWN, type Value } from './values.ts'

const DEPTH = 24
const FORWARD = ['forward', 'call', '__call__']

/** What a call gives. */
export function call(runner: Runner, callee: Value, given: readonly Given[], site: CallSite): Value {
  const name = site.call ? calledName(site.call) : ''
  const values = given.map((one) => one.value)
  switch (callee.kind) {
    case 'function':
      return callFunction(runner, callee, given, site.spread)
    case 'class':
      return instantiate(runner, callee.scope, given, site)
    case 'external':
      return libraryValue(runner, callee.name, given, site)
    case 'layer': {
      const { inner, spec } = callee
      if (spec.kind !== 'wrapper' || inner === null || inner.kind === 'layer')
        return applyLayer(runner, callee, given)
      callee.applied = true
      return runner.call(inner, given, site)
    }
    case 'chain':
      return outside(runner, callee.callable ? through(runner, callee, given) : gone(runner, values, name))
    case 'instance':
      return forward(runner, callee, given)
    case 'model':
      return callee.output
    case 'method':
      return methodCall(runner, callee.of, callee.name, given, site)
    default:
      if (isSuper(site.call)) return superCall(runner, name, given, site)
      return isHarmless(name) ? UNKNOWN : gone(runner, values, name)
  }
}

/** `super().method(...)` */
const isSuper = (value: Call | null): boolean =>
  value?.callee.kind === 'attribute' &&
  value.callee.object.kind === 'call' &&
  calledName(value.callee.object) === 'super'

/** What a model gives to the program around it are its outputs. */
function outside(runner: Runner, value: Value): Value {
  const outputs = tensorsIn(value, runner.work).filter((one) => !one.state)
  if (runner.inside === 0) freezeTensors(runner, outputs, OUTPUT)
  return value
}

/** Through all layers of a container, one after the other. */
export function through(runner: Runner, chain: Chain | Instance, given: readonly Given[]): Value {
  chain.applied = true
  let at: Given | undefined = given[0]
  let value: Value = at?.value ?? tensor()
  runner.inside++
  for (const item of [...chain.items]) {
    if (runner.work.exhausted) break
    const next: Given = { name: null, value, expr: at?.expr as Given['expr'] }
    value = runner.call(item, value === UNKNOWN ? [] : [next], NOWHERE(runner))
    at = next
  }
  runner.inside--
  return value
}

const NOWHERE = (runner: Runner): CallSite => ({
  call: null,
  frame: frameOf(runner.entry.scope, null, null),
  spread: false,
})

function callFunction(
  runner: Runner,
  callee: Extract<Value, { kind: 'function' }>,
  given: readonly Given[],
  spread: boolean,
): Value {
  const { scope, self } = callee
  const { node } = scope
  const repeats = runner.stack.filter((one) => one === scope).length
  const pairs = node?.kind === 'function' ? node.parameters.length * given.length : 0
  const affordable = runner.work.spend(1 + pairs / 64)
  if (node?.kind !== 'function' || runner.stack.length > DEPTH || repeats > 2 || !affordable) {
    return gone(
      runner,
      given.map((one) => one.value),
      scope.name,
    )
  }
  runner.visited.add(scope)
  const frame = frameOf(scope, callee.frame, self)
  const statics = node.decorators.some((one) => one.kind === 'name' && one.name === 'staticmethod')
  const method = scope.parent?.kind === 'class' && !statics
  let position = 0
  const plain = given.filter((one) => one.name === null)
  for (const [at, parameter] of node.parameters.entries()) {
    const { name } = parameter
    if (method && at === 0) {
      // `Base.__init__(self, ...)` gives the object itself.
      const first = self ?? plain[position++]?.value
      if (first) frame.vars.set(name, first)
      if (first?.kind === 'instance') frame.self = first
      continue
    }
    if (parameter.spread === '*') {
      frame.vars.set(
        name,
        listOf(
          runner,
          plain.slice(position).map((one) => one.value),
        ),
      )
      position = plain.length
      continue
    }
    if (parameter.spread === '**') continue
    const found =
      given.find((one) => one.name === name) ?? (parameter.keywordOnly ? undefined : plain[position++])
    // What an unknown argument may replace is left to be followed by name.
    const fallback = !found && !spread && parameter.default
    const value = found?.value ?? (fallback ? runner.evaluate(fallback, callee.frame ?? frame) : null)
    if (!value || value.kind === 'unknown') {
      // A name that is set again later must not be followed to what it is set to then.
      if ((scope.bindings.get(name)?.length ?? 0) > 1) frame.vars.set(name, UNKNOWN)
      continue
    }
    bindName(runner.work, value, name)
    frame.vars.set(name, value)
  }
  runner.stack.push(scope)
  runner.execute(node.body, frame)
  runner.stack.pop()
  return frame.returns.length === 0 ? { kind: 'constant', value: null } : oneOf(runner, frame.returns)
}

/** A new object of a class of the repository. */
function instantiate(runner: Runner, owner: Scope, given: readonly Given[], site: CallSite): Value {
  const bases = runner.names.externalBases(owner)
  const module = bases.some((base) => isModuleBase(base) || base === 'keras.Sequential')
  runner.visited.add(owner)
  if (runner.instances.length > 300) return UNKNOWN
  const made: Instance = {
    kind: 'instance',
    owner,
    attributes: new Map(),
    items: [],
    module,
    layer: bases.includes('keras.layers.Layer'),
    applied: false,
    runs: 0,
    result: null,
  }
  runner.instances.push(made)
  const init = methodOf(runner, owner, '__init__')
  if (init) runner.call(functionOf(runner, init, made), given, site)
  else {
    for (const { name, value } of given) {
      if (name === null) continue
      bindName(runner.work, value, name)
      made.attributes.set(name, value)
    }
  }
  for (const name of module ? ['setup', 'build'] : []) {
    const later = methodOf(runner, owner, name)
    if (later) runner.call(functionOf(runner, later, made), [], { ...site, spread: false })
  }
  return made
}

/** Calls a model of the repository. */
export function forward(runner: Runner, object: Instance, given: readonly Given[]): Value {
  object.applied = true
  const values = given.map((one) => one.value)
  if (object.runs > 5 && object.result) return object.result
  object.runs++
  const found = FORWARD.flatMap((name) => methodOf(runner, object.owner, name) ?? [])[0]
  if (!found && object.items.length === 0) return gone(runner, values, object.owner.name)
  if (object.module) runner.inside++
  const result = found
    ? runner.call(functionOf(runner, found, object), given, NOWHERE(runner))
    : through(runner, object, given)
  if (object.module) runner.inside--
  object.result = result
  return object.module && !object.layer ? outside(runner, result) : result
}
