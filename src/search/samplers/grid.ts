import type { ParameterValue } from '../../domain/trial.ts'
import { firstCombination, parentsFirst, untriedIn } from '../combinations.ts'
import { countOf, isOrdered, levelOf } from '../levels.ts'
import type { Dimension, Sampler, Study } from '../sampler.ts'
import { decode, isForbidden } from '../space.ts'

/** Halvings of a range; from then on whatever is left comes in no special order. */
const HALVINGS = 12
/** Values that one call looks at; where so many are tried or forbidden, what is left comes in no special order either. */
const LOOKED_AT = 50_000

/**
 * A grid that becomes finer: first the middle and the ends of every hyperparameter, combined, then what lies half way
 * between, and so on; choices without an order are in it from the first grid on. The first hyperparameter of the space changes
 * fastest. It needs no budget beforehand, and no seed.
 */
export const grid: Sampler = {
  name: 'grid',
  suggest(study) {
    const { space, forbidden } = study
    const names = Object.keys(space)
    if (names.length === 0) return null
    const { isOpen, any } = untriedIn(study)
    const order = parentsFirst(space, names.toReversed())
    let left = LOOKED_AT
    function* counted(levels: readonly ParameterValue[]) {
      for (const level of levels) {
        if (left-- <= 0) return
        yield level
      }
    }
    for (let halvings = 1; halvings <= HALVINGS && left > 0; halvings++) {
      const levels = new Map(names.map((name) => [name, allowedLevels(study, name, halvings)]))
      const values = firstCombination(space, forbidden, {
        order,
        valuesOf: (name) => counted(levels.get(name) ?? []),
        accept: isOpen,
      })
      if (values) return values
    }
    return any(0)
  },
}

/** Without those that are forbidden whatever the others are; one remains for where it does not matter. */
function allowedLevels({ space, forbidden }: Study, name: string, halvings: number): ParameterValue[] {
  const levels = gridLevels(space[name] as Dimension, halvings)
  const allowed = levels.filter((level) => !isForbidden(space, forbidden, { [name]: level }))
  return allowed.length > 0 ? allowed : levels.slice(0, 1)
}

/** The levels of a grid, the middle first, then the ends, then as they came with each halving. */
export function gridLevels(dimension: Dimension, halvings: number): ParameterValue[] {
  const count = countOf(dimension)
  if (!isOrdered(dimension)) return Array.from({ length: count }, (_, index) => levelOf(dimension, index))
  const levels = new Set([0.5, 0, 1].map((point) => decode(point, dimension)))
  for (let halving = 2; halving <= halvings && levels.size < count; halving++) {
    const parts = 2 ** halving
    for (let part = 1; part < parts; part += 2) levels.add(decode(part / parts, dimension))
  }
  return [...levels]
}
