import type { Context } from './context.ts'
import { kernelVerdicts } from './kernels.ts'
import type { SizeVar } from './sizes.ts'
import type { Frozen, LayerSize, Layers } from './types.ts'
import { Uses } from './uses.ts'

const UNSEEN = 'it is not seen which layer takes its outputs'
const HEADS = [1, 2, 4, 8, 16]

/** What was learnt of the sizes of a program. */
export function reportOf(context: Context): Omit<Layers, 'structures'> {
  const uses = new Uses(context)
  const sizes: LayerSize[] = []
  const frozen: Frozen[] = []
  const told = new Set<SizeVar>()
  const freeze = (members: readonly SizeVar[], reason: string) => {
    for (const one of members) {
      if (told.has(one)) continue
      told.add(one)
      if (one.slot !== '' || one.names.length > 0) {
        frozen.push({ origin: withNames(one), name: one.names[0] ?? one.slot, reason: one.reason ?? reason })
      }
    }
  }
  const kernels = kernelVerdicts(context)
  const heads = new Map<SizeVar, number[]>()
  for (const [root, members] of classesOf(context)) {
    const main = members.find((one) => one.defines && context.sizes.find(one).times === 1)
    if (!main?.defines) {
      if (root.reason !== null)
        freeze(
          members.filter((one) => one.slot !== ''),
          root.reason,
        )
      continue
    }
    const reason =
      root.reason ??
      (root.consumed ? null : UNSEEN) ??
      (main.value < 2 ? 'a single output is meant' : null) ??
      firstOf(members, (one) => uses.reasonFor(one))
    if (reason !== null) {
      freeze(members, reason)
      continue
    }
    const choices = divisibleChoices(root, heads, uses)
    if (choices && choices.length < 2) {
      freeze(members, 'its heads have to divide it')
      continue
    }
    for (const one of members) told.add(one)
    const ties = members.flatMap((one) => {
      const { times } = context.sizes.find(one)
      return one === main ? [] : { origin: withNames(one), times, why: one.why || 'it has to fit' }
    })
    sizes.push({ origin: withNames(main), ...main.defines, ties, choices })
  }
  for (const { literal, role, layer, divides } of context.free) {
    if (told.has(literal)) continue
    const choices = divides ? (heads.get(literal) ?? headsOf(literal, divides.size)) : null
    const narrow = choices && choices.length < 2 ? 'it has to divide the size of its input' : null
    const reason = context.sizes.find(literal).root.reason ?? uses.reasonFor(literal) ?? narrow
    if (reason !== null) freeze([literal], reason)
    else sizes.push({ origin: withNames(literal), role, callee: layer.callee, ties: [], choices })
    told.add(literal)
  }
  for (const { kernel, size, reason } of kernels) {
    const why =
      reason ??
      firstOf(kernel.literals, (one) => (told.has(one) ? 'it also sets another size' : uses.reasonFor(one)))
    if (why !== null || !size) freeze(kernel.literals, why ?? 'the shape of what goes in')
    else {
      for (const one of kernel.literals) told.add(one)
      const [main] = kernel.literals
      sizes.push(main ? { ...size, origin: withNames(main) } : size)
    }
  }
  for (const one of context.sizes.vars.values()) {
    const { reason } = context.sizes.find(one).root
    if (reason !== null && one.slot !== '') freeze([one], reason)
  }
  return { sizes, frozen }
}

const firstOf = <T>(values: readonly T[], of: (value: T) => string | null): string | null => {
  for (const value of values) {
    const found = of(value)
    if (found !== null) return found
  }
  return null
}

const withNames = ({ origin, names }: SizeVar) => ({ ...origin, names: [...names] })

/** The literals that change together, by their root. */
function classesOf(context: Context): Map<SizeVar, SizeVar[]> {
  const classes = new Map<SizeVar, SizeVar[]>()
  for (const one of context.sizes.vars.values()) {
    const { root } = context.sizes.find(one)
    const known = classes.get(root)
    if (known) known.push(one)
    else classes.set(root, [one])
  }
  return classes
}

/** Sizes that every number of heads divides that may be chosen; null where there are no heads. */
function divisibleChoices(root: SizeVar, heads: Map<SizeVar, number[]>, uses: Uses): number[] | null {
  if (root.divisors.length === 0) return null
  const { value } = root
  const wanted = root.divisors.flatMap((one) => {
    if (!one.literal || one.literal.reason !== null || uses.reasonFor(one.literal) !== null)
      return [one.value]
    const choices = [...new Set([...HEADS.filter((number) => value % number === 0), one.value])].sort(
      (a, b) => a - b,
    )
    heads.set(one.literal, choices)
    return choices
  })
  const choices = [value / 4, value / 2, value, value * 2, value * 4]
  return choices.filter((size) => Number.isInteger(size) && wanted.every((number) => size % number === 0))
}

/** Numbers of heads for a size that stays. */
function headsOf(literal: SizeVar, size: readonly { value: number }[]): number[] {
  const value = size.reduce((product, atom) => product * atom.value, 1)
  return [...new Set([...HEADS.filter((number) => value % number === 0), literal.value])].sort(
    (a, b) => a - b,
  )
}
