import { argumentIn, type Context, explain, freezeTensors, INPUT, literalsOf, sizeIn } from './context.ts'
import { spaceAfter } from './convolution.ts'
import { divide, made, take } from './dims.ts'
import type { Dim } from './sizes.ts'
import { type Layer, type Tensor, tensor, tensorsIn, UNKNOWN, type Value } from './values.ts'

/** Outputs of a recurrent layer, with its states in PyTorch. */
export function recurrent(context: Context, layer: Layer, input: Tensor, values: readonly Value[]): Value {
  take(context, layer, input)
  const dim = made(context, layer)
  const { given, spec } = layer
  if (spec.inferred) {
    const space = spec.kernel ? spaceAfter(context, layer, input.space) : null
    const out = tensor({ dim, layout: 'last', rank: null, space })
    const states = argumentIn(given, ['return_state', null])?.value
    if (states?.kind !== 'constant' || states.value !== true) return out
    return { kind: 'list', values: [out, { ...out }, { ...out }] }
  }
  const both = argumentIn(given, ['bidirectional', 6])?.value
  const times = both?.kind === 'constant' ? (both.value ? 2 : 1) : both ? null : 1
  if (dim && argumentIn(given, ['proj_size', null]))
    context.sizes.freeze(dim.size, 'its outputs are projected')
  const state = tensor({ dim, layout: 'last', rank: 3, state: true })
  firstStates(context, layer, dim, values.slice(1))
  const out = tensor({ dim: dim && { ...dim, times }, layout: 'last', rank: 3 })
  const rest: Value = layer.callee.endsWith('LSTM') ? { kind: 'list', values: [state, state] } : state
  return { kind: 'list', values: [out, rest] }
}

/** The first states of a recurrent layer have its size. */
export function firstStates(context: Context, layer: Layer, dim: Dim | null, values: readonly Value[]): void {
  const literal = dim?.size[0]?.literal
  if (!dim || !literal) return
  for (const value of values) {
    if (value.kind === 'constant') continue
    const tensors = tensorsIn(value, context.work)
    const known = tensors.flatMap((one) => one.dim ?? [])
    for (const one of known) context.sizes.match(dim, one.size, 'its first state has this size')
    for (const expr of tensors.flatMap((one) => one.shape)) explain(context, expr)
    const reason = 'its first state, which is made elsewhere, has this size'
    if (known.length === 0 && literal.names.length === 0) context.sizes.freeze(dim.size, reason)
    const depth = argumentIn(layer.given, ['num_layers', 2])?.value
    const layers = depth ? literalsOf(depth)?.[0] : null
    if (layers && layers.names.length === 0) context.sizes.freezeVar(layers, reason)
  }
}

/** Attention gives as many features as go in. */
export function attended(context: Context, layer: Layer, inputs: readonly Tensor[]): Value {
  const { spec } = layer
  const size = spec.input ? sizeIn(context, layer, spec.input) : null
  const [query] = inputs
  if (spec.inferred) {
    for (const { dim } of inputs) if (dim) context.sizes.consume(dim)
    return query ?? tensor()
  }
  const dims = inputs.flatMap(({ dim }) => dim ?? [])
  if (!size) freezeTensors(context, inputs, 'the next layer computes how many inputs it has')
  else if (dims.length === 0) context.sizes.freeze(size, INPUT)
  else {
    for (const dim of dims) {
      if (context.sizes.match(dim, size, 'attention takes as many inputs')) context.sizes.consume(dim)
    }
  }
  divide(context, layer, size && { size, times: 1 })
  const dim = query?.dim ?? (size && { size, times: 1 })
  const out = tensor({ dim, layout: 'last', rank: 3 })
  return spec.kind === 'attention' ? { kind: 'list', values: [out, UNKNOWN] } : out
}
