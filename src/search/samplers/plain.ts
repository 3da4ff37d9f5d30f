import { isBetter } from '../../domain/settings.ts'
import type { ParameterValue } from '../../domain/trial.ts'
import { untriedIn } from '../combinations.ts'
import { metricOf } from '../metrics.ts'
import { nearestValue } from '../nearest-value.ts'
import type { Dimension, Sampler, SearchSpace, Study, Values } from '../sampler.ts'
import { decode, keyOf, matters } from '../space.ts'
import { type Change, changesFor } from './plain/rules.ts'

/**
 * What is done by hand: one change at a time from the user's values, kept when the metric got better and taken back
 * when it did not. A change that helped is made again, before the next one is tried. It takes no chances, so that the seed
 * does not matter, and ends where no single change helps.
 */
export const plain: Sampler = {
  name: 'plain',
  suggest(study) {
    const { space, direction } = study
    if (Object.keys(space).length === 0) return null
    const { isOpen } = untriedIn(study)
    const resultOf = resultsOf(study)
    const start = startOf(study)
    if (isOpen(start)) return start
    const changes = changesFor(space, start)
    let present = start
    let at = 0
    for (let useless = 0; useless < changes.length; ) {
      const changed = withChange(changes[at] as Change, space, present)
      if (changed && isOpen(changed)) return changed
      const [before, after] = [resultOf(present), changed && resultOf(changed)]
      if (
        changed &&
        before !== 'running' &&
        typeof after === 'number' &&
        isBetter(after, before, direction)
      ) {
        present = changed
        useless = 0
      } else {
        at = (at + 1) % changes.length
        useless++
      }
    }
    return null
  },
}

/** The user's own values, those outside of the space at its nearest ones; the middle of what they do not hold. */
function startOf({ space, trials }: Study): Values {
  const own = trials.find(({ number }) => number === 0)?.values ?? {}
  const inside = (name: string, dimension: Dimension): ParameterValue => {
    const value = Object.hasOwn(own, name) ? own[name] : undefined
    return (value === undefined ? null : nearestValue(dimension, value)) ?? decode(0.5, dimension)
  }
  return Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, inside(name, dimension)]))
}

/** Null where the change leads nowhere. */
function withChange({ name, apply }: Change, space: SearchSpace, values: Values): Values | null {
  const value = matters(space, values, name) ? apply(values[name] as ParameterValue) : null
  return value === null ? null : { ...values, [name]: value }
}

/** What became of some values: their metric, or null where they gave none, were given up or never tried. */
function resultsOf({ space, trials }: Study): (values: Values) => number | 'running' | null {
  const results = new Map<string, number | 'running' | null>()
  for (const trial of trials) {
    const { values, state } = trial
    const key = keyOf(space, values)
    if (results.get(key) != null) continue
    results.set(key, state === 'running' ? state : state === 'completed' ? metricOf(trial) : null)
  }
  return (values) => results.get(keyOf(space, values)) ?? null
}
