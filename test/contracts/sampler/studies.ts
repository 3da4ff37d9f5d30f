import { createRandom } from '../../../src/search/random.ts'
import type { PastTrial, Sampler, SearchSpace, Study, Values } from '../../../src/search/sampler.ts'
import { decode } from '../../../src/search/space.ts'

/** What became of a trial. */
export type Outcome = Pick<PastTrial, 'state' | 'metric'> & Partial<PastTrial>

export const completed = (metric: number): Outcome => ({ state: 'completed', metric })
export const failed: Outcome = { state: 'failed', metric: null }
export const running: Outcome = { state: 'running', metric: null }
export const pruned = (metric: number): Outcome => ({ state: 'pruned', metric })

/** A metric that says nothing, without equals. */
const noise = (number: number) => (number * 7919) % 101

/** Some fail, none tells anything. */
const mixture = (number: number): Outcome => (number % 3 === 0 ? failed : completed(noise(number)))

/** What a search may meet, by the trial's number. */
export const OUTCOMES: Record<string, (number: number) => Outcome> = {
  'completed and failed ones': mixture,
  'all failed': () => failed,
  'all running': () => running,
  'all pruned': (number) => pruned(noise(number)),
  'of each state': (number) =>
    [completed(noise(number)), pruned(noise(number)), failed, running][number % 4] as Outcome,
  'equal metrics': () => completed(0.5),
  'no numbers and infinities': (number) =>
    completed([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5][number % 4] as number),
  'only infinities': () => completed(Number.POSITIVE_INFINITY),
  'huge metrics': (number) => completed(number % 2 === 0 ? 1e308 : -1e308),
  'tiny differences': (number) => completed(1 + number * Number.EPSILON),
  repeats: (number) => ({
    ...completed(noise(number)),
    repeats: [noise(number) + 1, Number.NaN],
  }),
}

export interface Plan {
  seed?: number
  outcome?: (number: number) => Outcome
  study?: Partial<Study>
}

/** Runs a search until it has so many trials, or ends by itself. */
export function search(
  sampler: Sampler,
  space: SearchSpace,
  count: number,
  { seed = 1, outcome = mixture, study = {} }: Plan = {},
): PastTrial[] {
  const trials = [...(study.trials ?? [])]
  while (trials.length < count) {
    const values = sampler.suggest({ direction: 'maximize', ...study, space, trials }, seed)
    if (values === null) break
    const number = trials.length
    trials.push({ number, values, ...outcome(number) })
  }
  return trials
}

/** Trials with values drawn at random, of which some may be equal: a long past in no time. */
export function drawn(space: SearchSpace, count: number): PastTrial[] {
  const draw = createRandom(count)
  return Array.from({ length: count }, (_, number) => {
    const values = Object.entries(space).map(([name, dimension]) => [name, decode(draw(), dimension)])
    return { number, values: Object.fromEntries(values), ...mixture(number) }
  })
}

export const trial = (number: number, values: Values, outcome: Outcome): PastTrial => ({
  number,
  values,
  ...outcome,
})

/** The same, such that a write throws. */
export function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFrozen(part)
  }
  return value
}
