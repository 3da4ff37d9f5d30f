import type { Use } from './uses.ts'

/** Parameters that take several numbers, each with a meaning of its own. */
const PARTS: Record<string, readonly string[]> = {
  betas: ['beta_1', 'beta_2'],
  order: ['order[0]', 'order[1]', 'order[2]'],
  seasonal_order: ['seasonal_order[0]', 'seasonal_order[1]', 'seasonal_order[2]'],
  ngram_range: ['ngram_range[0]', 'ngram_range[1]'],
}
const SIZES = /hidden|units|layers|channels|filters|dims|neurons/i
const LIMIT = 6

/** A tuple or list given to a parameter as its elements; one that has no such meaning stays whole. */
export function elementsOf(use: Use): Use[] {
  const { origin, name } = use
  const { literal } = origin
  if (literal.kind !== 'sequence' || literal.elements.length > LIMIT) return [use]
  const parts = PARTS[name]
  if (!parts && !SIZES.test(name)) return [use]
  const single = literal.elements.length === 1
  const bound = origin.names[0] ?? name
  return literal.elements.flatMap((element, index): Use[] => {
    if (element.kind !== 'number') return []
    const label = parts?.[index] ?? (single ? bound : `${bound}[${index}]`)
    return [{ ...use, name: parts?.[index] ?? name, origin: { ...origin, literal: element, names: [label] } }]
  })
}
