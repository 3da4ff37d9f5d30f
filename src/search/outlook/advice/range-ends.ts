import type { Distribution } from '../../../domain/detection.ts'
import type { Importance } from '../../../domain/outlook.ts'
import type { Model } from '../../gp/model.ts'
import type { Study } from '../../sampler.ts'
import { matters } from '../../space.ts'
import { hintFor } from './hint.ts'
import { plain } from './numbers.ts'
import { type End, endOf, wider } from './wider.ts'

/** A sentence about one hyperparameter. */
export interface Told {
  name: string
  sentence: string
}

/** Trials with a metric before an end says something. */
const LEAST = 8
/** Share of the variation that makes a hyperparameter worth a word. */
const WORTH = 0.05
/** How far inside of the range the metric is compared with that at its end. */
const INSIDE = 0.2

/** How far from the middle of its range, as a part of its width, a value may be to count as its centre. */
const CENTRED = 0.05

/**
 * Hyperparameters whose best value lies at the end of its range, with the metric still getting better towards it by the
 * model; each with what to write into hone.yaml.
 */
export function beyondRanges(study: Study, model: Model, importance: readonly Importance[]): Told[] {
  if (model.trials < LEAST) return []
  const { space, trials } = study
  const valuesOf = (trial: number) => trials.find(({ number }) => number === trial)?.values ?? {}
  const values = valuesOf(model.best.number)
  return importance.flatMap(({ name, share }) => {
    const dimension = space[name]
    if (!dimension || share < WORTH || !matters(space, values, name)) return []
    const end = endOf(dimension, values[name])
    const more = end && wider(dimension, end)
    if (!more || !improvesTowards(model, name, end)) return []
    const value = plain(values[name] as number)
    const sentence = `${name} is best at the ${end} end of its range, ${value}${ownWords(dimension, valuesOf(0)[name])}: widen it in hone.yaml: \`${hintFor(name, more)}\``
    return [{ name, sentence }]
  })
}

/** A range made around the user's own value has the end that it has because of that. */
const ownWords = (dimension: Distribution, own: unknown): string =>
  typeof own === 'number' && isCentre(dimension, own) ? ` (its centre is your own value, ${plain(own)})` : ''

function isCentre(dimension: Distribution, own: number): boolean {
  if (dimension.type === 'categorical') {
    const { choices } = dimension
    return choices.length % 2 === 1 && choices[(choices.length - 1) / 2] === own
  }
  const { low, high, log } = dimension
  if (!(high > low) || own < low || own > high) return false
  const share = log ? Math.log(own / low) / Math.log(high / low) : (own - low) / (high - low)
  return Math.abs(share - 0.5) <= CENTRED
}

function improvesTowards({ process, encoding, best }: Model, name: string, end: End): boolean {
  const column = encoding.names.indexOf(name)
  const at = end === 'low' ? [0, INSIDE] : [1, 1 - INSIDE]
  const [outer, inner] = process.predict(at.map((place) => encoding.snap(best.point.with(column, place))))
  return outer !== undefined && inner !== undefined && outer.mean > inner.mean
}
