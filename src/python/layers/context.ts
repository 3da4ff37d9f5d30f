import type { Flow } from '../flow/flow.ts'
import type { Names } from '../names/names.ts'
import type { Expr } from '../syntax/tree.ts'
import { walk } from '../syntax/walk.ts'
import type { Dim, Size, Sizes, SizeVar } from './sizes.ts'
import type { Space, Spaces } from './space.ts'
import type { Slot } from './spec.ts'
import type { Chain, Given, Instance, Layer, Tensor, Value } from './values.ts'
import { tensorsIn } from './values.ts'
import { FACTORS, type Work } from './work.ts'

/** A kernel, with the spaces that it makes. */
export interface Kernel {
  literals: SizeVar[]
  layer: Layer
  spaces: Space[]
  /** Why it must stay whatever follows. */
  reason: string | null
  /** Only what follows says whether it may change. */
  shrinks: boolean
}

/** What is known while a program is run in thought. */
export interface Context {
  names: Names
  flow: Flow
  sizes: Sizes
  spaces: Spaces
  work: Work
  /** Expressions whose value sets or takes a size, so that they follow it. */
  explained: Set<Expr>
  layers: Layer[]
  chains: Chain[]
  instances: Instance[]
  kernels: Map<string, Kernel>
  /** Further sizes that nothing outside depends on. */
  free: { literal: SizeVar; role: 'units' | 'num_layers' | 'num_heads'; layer: Layer; divides: Dim | null }[]
}

export const OUTPUT = 'the number of outputs of the model'
export const INPUT = 'the shape of what goes in'

/** Nothing of what these tensors are made of may change. */
export function freezeTensors(context: Context, values: readonly Value[], reason: string): void {
  for (const one of values.flatMap((value) => tensorsIn(value, context.work))) {
    if (one.dim) context.sizes.freeze(one.dim.size, reason)
    context.spaces.fix(one.space, reason)
  }
}

/** The argument of a slot. */
export function argumentIn(given: readonly Given[], [names, index]: Slot): Given | null {
  const words = names.split(' ')
  const named = given.find((one) => one.name !== null && words.includes(one.name))
  if (named || index === null) return named ?? null
  return given.filter((one) => one.name === null)[index] ?? null
}

/** The size given in a slot, whose expression then follows it; null where it is not known. */
export function sizeIn(context: Context, layer: Layer, slot: Slot): Size | null {
  if (layer.spread) return null
  const found = argumentIn(layer.given, slot)
  if (found?.value.kind !== 'size') return null
  explain(context, found.expr)
  const [name = ''] = slot[0].split(' ')
  const { size } = found.value
  for (const { literal } of size) {
    // Factors of a product that have no name, as in `64 * 7 * 7`, are no sizes by themselves.
    if (literal?.slot === '' && (size.length === 1 || literal.names.length > 0)) literal.slot = name
  }
  return size
}

export function explain(context: Context, expr: Expr): void {
  if (context.explained.has(expr)) return
  for (const inner of walk(expr)) context.explained.add(inner)
}

/** The literals of a number, or of each number of a tuple; null where one is no plain literal. */
export function literalsOf(value: Value, depth = 0): SizeVar[] | null {
  if (value.kind === 'size') {
    const [atom, more] = value.size
    return atom?.literal && !more ? [atom.literal] : null
  }
  if (value.kind !== 'list' || depth > 1 || value.values.length > FACTORS) return null
  const each = value.values.map((one) => literalsOf(one, depth + 1)?.[0] ?? null)
  return each.length > 0 && each.every((one) => one !== null) ? each : null
}

/** A number, or the numbers of a tuple; null where one is not known. */
export function numbersOf(value: Value | undefined, depth = 0): number[] | null {
  if (value?.kind === 'size') return [value.size.reduce((product, atom) => product * atom.value, 1)]
  if (value?.kind !== 'list' || depth > 1 || value.values.length > FACTORS) return null
  const each = value.values.map((one) => numbersOf(one, depth + 1)?.[0] ?? null)
  return each.every((one) => one !== null) ? each : null
}

/** The tensor that a layer is called with: the first of a list. */
export const tensorOf = (context: Context, value: Value | undefined): Tensor | null =>
  value ? (tensorsIn(value, context.work)[0] ?? null) : null
