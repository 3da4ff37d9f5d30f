import { freezeTensors } from './context.ts'
import type { Runner } from './runner.ts'
import { numberOf } from './sizes.ts'
import { tensorsIn, UNKNOWN, type Value } from './values.ts'
import { TOO_LARGE } from './work.ts'

/** A value that is one of several, which one is not known. */
export function oneOf(runner: Runner, values: readonly Value[], depth = 0): Value {
  const told = values.filter((value) => value.kind !== 'constant' || value.value !== null)
  const [first, ...rest] = told
  if (!first) return values[0] ?? UNKNOWN
  if (rest.every((value) => value === first)) return first
  if (depth > 4 || !runner.spend()) {
    freezeTensors(runner, told, TOO_LARGE)
    return UNKNOWN
  }
  const tensors = told.flatMap((value) => tensorsIn(value, runner.work))
  if (first.kind === 'tensor' && tensors.length === told.length) {
    const { dim } = first
    if (dim && tensors.every((one) => one.dim && runner.sizes.same(dim, one.dim))) return first
  }
  const lists = told.flatMap((value) => (value.kind === 'list' ? [value.values] : []))
  if (first.kind === 'list' && lists.length === told.length) {
    return oneShape(lists) ?? oneList(runner, first.values, lists, depth)
  }
  freezeTensors(runner, told, 'it depends on a condition what goes on from here')
  if (first.kind === 'tensor') return { ...first, dim: null, layout: null, space: null }
  if (first.kind === 'size' || first.kind === 'constant' || first.kind === 'text') return UNKNOWN
  return told.find((value) => value.kind !== 'unknown') ?? UNKNOWN
}

/** Lists of the same length, element by element. */
function oneList(
  runner: Runner,
  first: readonly Value[],
  lists: readonly (readonly Value[])[],
  depth: number,
): Value {
  if (lists.some((list) => list.length !== first.length)) {
    for (const list of lists) freezeTensors(runner, list, 'it depends on a condition what goes on from here')
    return UNKNOWN
  }
  const values = first.map((_, at) =>
    oneOf(
      runner,
      lists.map((list) => list[at] ?? UNKNOWN),
      depth + 1,
    ),
  )
  return { kind: 'list', values }
}

/** `(1, 28, 28)` or `(28, 28, 1)`, as the library has its channels: the one with the channels last. */
function oneShape(lists: readonly (readonly Value[])[]): Value | null {
  if (lists.some(({ length }) => length < 3 || length > 8)) return null
  const shapes = lists.map((values) =>
    values.map((value) => (value.kind === 'size' ? numberOf(value.size) : 0)),
  )
  const sorted = new Set(shapes.map((shape) => shape.toSorted((a, b) => a - b).join(' ')))
  if (sorted.size !== 1 || shapes.some((shape) => shape.includes(0))) return null
  const at = shapes.findIndex((shape) => shape.at(-1) === Math.min(...shape))
  return { kind: 'list', values: [...(lists[at] ?? lists[0] ?? [])] }
}

/** What a loop over a value goes through; null where that is not known. */
export function itemsOf(value: Value): Value[] | null {
  if (value.kind === 'list') return value.values
  return value.kind === 'chain' ? value.items : null
}
