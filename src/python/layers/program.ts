import type { Flow } from '../flow/flow.ts'
import type { Names } from '../names/names.ts'
import { reachableIn } from '../names/reachable.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Call } from '../syntax/tree.ts'
import { calledName } from '../syntax/walk.ts'
import { forward, through } from './calls.ts'
import { argumentIn, freezeTensors, OUTPUT } from './context.ts'
import { Machine } from './machine.ts'
import { frameOf } from './runner.ts'
import { layerSpecOf } from './specs.ts'
import type { Chain, Instance, Value } from './values.ts'
import { TOO_LARGE } from './work.ts'

/** Runs a program in thought: its modules, then what builds layers and was not run by them. */
export function runProgram(names: Names, flow: Flow): Machine | null {
  const [entry] = names.modules
  if (!entry) return null
  const machine = new Machine(names, flow, entry)
  for (const module of names.modules) {
    machine.modules.set(module.path, frameOf(module.scope, null, null))
    machine.visited.add(module.scope)
  }
  for (const module of names.modules.toReversed()) {
    const frame = machine.modules.get(module.path)
    if (frame) machine.execute(module.body, frame)
  }
  runTheRest(machine)
  callTheRest(machine)
  if (machine.exhausted) {
    for (const one of machine.sizes.vars.values()) machine.sizes.freezeVar(one, TOO_LARGE)
  }
  pinUnused(machine)
  pinCopied(machine)
  return machine
}

/** Functions and classes that build layers, and that only something outside calls: a library, a decorator. */
function runTheRest(machine: Machine): void {
  const reachable = reachableIn(machine.names)
  for (const module of machine.names.modules) {
    for (const site of module.calls) {
      const { scope } = site
      if (!machine.work.look(1)) return
      if (machine.visited.has(scope) || !reachable(site)) continue
      const name = machine.names.calleeOf(site)
      if (name === null || !layerSpecOf(name)) continue
      runScope(machine, scope)
    }
  }
}

function runScope(machine: Machine, scope: Scope): void {
  const owner = classOf(scope)
  const frame = machine.modules.get(scope.module.path)
  if (!frame) return
  const site = { call: null, frame, spread: true }
  if (owner && !machine.visited.has(owner)) {
    machine.call({ kind: 'class', scope: owner }, [], site)
    if (machine.visited.has(scope)) return
  }
  const self = owner ? (machine.instances.find((one) => one.owner === owner) ?? null) : null
  if (scope.kind !== 'function') return
  const result = machine.call({ kind: 'function', scope, self, frame }, [], site)
  freezeTensors(machine, [result], OUTPUT)
}

/** Models that are built and never called, as one that a library trains. */
function callTheRest(machine: Machine): void {
  if (machine.exhausted) return
  const parts = new Set<Value>()
  for (const { items } of machine.chains) for (const item of items) parts.add(item)
  for (const { items, attributes } of machine.instances) {
    for (const item of [...items, ...attributes.values()]) {
      parts.add(item)
      if (item.kind === 'list') for (const one of item.values) parts.add(one)
    }
  }
  const models: (Chain | Instance)[] = [...machine.instances, ...machine.chains]
  for (const whole of [true, false]) {
    for (const model of models) {
      if (model.applied || parts.has(model) === whole) continue
      if (model.kind === 'chain' && model.callable)
        freezeTensors(machine, [through(machine, model, [])], OUTPUT)
      else if (model.kind === 'instance' && model.module)
        freezeTensors(machine, [forward(machine, model, [])], OUTPUT)
    }
  }
}

/** Nothing is known of layers that are built and never called. */
function pinUnused(machine: Machine): void {
  const used = new Set<Call>()
  for (const { applied, call } of machine.layers) if (applied && call) used.add(call)
  for (const layer of machine.layers) {
    if (layer.call === null || used.has(layer.call)) continue
    for (const slot of [layer.spec.input, layer.spec.output]) {
      const found = slot && argumentIn(layer.given, slot)
      if (found?.value.kind !== 'size') continue
      for (const { literal } of found.value.size)
        if (literal && literal.slot === '') literal.slot = slot?.[0].split(' ')[0] ?? ''
    }
    machine.pin(layer, 'it is not seen how the layer is used')
  }
}

/** `model.layers[0].set_weights(...)`: weights of one model are put into another, layer by layer. */
function pinCopied(machine: Machine): void {
  for (const module of machine.names.modules) {
    for (const { call } of module.calls) {
      if (calledName(call) !== 'set_weights' || call.callee.kind !== 'attribute') continue
      const { object } = call.callee
      const single =
        object.kind === 'subscript' || (object.kind === 'call' && calledName(object) === 'get_layer')
      if (!single) continue
      for (const layer of machine.layers) machine.pin(layer, 'weights are copied from layer to layer')
      return
    }
  }
}
