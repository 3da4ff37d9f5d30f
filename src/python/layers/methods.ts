import { type Context, freezeTensors, numbersOf } from './context.ts'
import { flattened, joined } from './dims.ts'
import type { Size } from './sizes.ts'
import { type Given, type Tensor, tensor, tensorsIn, UNKNOWN, type Value } from './values.ts'

/** Methods and functions of one tensor that keep its shape. */
const SAME = new Set(
  'relu relu_ relu6 leaky_relu leaky_relu_ elu selu celu gelu silu swish mish sigmoid tanh softplus softsign hardtanh hard_sigmoid hardswish hard_swish log_softmax softmax logsigmoid log_sigmoid normalize dropout dropout_ dropout1d dropout2d dropout3d alpha_dropout feature_dropout batch_norm instance_norm local_response_norm interpolate upsample to cuda cpu float double half bfloat16 long int contiguous detach clone type astype cast requires_grad_ abs exp log sqrt square pow neg clamp clip sin cos sign round floor identity Variable Parameter convert_to_tensor nan_to_num stop_gradient l2_normalize zeros_like ones_like randn_like rand_like empty_like as_tensor data flip roll cumsum pack_padded_sequence pack_sequence requires_grad rsqrt erf log1p expm1 dropout_layer'.split(
    ' ',
  ),
)
/** Nothing of the shape of what they are called on matters to them. */
const HARMLESS = new Set(
  'size dim shape numel item backward register_hook ndim device dtype new new_zeros new_ones new_full element_size is_cuda grad retain_grad print len isinstance type id repr str range get_shape int_shape summary'.split(
    ' ',
  ),
)
const REDUCES = new Set(
  'mean sum max min amax amin prod std var median logsumexp norm reduce_mean reduce_sum reduce_max argmax argmin any all'.split(
    ' ',
  ),
)
const ELEMENTWISE = new Set(
  'add sub mul div multiply divide subtract true_divide maximum minimum add_ mul_ sub_ div_ lerp where masked_fill masked_fill_'.split(
    ' ',
  ),
)
const SHAPES = new Set(
  'view reshape flatten permute transpose swapaxes squeeze unsqueeze expand repeat expand_dims view_as ravel'.split(
    ' ',
  ),
)

export const isHarmless = (name: string) => HARMLESS.has(name)

/** Whether what a method or function of tensors does is known. */
export const isTensorMethod = (name: string) =>
  SAME.has(name) || REDUCES.has(name) || ELEMENTWISE.has(name) || SHAPES.has(name)

/**
 * What a method of a tensor gives.
 * @param given its arguments without the tensor
 */
export function tensorMethod(context: Context, input: Tensor, name: string, given: readonly Given[]): Value {
  const values = given.map((one) => one.value)
  if (SAME.has(name)) return input
  if (HARMLESS.has(name)) return UNKNOWN
  if (ELEMENTWISE.has(name)) {
    const others = values.flatMap((value) => tensorsIn(value, context.work))
    return joined(
      context,
      [input, ...others],
      values.some((value) => isForeign(value)),
    )
  }
  if (REDUCES.has(name)) return reduced(context, input, name, given)
  switch (name) {
    case 'view':
    case 'reshape':
      return viewed(context, input, values)
    case 'flatten': {
      const [start] = numbersOf(argument(given, 'start_dim', 0)) ?? [0]
      if (start === 2) return lined(context, input)
      return start === 1 ? flattened(input) : lost(context, input, name)
    }
    case 'permute':
    case 'transpose':
    case 'swapaxes':
      return transposed(context, input, name, values)
    case 'squeeze':
      return squeezed(context, input, values)
    case 'expand':
    case 'repeat': {
      const [last] = numbersOf(values.at(-1)) ?? []
      return last === (name === 'expand' ? -1 : 1) ? input : lost(context, input, name)
    }
    case 'unsqueeze':
    case 'expand_dims':
      return unsqueezed(context, input, values)
    default:
      return lost(context, input, name)
  }
}

export const argument = (given: readonly Given[], name: string, index: number): Value | undefined =>
  given.find((one) => one.name === name)?.value ?? given.filter((one) => one.name === null)[index]?.value

/** A value that may be a tensor of any shape. */
export const isForeign = (value: Value): boolean =>
  value.kind === 'unknown' || value.kind === 'list' || (value.kind === 'tensor' && value.dim === null)

/** Nothing is known of the shape from here on. */
export function lost(context: Context, input: Tensor, name: string): Tensor {
  freezeTensors(context, [input], `it goes through ${name}(), which may need this size`)
  return tensor()
}

function reduced(context: Context, input: Tensor, name: string, given: readonly Given[]): Value {
  const dims = numbersOf(argument(given, 'dim', 0) ?? argument(given, 'axis', 0))
  if (!dims) return lost(context, input, name)
  const keeps = argument(given, 'keepdim', 1)
  const keep = keeps?.kind === 'constant' && keeps.value === true
  const { layout, rank } = input
  const spatial = (dim: number) => dim >= 2 || (dim < 0 && rank !== null && rank + dim >= 2)
  let out: Tensor
  if (layout === 'first' && dims.every(spatial)) {
    const left = rank === null ? null : rank - (keep ? 0 : dims.length)
    out = { ...input, layout: left === 2 ? 'last' : 'first', rank: left, space: context.spaces.known(null) }
    if (left === 2 || keep) out.space = null
  } else if (layout !== 'first' && dims.every((dim) => dim >= 0 && dim < (rank ?? 2) - 1)) {
    out = { ...input, rank: rank === null || keep ? rank : rank - dims.length }
  } else if (layout === 'last' && rank === 3 && dims.every((dim) => dim === -2)) {
    out = { ...input, rank: keep ? 3 : 2 }
  } else return lost(context, input, name)
  const pairs = (name === 'max' || name === 'min' || name === 'median') && dims.length === 1
  return pairs ? { kind: 'list', values: [out, UNKNOWN] } : out
}

/** Height and width in one dimension, behind the channels. */
function lined(context: Context, input: Tensor): Tensor {
  if (input.layout !== 'first') return lost(context, input, 'flatten')
  context.spaces.fix(input.space, 'the number of points may be needed further on')
  return { ...input, rank: 3, space: null }
}

function viewed(context: Context, input: Tensor, values: readonly Value[]): Value {
  const [list] = values
  const shape = list?.kind === 'list' && values.length === 1 ? list.values : values
  const sizes = shape.map((value) => (value.kind === 'size' ? value.size : null))
  const freeze = (reason: string) => {
    for (const size of sizes) context.sizes.freeze(size ?? [], reason)
  }
  if (shape.length === 2) {
    const [, features] = sizes
    const [number] = numbersOf(shape[1]) ?? []
    if (!features || number === undefined || number < 0) return flattened(input)
    const flat = flattened(input)
    context.spaces.fix(input.space, 'the size of what is flattened depends on it')
    for (const { literal } of features) if (literal && literal.slot === '') literal.slot = 'view'
    if (flat.dim) {
      const dim = context.sizes.match({ ...flat.dim, times: null }, features, 'it is flattened to as many')
      return { ...flat, dim }
    }
    context.sizes.freeze(features, 'the shape of what goes in')
    return { ...flat, dim: { size: features, times: 1 } }
  }
  const [, channels, rest] = shape
  if (shape.length === 3 && input.dim && input.layout === 'first' && numbersOf(rest)?.[0] === -1) {
    // `x.view(batch, channels, -1)`
    const size = channels?.kind === 'size' ? channels.size : null
    if (size) context.sizes.match(input.dim, size, 'it is reshaped to as many')
    return lined(context, input)
  }
  freeze('the shape of what goes in')
  if (input.dim) return lost(context, input, 'view')
  const image = shape.length === 4 ? numbersOf({ kind: 'list', values: shape.slice(2) }) : null
  if (!image?.every((size) => size > 0)) return tensor({ rank: shape.length })
  const first: Size | null = sizes[1] ?? null
  return tensor({
    dim: first && { size: first, times: 1 },
    layout: 'first',
    rank: 4,
    space: context.spaces.known(image),
  })
}

function transposed(context: Context, input: Tensor, name: string, values: readonly Value[]): Value {
  const order = numbersOf({
    kind: 'list',
    values: values[0]?.kind === 'list' ? values[0].values : [...values],
  })
  const { layout, rank } = input
  if (!order) return lost(context, input, name)
  const text = order.map((at) => (at < 0 && rank !== null ? rank + at : at)).join(' ')
  if (input.dim === null) return tensor()
  if (/^(0 1|1 0|1 0 2)$/.test(text)) {
    return layout === 'last' && rank !== 2 ? input : lost(context, input, name)
  }
  const toFirst = /^(1 2|2 1|0 2 1|1 2 0|0 3 1 2)$/.test(text)
  const toLast = /^(1 2|2 1|0 2 1|2 0 1|0 2 3 1)$/.test(text)
  if (layout === 'last' && toFirst) return { ...input, layout: 'first', rank: order.length === 4 ? 4 : 3 }
  if (layout === 'first' && toLast) return { ...input, layout: 'last', space: null }
  return lost(context, input, name)
}

function squeezed(context: Context, input: Tensor, values: readonly Value[]): Value {
  const { layout, rank, dim } = input
  if (dim === null) return input
  if (layout === 'last') return { ...input, rank: null }
  const [axis] = numbersOf(values[0]) ?? []
  if (values.length === 0) return { ...input, layout: 'last', rank: 2, space: null }
  if (axis === undefined || axis === 1 || axis === 0 || rank === null) return lost(context, input, 'squeeze')
  return rank === 3 ? { ...input, layout: 'last', rank: 2, space: null } : { ...input, rank: rank - 1 }
}

function unsqueezed(context: Context, input: Tensor, values: readonly Value[]): Value {
  if (input.dim === null) return tensor()
  const [axis] = numbersOf(values[0]) ?? []
  const fits = input.layout === 'last' && axis !== undefined && axis >= 0 && axis < (input.rank ?? 2)
  if (!fits) return lost(context, input, 'unsqueeze')
  return { ...input, rank: input.rank === null ? null : input.rank + 1 }
}

/** What `x[...]` gives; `texts` are its parts as they stand. */
export function indexed(context: Context, input: Tensor, texts: readonly string[]): Value {
  const { layout, rank, dim } = input
  if (dim === null) return tensor({ layout, space: input.space })
  const last = texts.at(-1)
  const numbers = texts.filter((text) => /^-?\d+$|^[a-z_]\w*$/i.test(text)).length
  const whole = last === ':' || last === '...'
  const short = rank === null ? texts.length === 1 : texts.length < rank
  if (layout === 'last' && (whole || short)) return { ...input, rank: rank === null ? null : rank - numbers }
  // One image of a batch.
  if (layout === 'first' && texts.length === 1 && numbers === 1) return { ...input, layout: null, rank: null }
  return lost(context, input, 'indexing')
}
