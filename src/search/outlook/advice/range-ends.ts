import type { Importance } from '../../../domain/outlook.ts'
import type { Model } from '../../gp/model.ts'
import type { Study } from '../../sampler.ts'
import { matters } from '../../space.ts'
import { hintFor } from './hint.ts'
import { plain } from './numbers.ts'
import { type End, endOf, wider } from './wider.ts'

/** Trials with a metric before an end says something. */
const LEAST = 8
/** Share of the variation that makes a hyperparameter worth a word. */
const WORTH = 0.05
/** How far inside of the range the metric is compared with that at its end. */
const INSIDE = 0.2

/**
 * Hyperparameters whose best value lies at the end of its range, with the metric still getting better towards it by the
 * model.
 */
export function beyondRanges(study: Study, model: Model, importance: readonly Importance[]): string[] {
  if (model.trials < LEAST) return []
  const { space, trials } = study
  const values = trials.find(({ number }) => number === model.best.number)?.values ?? {}
  return importance.flatMap(({ name, share }) => {
    const dimension = space[name]
    if (!dimension || share < WORTH || !matters(space, values, name)) return []
    const end = endOf(dimension, values[name])
    const more = end && wider(dimension, end)
    if (!more || !improvesTowards(model, name, end)) return []
    const less = end === 'low' ? 'less' : 'more'
    const value = plain(values[name] as number)
    return [
      `${name} is best at the ${end} end of its range, ${value}: allow ${less} with \`${hintFor(name, more)}\` in hone.yaml`,
    ]
  })
}

function improvesTowards({ process, encoding, best }: Model, name: string, end: End): boolean {
  const column = encoding.names.indexOf(name)
  const at = end === 'low' ? [0, INSIDE] : [1, 1 - INSIDE]
  const [outer, inner] = process.predict(at.map((place) => encoding.snap(best.point.with(column, place))))
  return outer !== undefined && inner !== undefined && outer.mean > inner.mean
}
