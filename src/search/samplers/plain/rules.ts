import type { ParameterValue } from '../../../domain/trial.ts'
import { isOrdered } from '../../levels.ts'
import { baseName } from '../../names.ts'
import { normaliseName } from '../../priors.ts'
import type { Dimension, SearchSpace, Values } from '../../sampler.ts'
import { choicesOf, towards } from './towards.ts'

/** Another number to try instead of the present one. `own` is the user's. */
type NumberRule = (value: number, own: number) => number

const another: NumberRule = (value, own) => value + own
const oneMore: NumberRule = (value) => value + 1
const plus =
  (difference: number): NumberRule =>
  (value) =>
    value + difference
const times =
  (factor: number): NumberRule =>
  (value) =>
    value * factor

/** By normalised name, in the order in which they are tried; a name belongs to the first row that fits. */
const RULES: readonly { names: RegExp; rules: readonly NumberRule[] }[] = [
  // Longer: as many epochs, rounds or trees again as the user has.
  { names: /^(?!.*warm).*(epoch|episode)/, rules: [another] },
  {
    names: /estimators|trees|rounds?$|^(max_|num_|n_)*iter(ation)?s?$|^(max|num|train|total)_.*steps$/,
    rules: [another],
  },
  // Deeper: one layer more.
  { names: /layers?(_num)?$|blocks$|depth$/, rules: [oneMore] },
  // Wider: twice as many kernels, or twice as large ones.
  {
    names: /^(?!.*drop)(.*(kernel|filter|channel|unit|hidden|neuron|width|embed|latent)|.*_dim$|d_(?!lr))/,
    rules: [times(2)],
  },
  // A learning rate is more often too large than too small.
  {
    names: /(^|_)lr\d*($|_)|learn(ing)?_?rate|^l_?rate$|^peak_value$|^eta0?$|^step_size$/,
    rules: [times(0.1), times(10)],
  },
  { names: /batch|^bs$/, rules: [times(2), times(0.5)] },
  { names: /drop/, rules: [plus(0.1), plus(-0.1)] },
]

/** For other numbers, by their scale: another order of magnitude, twice as many, or a tenth of the range further. */
function rulesByScale(dimension: Dimension): readonly NumberRule[] {
  if (dimension.type !== 'float') return [times(2), times(0.5)]
  if (dimension.log) return [times(10), times(0.1)]
  const tenth = (dimension.high - dimension.low) / 10
  return [plus(tenth), plus(-tenth)]
}

/** One hyperparameter, and what becomes of its value; null where the rule leads no further. */
export interface Change {
  name: string
  apply(value: ParameterValue): ParameterValue | null
}

/** The place of a name in the table, that of the whole for an element (`units[1]`); after its last row for all others. */
const rowOf = (name: string): number => {
  const normal = normaliseName(baseName(name).replace(/\[.*$/, ''))
  const row = RULES.findIndex(({ names }) => names.test(normal))
  return row < 0 ? RULES.length : row
}

/**
 * What can be changed about the user's values, the first to be tried first: what the table names in its order, then the
 * rest in the order of the space.
 */
export function changesFor(space: SearchSpace, own: Readonly<Values>): Change[] {
  return Object.entries(space)
    .map(([name, dimension]) => ({ name, dimension, row: rowOf(name) }))
    .sort((a, b) => a.row - b.row)
    .flatMap(({ name, dimension, row }): Change[] => {
      const value = own[name]
      if (typeof value !== 'number' || !isOrdered(dimension)) return changesOfChoice(name, dimension)
      const rules = RULES[row]?.rules ?? rulesByScale(dimension)
      return rules.map((rule) => ({
        name,
        apply: (present) => towards(dimension, Number(present), rule(Number(present), value)),
      }))
    })
}

/** Neighbours of what has an order, up then down; each of the other choices of what has none. */
function changesOfChoice(name: string, dimension: Dimension): Change[] {
  const choices = choicesOf(dimension)
  const places = isOrdered(dimension) ? [1, -1] : choices.slice(1).map((_, index) => index + 1)
  return places.map((place) => ({
    name,
    apply: (present) => {
      const index = choices.indexOf(present) + place
      return (isOrdered(dimension) ? choices[index] : choices[index % choices.length]) ?? null
    },
  }))
}
