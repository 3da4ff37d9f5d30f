import {
  argumentIn,
  type Context,
  explain,
  freezeTensors,
  INPUT,
  literalsOf,
  numbersOf,
  sizeIn,
  tensorOf,
} from './context.ts'
import { spaceAfter } from './convolution.ts'
import { concatenated, divide, flattened, joined, made, take } from './dims.ts'
import { attended, firstStates, recurrent } from './sequences.ts'
import type { Dim } from './sizes.ts'
import { type Given, type Layer, type Tensor, tensor, tensorsIn, type Value } from './values.ts'

/** What comes out of a layer, and what that says of its sizes. */
export function applyLayer(context: Context, layer: Layer, given: readonly Given[]): Value {
  layer.applied = true
  const values = given.map((one) => one.value)
  // Some layers of graphs take the graph first.
  const first =
    layer.spec.kind === 'graph' ? values.find((value) => tensorOf(context, value) !== null) : values[0]
  const input = withShape(context, layer, tensorOf(context, first) ?? tensor())
  const { spec } = layer
  freeSizes(context, layer)
  switch (spec.kind) {
    case 'same':
    case 'input':
    case 'repeat':
      return input
    case 'dense':
      return dense(context, layer, input)
    case 'mlp':
      return rowOfDense(context, layer, input)
    case 'graph':
      return graph(context, layer, input)
    case 'conv':
    case 'transposed':
      return convolved(context, layer, input)
    case 'depthwise':
      return { ...input, layout: 'last', space: spaceAfter(context, layer, input.space) }
    case 'pool':
      return pooled(context, layer, input)
    case 'adaptive-pool': {
      const known = spec.kernel ? numbersOf(argumentIn(layer.given, spec.kernel)?.value) : null
      const sizes = known?.length === 1 ? Array.from({ length: spec.rank ?? 2 }, () => known[0] ?? 1) : known
      return { ...input, space: context.spaces.known(sizes) }
    }
    case 'global-pool':
      return { ...input, layout: 'last', rank: 2, space: null }
    case 'norm':
    case 'group-norm':
      return normalised(context, layer, input)
    case 'embedding': {
      const dim = made(context, layer)
      if (layer.given.some(({ name }) => name === 'weights' || name === '_weight') && dim) {
        context.sizes.freeze(dim.size, 'the vectors that are loaded have this size')
      }
      return tensor({ dim, layout: 'last', rank: (input.rank ?? 2) + 1 })
    }
    case 'recurrent':
      return recurrent(context, layer, input, values)
    case 'cell': {
      take(context, layer, input)
      const dim = made(context, layer)
      firstStates(context, layer, dim, values.slice(1))
      const state = tensor({ dim, layout: 'last', rank: 2, state: true })
      return layer.callee.endsWith('LSTMCell') ? { kind: 'list', values: [state, state] } : state
    }
    case 'attention':
    case 'encoder':
      return attended(
        context,
        layer,
        values.flatMap((value) => tensorsIn(value, context.work)),
      )
    case 'stack':
      return layer.inner?.kind === 'layer'
        ? applyLayer(context, layer.inner, given)
        : lost(context, layer, values)
    case 'wrapper':
      if (layer.inner?.kind !== 'layer') return lost(context, layer, values)
      return applyLayer(context, layer.inner, [{ name: null, value: input, expr: given[0]?.expr } as Given])
    case 'flatten':
      return spec.inferred ? { ...flattened(input), space: null } : flattened(input)
    case 'elementwise':
      return joined(
        context,
        values.flatMap((value) => tensorsIn(value, context.work)),
        false,
      )
    case 'concat':
      return concatenated(
        context,
        values.flatMap((value) => tensorsIn(value, context.work)),
      )
    case 'opaque':
      return reshaped(context, layer, input)
  }
}

/** A first layer of Keras may be told the shape of what goes in. */
function withShape(context: Context, layer: Layer, input: Tensor): Tensor {
  if (!layer.spec.inferred || input.dim || input.space) return input
  const shape = layer.given.find(({ name }) => name === 'input_shape' || name === 'shape')?.value
  return { ...input, space: spaceOfShape(context, shape) }
}

/** Height and width in `(28, 28, 1)` or `(1, 28, 28)`. */
export function spaceOfShape(context: Context, shape: Value | undefined) {
  const sizes = numbersOf(shape)
  const [first, ...rest] = sizes ?? []
  if (!sizes || first === undefined || sizes.length < 2) return null
  const channelsFirst = sizes.length > 2 && first <= 4 && rest.every((size) => size > 4)
  return context.spaces.known(channelsFirst ? rest : sizes.slice(0, -1))
}

const lost = (context: Context, layer: Layer, values: readonly Value[]): Value => {
  const name = layer.callee.slice(layer.callee.lastIndexOf('.') + 1)
  freezeTensors(context, values, `it goes through ${name}, which may need this size`)
  return tensor()
}

function dense(context: Context, layer: Layer, input: Tensor): Tensor {
  const torch = !layer.spec.inferred
  if (torch && input.layout === 'first') {
    freezeTensors(context, [input], 'it goes into a layer that works on another dimension')
    take(context, layer, tensor())
  } else {
    take(context, layer, input)
    if (torch) context.spaces.fix(input.space, 'the size of what is flattened depends on it')
  }
  const space = layer.spec.inferred && layer.callee.startsWith('keras.') ? input.space : null
  return tensor({ dim: made(context, layer), layout: 'last', rank: input.rank, space })
}

/** `MLP([in, hidden, out])` of PyTorch Geometric. */
function rowOfDense(context: Context, layer: Layer, input: Tensor): Tensor {
  const { spec, given, callee } = layer
  const listed = spec.input ? argumentIn(given, spec.input) : null
  const sizes = listed?.value.kind === 'list' ? listed.value.values : []
  let dim: Dim | null = input.dim
  if (listed) explain(context, listed.expr)
  for (const [at, value] of sizes.entries()) {
    const size = value.kind === 'size' ? value.size : null
    for (const { literal } of size ?? []) if (literal && literal.slot === '') literal.slot = 'channel_list'
    if (at === 0 && size && dim) context.sizes.match(dim, size, 'the next layer takes as many inputs')
    else if (at === 0) context.sizes.freeze(size ?? [], INPUT)
    if (dim) context.sizes.consume(dim)
    dim = size && { size, times: 1 }
    const [atom, more] = at > 0 && size ? size : []
    if (atom?.literal && !more) atom.literal.defines ??= { role: 'units', callee }
  }
  return tensor({ dim: sizes.length > 1 ? dim : null, layout: 'last', rank: input.rank })
}

function graph(context: Context, layer: Layer, input: Tensor): Tensor {
  take(context, layer, input)
  const dim = made(context, layer)
  const { heads } = layer.spec
  const given = heads ? argumentIn(layer.given, heads) : null
  const concat = argumentIn(layer.given, ['concat', 3])?.value
  const averaged = concat?.kind === 'constant' && concat.value === false
  if (!dim || !heads || !given || averaged) return tensor({ dim, layout: 'last', rank: 2 })
  const size = sizeIn(context, layer, heads)
  if (!size) return tensor({ dim: { ...dim, times: null }, layout: 'last', rank: 2 })
  const named = size.every(({ literal }) => literal && literal.names.length > 0)
  if (named) {
    for (const { literal } of size) {
      if (literal) context.free.push({ literal, role: 'num_heads', layer, divides: null })
    }
  }
  if (named) return tensor({ dim: { size: [...dim.size, ...size], times: 1 }, layout: 'last', rank: 2 })
  context.sizes.freeze(size, 'the next layer takes as many inputs for each head')
  const times = size.reduce((product, atom) => product * atom.value, 1)
  return tensor({ dim: { size: dim.size, times }, layout: 'last', rank: 2 })
}

function convolved(context: Context, layer: Layer, input: Tensor): Tensor {
  const { spec } = layer
  const rank = (spec.rank ?? 2) + 2
  const misplaced = spec.channels === 'first' && input.layout === 'last' && input.dim !== null
  if (misplaced) freezeTensors(context, [input], 'it goes into a layer that works on another dimension')
  take(context, layer, misplaced ? tensor() : input)
  const dim = made(context, layer)
  const groups = argumentIn(layer.given, spec.channels === 'first' ? ['groups', 6] : ['groups', null])
  if (groups && numbersOf(groups.value)?.[0] !== 1) {
    const reason = 'its groups have to divide it'
    if (dim) context.sizes.freeze(dim.size, reason)
    const size = spec.input ? sizeIn(context, layer, spec.input) : null
    context.sizes.freeze(size ?? input.dim?.size ?? [], reason)
  }
  const space = spaceAfter(context, layer, input.space ?? context.spaces.known(null))
  return tensor({ dim, layout: spec.channels, rank, space })
}

function pooled(context: Context, layer: Layer, input: Tensor): Tensor {
  const { channels } = layer.spec
  if (channels === 'first' && input.layout === 'last') {
    freezeTensors(context, [input], 'it goes into a layer that works on another dimension')
    return tensor()
  }
  return { ...input, space: spaceAfter(context, layer, input.space ?? context.spaces.known(null)) }
}

function normalised(context: Context, layer: Layer, input: Tensor): Tensor {
  const { spec, given, callee } = layer
  const found = spec.input ? argumentIn(given, spec.input) : null
  const list = found?.value.kind === 'list' ? found.value.values : null
  const single = list?.length === 1 ? list[0] : found?.value
  const last = /LayerNorm|RMSNorm/.test(callee) && input.layout === 'first'
  if (!found || single?.kind !== 'size' || last) {
    freezeTensors(context, list ? [input, ...list] : [input], 'the layer after it is written for this size')
    for (const value of list ?? [])
      if (value.kind === 'size') context.sizes.freeze(value.size, 'the shape of its input')
    return input
  }
  const size = list ? single.size : (sizeIn(context, layer, spec.input ?? ['', null]) ?? single.size)
  for (const { literal } of size) if (literal && literal.slot === '') literal.slot = 'num_features'
  if (!input.dim) context.sizes.freeze(size, INPUT)
  else {
    context.sizes.match(input.dim, size, 'it normalises as many features')
    if (spec.kind === 'group-norm' && spec.heads) divide(context, layer, input.dim)
  }
  return input
}

function reshaped(context: Context, layer: Layer, input: Tensor): Value {
  lost(context, layer, [input])
  if (!layer.callee.endsWith('.Reshape')) return tensor()
  const shape = argumentIn(layer.given, ['target_shape', 0])?.value
  return tensor({ layout: 'last', space: spaceOfShape(context, shape) })
}

/** Sizes inside of a layer, those that must stay, and those that nothing depends on. */
function freeSizes(context: Context, layer: Layer): void {
  for (const [slot, reason] of layer.spec.stays ?? []) {
    context.sizes.freeze(sizeIn(context, layer, slot) ?? [], reason)
  }
  for (const [slot, role] of layer.spec.free ?? []) {
    const literal = literalsOf({ kind: 'size', size: sizeIn(context, layer, slot) ?? [] })?.[0]
    if (!literal || role === 'filters' || role === 'kernel_size' || role === 'embedding_dim') continue
    const known = context.free.some((one) => one.literal === literal)
    if (!known) context.free.push({ literal, role, layer, divides: null })
  }
}
