import { isBetter } from '../../domain/settings.ts'
import { bestOf, metricOf } from '../metrics.ts'
import type { Study, Values } from '../sampler.ts'
import { isForbidden, keyOf } from '../space.ts'
import { areAlike, mapValues } from './map-values.ts'

export interface ParentBest {
  values: Values
  /** Index into the study's `related`. */
  related: number
  /** Number of the trial in that search. */
  trial: number
}

/**
 * The best values of the nearest earlier search that has tried any but its own first ones, in the present space.
 * @returns null where the space is another, nothing was better there than the user's own values, some hyperparameter has
 *   no value there nor here, or the values are forbidden or have been tried here
 */
export function parentBest(study: Study): ParentBest | null {
  const { space, direction, trials, forbidden } = study
  const own = trials.find(({ number }) => number === 0)?.values ?? {}
  const index = (study.related ?? []).findIndex(
    (earlier) =>
      areAlike(space, earlier.space) &&
      earlier.trials.some((trial) => trial.number > 0 && metricOf(trial) !== null),
  )
  const related = study.related?.[index]
  const best = related && bestOf(related.trials, direction)
  if (!best || best.trial.number === 0) return null
  const first = related.trials.find(({ number }) => number === 0)
  if (first && !isBetter(best.metric, metricOf(first), direction)) return null
  const values = mapValues(space, related.space, best.trial.values, own)
  if (Object.keys(space).some((name) => !Object.hasOwn(values, name))) return null
  const key = keyOf(space, values)
  if (trials.some((trial) => keyOf(space, trial.values) === key)) return null
  if (isForbidden(space, forbidden, values)) return null
  return { values, related: index, trial: best.trial.number }
}
