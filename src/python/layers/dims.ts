import { type Context, freezeTensors, INPUT, literalsOf, sizeIn } from './context.ts'
import type { Dim } from './sizes.ts'
import { type Layer, type Tensor, tensor } from './values.ts'

const JOINED = 'it is joined with another tensor'

/** Ties what a layer takes with what comes in. */
export function take(context: Context, layer: Layer, input: Tensor): void {
  const { sizes } = context
  const { spec } = layer
  if (spec.inferred || !spec.input) {
    if (input.dim) sizes.consume(input.dim)
    return
  }
  const size = sizeIn(context, layer, spec.input)
  if (!size) {
    freezeTensors(context, [input], 'the next layer computes how many inputs it has')
    return
  }
  if (size.some((atom) => atom.value < 1)) {
    // PyTorch Geometric finds out by itself where -1 is given.
    if (input.dim) sizes.consume(input.dim)
    return
  }
  if (!input.dim) {
    sizes.freeze(size, INPUT)
    return
  }
  const matched = sizes.match(input.dim, size, 'the next layer takes as many inputs')
  if (matched) sizes.consume(matched)
}

/** What a layer gives, by its own size; null where that is not known. */
export function made(context: Context, layer: Layer): Dim | null {
  const { spec, callee } = layer
  const size = spec.output ? sizeIn(context, layer, spec.output) : null
  if (!size || !spec.role) return null
  for (const { literal } of size) {
    // A factor without a name, as 4 in `4 * width`, is no size of its own.
    if (!literal || (size.length > 1 && literal.names.length === 0)) continue
    literal.defines ??= { role: spec.role, callee }
  }
  return { size, times: 1 }
}

/** Tensors that are added, multiplied or compared with one another. */
export function joined(context: Context, tensors: readonly Tensor[], foreign: boolean): Tensor {
  const [first] = tensors
  if (!first) return tensor()
  for (const one of tensors) if (tensors.length > 1) context.spaces.fix(one.space, JOINED)
  const { dim } = first
  const alike =
    dim !== null && tensors.every((one) => one.dim !== null && context.sizes.same(dim, one.dim)) && !foreign
  if (!alike) freezeTensors(context, tensors, JOINED)
  const best = tensors.find((one) => one.dim !== null) ?? first
  return { ...best, space: first.space && context.spaces.known(null) }
}

/** Tensors set side by side along their features. */
export function concatenated(context: Context, tensors: readonly Tensor[]): Tensor {
  const [first] = tensors
  if (!first) return tensor()
  for (const one of tensors) context.spaces.fix(one.space, JOINED)
  const space = first.space && context.spaces.known(null)
  const dims = tensors.flatMap(({ dim }) => dim ?? [])
  const [dim] = dims
  const known = dims.length === tensors.length && dims.every(({ times }) => times !== null)
  if (!dim || !known) {
    freezeTensors(context, tensors, JOINED)
    return { ...first, dim: null, space }
  }
  if (dims.every((other) => context.sizes.same(dim, other))) {
    return { ...first, dim: { size: dim.size, times: (dim.times ?? 1) * dims.length }, space }
  }
  const value = dims.reduce((sum, { size, times }) => sum + size.reduce((n, a) => n * a.value, times ?? 1), 0)
  const size = context.sizes.sum(dims, value)
  if (!size) {
    freezeTensors(context, tensors, JOINED)
    return { ...first, dim: null, space }
  }
  return { ...first, dim: { size, times: 1 }, space }
}

/** One dimension of features from all that a tensor has for each example. */
export function flattened(input: Tensor): Tensor {
  const { dim, layout, rank, space } = input
  const unknown = layout === 'first' || (rank !== 2 && layout !== null)
  return tensor({ dim: dim && { ...dim, times: unknown ? null : dim.times }, layout: 'last', rank: 2, space })
}

/** The number of heads or groups has to divide the size. */
export function divide(context: Context, layer: Layer, dim: Dim | null): void {
  const { heads } = layer.spec
  const size = heads ? sizeIn(context, layer, heads) : null
  if (!dim || !heads) return
  const [atom, more] = dim.size
  if (!size || !atom?.literal || more || dim.times !== 1) {
    context.sizes.freeze(dim.size, 'its heads have to divide it')
    context.sizes.freeze(size ?? [], 'it has to divide the size of its input')
    return
  }
  const literal = literalsOf({ kind: 'size', size })?.[0] ?? null
  const { root } = context.sizes.find(atom.literal)
  const value = size.reduce((product, { value }) => product * value, 1)
  if (root.divisors.some((one) => one.literal === literal && one.value === value)) return
  root.divisors.push({ value, literal })
  if (!literal) context.sizes.freeze(size, 'it has to divide the size of its input')
  else if (layer.spec.kind === 'group-norm') context.sizes.freezeVar(literal, 'it has to divide the channels')
  else context.free.push({ literal, role: 'num_heads', layer, divides: dim })
}
