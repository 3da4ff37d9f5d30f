import { contains, countOf } from './levels.ts'
import type { Dimension, SearchSpace } from './sampler.ts'

/**
 * Number of combinations that differ in what matters, forbidden ones included; Infinity where a float has room. Too large
 * where conditions run in a circle: they are then counted as if they always held.
 */
export function sizeOfSpace(space: SearchSpace): number {
  const names = Object.keys(space)
  const parentOf = (name: string) => {
    const parent = space[name]?.condition?.name
    return parent !== undefined && Object.hasOwn(space, parent) ? parent : null
  }
  const children = (of: string | null) => names.filter((name) => parentOf(name) === of)
  const sizes = new Map<string, number>()
  const product = (of: readonly string[]) => of.reduce((size, name) => size * sizeUnder(name), 1)
  const sizeUnder = (name: string): number => {
    const known = sizes.get(name)
    if (known !== undefined) return known
    const size = sizeWith(space[name] as Dimension, children(name))
    sizes.set(name, size)
    return size
  }
  /** One for each value, times what the dependent ones add under it. */
  const sizeWith = (dimension: Dimension, dependent: readonly string[]): number => {
    const under = dependent.map((name) => ({
      size: sizeUnder(name),
      on: space[name]?.condition?.values ?? [],
    }))
    const deciding = [...new Set(under.flatMap(({ on }) => on))].filter((value) => contains(dimension, value))
    const more = deciding.map((value) =>
      under.reduce((size, child) => (child.on.includes(value) ? size * child.size : size), 1),
    )
    return more.reduce((sum, size) => sum + size, countOf(dimension) - deciding.length)
  }
  const size = product(children(null))
  return names.reduce((all, name) => (sizes.has(name) ? all : all * countOf(space[name] as Dimension)), size)
}
