import { type Context, freezeTensors, numbersOf, OUTPUT, tensorOf } from './context.ts'
import { concatenated, joined } from './dims.ts'
import { argument, isForeign, isHarmless, isTensorMethod, tensorMethod } from './methods.ts'
import { type Given, tensor, tensorsIn, UNKNOWN, type Value } from './values.ts'

/** Libraries whose functions work on tensors. */
const TENSORS =
  /^(torch|torch_geometric|keras|tensorflow|flax|jax|haiku|equinox|numpy|einops|torchvision|autograd)\b/
const NEW = /^(zeros|ones|randn|rand|empty|full|normal)$/
const POOLING = /^((max|avg|lp)_pool(\dd)?|adaptive_(avg|max)_pool\dd)$/
const LOSS = /loss|entropy|criterion|mse|nll|objective/i

/** The layer that a function such as `max_pool2d` is like. */
export function poolingLike(name: string): string | null {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (!POOLING.test(last)) return null
  if (/^(flax|haiku)\b/.test(name))
    return `jax.example_libraries.stax.${last.startsWith('max') ? 'MaxPool' : 'AvgPool'}`
  const words = last
    .split('_')
    .map((word) => (word === 'lp' ? 'LP' : word.charAt(0).toUpperCase() + word.slice(1)))
  return `torch.nn.${words.join('')}`
}

/** What a function of a library gives that is called with tensors. */
export function libraryCall(context: Context, name: string, given: readonly Given[]): Value {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const values = given.map((one) => one.value)
  const tensors = values.flatMap((value) => tensorsIn(value, context.work))
  if (name.startsWith('math.')) return { kind: 'constant', value: null }
  if (NEW.test(last) && /^(torch|jax|numpy|tensorflow)\b/.test(name)) return created(given)
  if (last === 'Parameter' || last === 'Variable') return values[0] ?? UNKNOWN
  if (tensors.length === 0 || isHarmless(last)) return UNKNOWN
  const input = tensorOf(
    context,
    values.find((value) => tensorOf(context, value)),
  )
  if (!input || !TENSORS.test(name)) return gone(context, values, last)
  if (/^(cat|concat|concatenate)$/.test(last)) return joinedAlong(context, given)
  if (last === 'pad_packed_sequence') return { kind: 'list', values: [input, UNKNOWN] }
  if (/^global_(mean|add|max)_pool$/.test(last)) return { ...input, rank: 2, layout: 'last' }
  if (isTensorMethod(last)) {
    const at = values.findIndex((value) => tensorOf(context, value) !== null)
    return tensorMethod(
      context,
      input,
      last,
      given.filter((_, index) => index !== at),
    )
  }
  return gone(context, values, last)
}

/** Tensors that go into something unknown. */
export function gone(context: Context, values: readonly Value[], name: string): Value {
  const into = name === '' ? 'something that is not known' : `${name}()`
  const reason = LOSS.test(name) ? OUTPUT : `it goes into ${into}, which may need this size`
  freezeTensors(context, values, reason)
  return UNKNOWN
}

/** `torch.zeros(layers, batch, hidden)` has as many features as its last size says. */
function created(given: readonly Given[]): Value {
  const values = given.filter((one) => one.name === null || one.name === 'size').map((one) => one.value)
  const [list] = values
  const sizes = list?.kind === 'list' ? list.values : values.filter((value) => value.kind !== 'constant')
  const last = sizes.at(-1)
  const dim = last?.kind === 'size' ? { size: last.size, times: 1 } : null
  return tensor({ dim, layout: 'last', rank: sizes.length, shape: given.map(({ expr }) => expr) })
}

function joinedAlong(context: Context, given: readonly Given[]): Value {
  const [list] = given.map((one) => one.value)
  const tensors = list ? tensorsIn(list, context.work) : []
  const [first] = tensors
  if (!first) return tensor()
  const axis = numbersOf(argument(given, 'dim', 1) ?? argument(given, 'axis', 1))?.[0] ?? 0
  const whole = list?.kind === 'list' && list.values.every((value) => value.kind === 'tensor')
  const { layout, rank } = first
  const features =
    layout === 'first'
      ? axis === 1
      : axis === -1 || (rank !== null && axis === rank - 1) || (rank === null && axis === 1)
  if (!whole) {
    freezeTensors(context, tensors, 'it is joined with another tensor')
    return { ...first, dim: null }
  }
  if (features) return concatenated(context, tensors)
  return joined(
    context,
    tensors,
    tensors.some((one) => isForeign(one)),
  )
}

/** What `a + b` gives, where one is a tensor. */
export function arithmetic(context: Context, operator: string, operands: readonly Value[]): Value {
  const tensors = operands.flatMap((value) => (value.kind === 'tensor' ? value : []))
  const [first] = tensors
  if (!first) return UNKNOWN
  if (/^(==|!=|<|>|<=|>=|and|or|not|in|not in|is|is not)$/.test(operator)) return UNKNOWN
  if (operator === '@') {
    freezeTensors(context, operands, 'it is multiplied as a matrix')
    return tensor()
  }
  const foreign = operands.some((value) => value.kind === 'unknown' || value.kind === 'list')
  if (tensors.length === 1 && foreign) return joined(context, tensors, first.dim !== null)
  return joined(context, tensors, false)
}
