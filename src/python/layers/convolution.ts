import { argumentIn, type Context, explain, literalsOf, numbersOf } from './context.ts'
import type { SizeVar } from './sizes.ts'
import type { Padding, Space, SpaceStep } from './space.ts'
import type { Given, Layer } from './values.ts'

/** Keras 1 gives the height and width of a kernel one after the other: `Convolution2D(32, 3, 3)`. */
function oldKernel({ callee, given, spec }: Layer): Given[] | null {
  if (!callee.startsWith('keras.') || spec.kind === 'pool') return null
  const plain = given.filter((one) => one.name === null)
  const named = ['nb_row', 'nb_col', 'kernel_dim1'].flatMap(
    (name) => given.find((one) => one.name === name) ?? [],
  )
  if (named.length > 0) return named
  const rank = spec.rank ?? 2
  const old =
    /Convolution|Deconvolution/.test(callee) ||
    given.some(({ name }) => /^(border_mode|nb_filter|subsample|init|W_regularizer)$/.test(name ?? ''))
  const numbers = plain.slice(1, 1 + rank)
  const flat = numbers.length === rank && numbers.every(({ value }) => value.kind === 'size')
  return old && rank > 1 && flat ? numbers : null
}

/** What is wrong with `Conv2D(32, 3, 3)`: in Keras 1 the width, in Keras 2 the stride. */
const isAmbiguous = ({ callee, given, spec }: Layer): boolean =>
  callee.startsWith('keras.') &&
  spec.kind !== 'pool' &&
  given.filter((one) => one.name === null).slice(1, 3).length === 2 &&
  given
    .filter((one) => one.name === null)
    .slice(1, 3)
    .every(({ value }) => value.kind === 'size')

function paddingOf({ spec, given }: Layer): Padding | null {
  const found = spec.padding ? argumentIn(given, spec.padding) : null
  if (!found) return spec.pads ?? 'valid'
  if (found.value.kind === 'text') {
    const word = found.value.value.toLowerCase()
    if (word === 'same' || word === 'causal') return 'same'
    return word === 'valid' ? 'valid' : null
  }
  const numbers = numbersOf(found.value)
  return numbers?.every((number) => number === 0) ? 'valid' : numbers
}

/** The space after a convolution or pooling; notes its kernel. */
export function spaceAfter(context: Context, layer: Layer, before: Space | null): Space {
  const { spec, given } = layer
  const old = oldKernel(layer)
  const found = spec.kernel ? argumentIn(given, spec.kernel) : null
  const kernelGiven = old ?? (found ? [found] : [])
  const written = kernelGiven.flatMap(({ value }) => numbersOf(value) ?? [Number.NaN])
  // Keras pools by two where nothing is said.
  const numbers = written.length === 0 && spec.kind === 'pool' && spec.inferred ? [2] : written
  const literals = kernelGiven.flatMap(({ value }): (SizeVar | null)[] => literalsOf(value) ?? [null])
  const padding = paddingOf(layer)
  const strideGiven = spec.stride ? argumentIn(given, spec.stride) : null
  const absent = !strideGiven || (strideGiven.value.kind === 'constant' && strideGiven.value.value === null)
  const stride = absent ? (spec.kind === 'pool' ? numbers : [1]) : numbersOf(strideGiven.value)
  const dilated = given.some(
    ({ name, value }) => /^dilation/.test(name ?? '') && !numbersOf(value)?.every((number) => number === 1),
  )
  const known = numbers.length > 0 && numbers.every(Number.isInteger) && stride !== null && padding !== null
  if (!known || dilated || (old === null && isAmbiguous(layer))) {
    const reason = 'its padding or stride is not known'
    noteKernel(context, layer, kernelGiven, literals, context.spaces.known(null), { reason, shrinks: false })
    // What went before still has to fit what comes later.
    context.spaces.fix(before, reason)
    return context.spaces.known(null)
  }
  const free = literals.every((literal) => literal !== null) ? (literals as SizeVar[]) : null
  const changes = spec.kind === 'conv' || spec.kind === 'depthwise'
  const step: SpaceStep = { kernel: numbers, literals: changes ? free : null, stride, padding }
  const space = context.spaces.after(before, step)
  const reason = !changes
    ? spec.kind === 'transposed' && padding === 'same' && spec.inferred
      ? null
      : 'the size of what comes out depends on it'
    : Array.isArray(padding)
      ? 'its padding is written for this size'
      : null
  if (spec.kind !== 'pool') {
    noteKernel(context, layer, kernelGiven, literals, space, { reason, shrinks: padding !== 'same' })
  }
  return space
}

function noteKernel(
  context: Context,
  layer: Layer,
  given: readonly Given[],
  literals: readonly (SizeVar | null)[],
  space: Space,
  { reason, shrinks }: { reason: string | null; shrinks: boolean },
): void {
  if (layer.spec.kind === 'pool') return
  for (const { expr } of given) explain(context, expr)
  const named = literals.flatMap((literal) => literal ?? [])
  for (const literal of named) if (literal.slot === '') literal.slot = 'kernel_size'
  const [first] = named
  if (!first) return
  const square = literals.every((literal) => literal?.value === first.value)
  const why = reason ?? (square ? null : 'its height and width differ')
  const key = first.key
  const kernel = context.kernels.get(key)
  if (!kernel) {
    context.kernels.set(key, { literals: named, layer, spaces: [space], reason: why, shrinks })
    return
  }
  kernel.spaces.push(space)
  kernel.reason ??= why
  kernel.shrinks ||= shrinks
  for (const literal of named) if (!kernel.literals.includes(literal)) kernel.literals.push(literal)
}
