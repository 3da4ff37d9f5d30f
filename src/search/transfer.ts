import { type Model, modelOf } from './outlook/model.ts'
import type { PastTrial, RelatedStudy, Study, Values } from './sampler.ts'
import { areAlike, mapValues } from './transfer/map-values.ts'
import { metricOf } from './transfer/metrics.ts'

/** An observation of an earlier commit in the terms of the present one. */
export interface Transferred {
  /** In the present space. */
  values: Values
  /** At the present level; null for one that failed. */
  metric: number | null
  /** Beyond the noise; in units of the variance of the outputs. */
  extraVariance: number
}

/** Earlier searches that are looked at, and observations of each. */
const STUDIES = 3
const MOST = 40
/** Trials that a search needs to tell anything. */
const LEAST = 4
/** What is held of the difference between two commits before any result: its variance, and results it counts for. */
export const PRIOR = { variance: 0.1, weight: 3, drop: 0.7 }

/**
 * What the searches of earlier commits tell about the present one.
 */
export function transferred(study: Study): Transferred[] {
  const alike = (study.related ?? []).slice(0, STUDIES).filter(({ space }) => areAlike(study.space, space))
  return alike.flatMap((related) => observationsOf(related, study))
}

function observationsOf(related: RelatedStudy, study: Study): Transferred[] {
  const { space, direction } = study
  const own = study.trials.find(({ number }) => number === 0)?.values ?? {}
  const trials = thinned(related.trials).map((trial) => ({
    ...trial,
    values: mapValues(space, related.space, trial.values, own),
  }))
  const model = modelOf({ space, direction, trials }, LEAST)
  if (model === null) return []
  const { shift, variance } = difference(model, study.trials)
  if (variance > PRIOR.drop) return []
  return trials.map((trial) => {
    const metric = metricOf(trial)
    return {
      values: trial.values,
      metric: metric === null ? null : metric + shift,
      extraVariance: variance,
    }
  })
}

/** The level that the present results have over the earlier ones, and the variance of what is left. */
function difference({ process, encoding, scale }: Model, trials: readonly PastTrial[]) {
  const seen = trials.flatMap((trial) => {
    const metric = metricOf(trial)
    return metric === null ? [] : [{ point: encoding.encode(trial.values), metric }]
  })
  const predicted = process.predict(seen.map(({ point }) => point))
  const differences = seen.map(({ metric }, at) => metric - scale.toMetric(predicted[at]?.mean ?? 0))
  const shift = median(differences)
  const squares = seen.map(({ metric }, at) => {
    const { mean, variance } = predicted[at] ?? { mean: 0, variance: 0 }
    return Math.max((scale.toUnits(metric - shift) - mean) ** 2 - variance, 0)
  })
  const sum = squares.reduce((all, square) => all + square, 0)
  const freedom = Math.max(seen.length - 1, 0)
  return { shift, variance: (PRIOR.weight * PRIOR.variance + sum) / (PRIOR.weight + freedom) }
}

function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b)
  const middle = Math.floor(ascending.length / 2)
  if (ascending.length === 0) return 0
  return ((ascending[middle] as number) + (ascending[Math.ceil(ascending.length / 2 - 0.5)] as number)) / 2
}

const thinned = (trials: readonly PastTrial[]) =>
  trials.filter(({ state }) => state !== 'running').slice(-MOST)
