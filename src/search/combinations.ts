import type { ParameterValue } from '../domain/trial.ts'
import { countOf, levelOf } from './levels.ts'
import { createRandom } from './random.ts'
import type { Dimension, SearchSpace, Study, Values } from './sampler.ts'
import { decode, isForbidden, keyOf, matters } from './space.ts'

/** Values of a float without a step that are looked at one after the other. */
const FINE = 4096
/** Where there are more, doubles do not count them one by one; they are looked at like those of a float. */
const COUNTABLE = 2 ** 50
/**
 * Values that a walk may find forbidden before it gives up: whether anything is left at all can be as hard as a colouring
 * of a graph. What has been tried does not count; there are never more of those than trials.
 */
const MOST_FORBIDDEN = 100_000

type Forbidden = Study['forbidden']

interface Walk {
  /** All names of the space, the slowest first; those that others depend on stand before them. */
  order: readonly string[]
  /** In the order in which they are tried; the first one is for a hyperparameter that does not matter. */
  valuesOf(name: string): Iterable<ParameterValue>
  accept(values: Values): boolean
}

/** The names with each after the one that it depends on; else as they come. */
export function parentsFirst(space: SearchSpace, names: readonly string[]): string[] {
  const order = new Set<string>()
  for (const name of names) {
    const line = [name]
    for (const child of line) {
      const parent = space[child]?.condition?.name
      if (parent !== undefined && Object.hasOwn(space, parent) && !line.includes(parent)) line.push(parent)
    }
    for (const one of line.reverse()) order.add(one)
  }
  return [...order]
}

/**
 * The first combination in an order that is accepted. Those that differ only in what does not matter are one, and what
 * begins with a forbidden combination is not walked through.
 * @returns the values in the order of the space; null when none is left, or none found by 100 000 that are forbidden
 */
export function firstCombination(
  space: SearchSpace,
  forbidden: Forbidden,
  { order, valuesOf, accept }: Walk,
): Values | null {
  const values: Values = {}
  // Without the value that is new nothing was forbidden: only what speaks of it can be now.
  const about = new Map(order.map((name) => [name, forbidden?.filter((each) => Object.hasOwn(each, name))]))
  let refused = 0
  const visit = (depth: number): Values | null => {
    const name = order[depth]
    if (name === undefined) {
      const all = Object.fromEntries(Object.keys(space).map((each) => [each, values[each] as ParameterValue]))
      return accept(all) ? all : null
    }
    const isIdle = !matters(space, values, name)
    for (const value of valuesOf(name)) {
      values[name] = value
      const isRefused = isForbidden(space, about.get(name), values)
      if (isRefused) refused++
      const found = isRefused ? null : visit(depth + 1)
      if (found) return found
      if (isIdle || refused >= MOST_FORBIDDEN) break
    }
    delete values[name]
    return null
  }
  return visit(0)
}

/** What a study may still try. */
export interface Untried {
  /** Whether these values are neither tried nor forbidden. */
  isOpen(values: Readonly<Values>): boolean
  /** Some combination that is open, found by walking through all of them; null when there is none. */
  any(seed: number): Values | null
}

/** What is left of a study: every trial counts, whatever became of it. */
export function untriedIn({ space, trials, forbidden }: Study): Untried {
  const tried = new Set(trials.map(({ values }) => keyOf(space, values)))
  const isNew = (values: Readonly<Values>) => !tried.has(keyOf(space, values))
  return {
    isOpen: (values) => isNew(values) && !isForbidden(space, forbidden, values),
    any(seed) {
      const names = Object.keys(space)
      if (names.length === 0) return null
      const random = createRandom(seed)
      const starts = new Map(names.map((name) => [name, random()]))
      // What a forbidden combination speaks of comes first: below it every combination is allowed.
      const named = names.filter((name) => forbidden?.some((values) => Object.hasOwn(values, name)))
      return firstCombination(space, forbidden, {
        order: parentsFirst(space, [...named, ...names]),
        valuesOf: (name) => around(space[name] as Dimension, starts.get(name) ?? 0),
        accept: isNew,
      })
    },
  }
}

/** All values of a distribution from a point of it on, each once. */
function* around(dimension: Dimension, start: number): Generator<ParameterValue> {
  const count = countOf(dimension)
  const isCounted = count <= COUNTABLE
  const levels = isCounted ? count : FINE
  const first = Math.floor(start * levels)
  let before: ParameterValue | undefined
  for (let step = 0; step < levels; step++) {
    const index = (first + step) % levels
    const value = isCounted ? levelOf(dimension, index) : decode((index + 0.5) / levels, dimension)
    if (value !== before) yield value
    before = value
  }
}
