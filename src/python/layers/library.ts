import type { Scope } from '../names/scope.ts'
import { classOf } from '../names/scope.ts'
import { applyLayer, spaceOfShape } from './apply.ts'
import { argumentIn, freezeTensors, INPUT, OUTPUT } from './context.ts'
import { rangeOf } from './execute.ts'
import { libraryCall, poolingLike } from './functions.ts'
import { extend, listOf } from './lists.ts'
import { functionOf } from './members.ts'
import { type CallSite, plainNumber, type Runner } from './runner.ts'
import { isFunctionalModel, isModuleList, isSequential, layerSpecOf } from './specs.ts'
import { type Chain, type Given, type Layer, tensor, tensorsIn, UNKNOWN, type Value } from './values.ts'

/** Wrappers that give the model back that they are given. */
const WRAPS =
  /(^|\.)(DataParallel|DistributedDataParallel|compile|script|spectral_norm|weight_norm|checkpoint_wrapper|prepare_model|prepare|jit|remat|deepcopy|copy|watch|freeze)$/
/** What Keras' layers are told of their input. */
const SHAPES = /^(input_shape|batch_input_shape|batch_shape|input_length|input_dim|shape)$/

/** What calling something of a library gives. */
export function libraryValue(runner: Runner, name: string, given: readonly Given[], site: CallSite): Value {
  const values = given.map((one) => one.value)
  const builtin = builtinCall(runner, name, values)
  if (builtin) return builtin
  if (isSequential(name)) return chainOf(runner, name, given, true)
  if (isModuleList(name)) return chainOf(runner, name, given, false)
  if (isFunctionalModel(name)) return modelOf(runner, given)
  const pooling = poolingLike(name)
  const [input, ...rest] = given
  if (pooling && input) {
    const spec = layerSpecOf(pooling)
    if (spec) return applyLayer(runner, { ...layerOf(name, spec, rest, site), callee: pooling }, [input])
  }
  const spec = layerSpecOf(name)
  // A name in small letters is the function, which takes tensors: `concatenate([a, b])`.
  const direct =
    spec && /(^|\.)[a-z]\w*$/.test(name) && values.some((value) => tensorsIn(value, runner.work).length > 0)
  if (spec && !direct) {
    const layer = layerOf(name, spec, given, site)
    freezeShapes(runner, layer)
    if (spec.inferred && given.some((one) => one.name === 'weights'))
      runner.pin(layer, 'its weights come from elsewhere')
    if (spec.kind === 'input' && !name.endsWith('InputLayer')) {
      return tensor({
        layout: 'last',
        space: spaceOfShape(runner, argumentIn(given, ['shape batch_shape', 0])?.value),
      })
    }
    runner.layers.push(layer)
    return layer
  }
  if (spec && direct) return applyLayer(runner, layerOf(name, spec, [], site), given)
  if (WRAPS.test(name)) {
    const models = values.filter((value) => /^(layer|chain|instance|model|function)$/.test(value.kind))
    const [only, more] = models
    if (only && !more) return only
    if (models.length > 1) return { kind: 'list', values }
  }
  if (/(^|\.)OrderedDict$/.test(name)) return values[0] ?? UNKNOWN
  return libraryCall(runner, name, given)
}

function builtinCall(runner: Runner, name: string, values: readonly Value[]): Value | null {
  const [first] = values
  switch (name) {
    case 'len':
      return first?.kind === 'list' ? plainNumber(first.values.length) : UNKNOWN
    case 'range':
      return rangeOf(values)
    case 'int':
    case 'list':
    case 'tuple':
    case 'sorted':
    case 'float':
      return first && first.kind !== 'tensor' ? first : { kind: 'list', values: [] }
    case 'reversed':
      return first?.kind === 'list' ? listOf(runner, first.values.toReversed()) : UNKNOWN
    case 'enumerate':
      if (first?.kind !== 'list' && first?.kind !== 'chain') return UNKNOWN
      if (!runner.work.spend((first.kind === 'list' ? first.values : first.items).length / 2)) return UNKNOWN
      return {
        kind: 'list',
        values: (first.kind === 'list' ? first.values : first.items).map((value, at) => ({
          kind: 'list',
          values: [plainNumber(at), value],
        })),
      }
    case 'zip': {
      const lists = values.flatMap((value) =>
        value.kind === 'list' ? [value.values] : value.kind === 'chain' ? [value.items] : [],
      )
      if (lists.length !== values.length || lists.length === 0) return UNKNOWN
      const length = Math.min(...lists.map((list) => list.length))
      if (!runner.work.spend((length * lists.length) / 2)) return UNKNOWN
      return {
        kind: 'list',
        values: Array.from({ length }, (_, at) => ({
          kind: 'list',
          values: lists.map((list) => list[at] ?? UNKNOWN),
        })),
      }
    }
    case 'super':
      return UNKNOWN
    default:
      return null
  }
}

function layerOf(callee: string, spec: Layer['spec'], given: readonly Given[], site: CallSite): Layer {
  const [inner] = given
  return {
    kind: 'layer',
    callee,
    spec,
    call: site.call,
    scope: site.frame.scope,
    given,
    spread: site.spread,
    applied: false,
    inner: spec.kind === 'wrapper' || spec.kind === 'stack' ? (inner?.value ?? null) : null,
  }
}

/** What layers of Keras are told of their input follows from the data. */
function freezeShapes(runner: Runner, layer: Layer): void {
  for (const { name, value } of layer.given) {
    if (name === null || !SHAPES.test(name) || !layer.spec.inferred) continue
    for (const one of value.kind === 'list' ? value.values : [value]) {
      if (one.kind !== 'size') continue
      for (const { literal } of one.size) if (literal && literal.slot === '') literal.slot = name
      runner.sizes.freeze(one.size, INPUT)
    }
  }
}

function chainOf(runner: Runner, callee: string, given: readonly Given[], callable: boolean): Chain {
  const chain: Chain = { kind: 'chain', callee, items: itemsIn(given), callable, applied: false }
  runner.chains.push(chain)
  return chain
}

function itemsIn(given: readonly Given[]): Value[] {
  const values = given.flatMap(({ name, value }) => (name === null || name === 'layers' ? value : []))
  const [first, more] = values
  const listed = first?.kind === 'list' && !more ? first.values : values
  // An OrderedDict gives pairs of a name and a layer.
  const items = listed.flatMap((value) => (value.kind === 'list' ? (value.values.at(-1) ?? []) : value))
  return items.map((value) => bare(value))
}

/** Layers of stax without parameters are no calls: `Relu`. */
function bare(value: Value): Value {
  const spec = value.kind === 'external' ? layerSpecOf(value.name) : null
  if (!spec || value.kind !== 'external') return value
  return {
    kind: 'layer',
    callee: value.name,
    spec,
    call: null,
    scope: null as unknown as Scope,
    given: [],
    spread: false,
    applied: false,
    inner: null,
  }
}

/** `Model(inputs, outputs)` */
function modelOf(runner: Runner, given: readonly Given[]): Value {
  const output = argumentIn(given, ['outputs output', 1])?.value ?? UNKNOWN
  freezeTensors(runner, [output], OUTPUT)
  return { kind: 'model', output }
}

/** `super().method(...)` of a class whose base is of the repository, or is a container of layers. */
export function superCall(runner: Runner, name: string, given: readonly Given[], site: CallSite): Value {
  const { self, scope } = site.frame
  const owner = classOf(scope)
  if (!self || !owner) return UNKNOWN
  const [, ...bases] = runner.names.lineage(owner)
  for (const base of bases) {
    for (const binding of base.bindings.get(name) ?? []) {
      if (binding.kind !== 'definition') continue
      return runner.call(functionOf(runner, binding.scope, self), given, site)
    }
  }
  if (name === '__init__' && runner.names.externalBases(owner).some(isSequential)) {
    extend(runner, self.items, itemsIn(given))
  } else
    freezeTensors(
      runner,
      given.map((one) => one.value),
      `it goes into ${name}(), which may need this size`,
    )
  return UNKNOWN
}
