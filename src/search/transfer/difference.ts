import type { Model } from '../gp/model.ts'
import { median } from '../median.ts'
import { metricOf } from '../metrics.ts'
import type { PastTrial } from '../sampler.ts'

/** What is held of the difference between two commits before any result: its variance, and the results it counts for. */
const PRIOR = { variance: 0.1, weight: 3 }

/** How the present commit differs from an earlier one. */
export interface Difference {
  /** The present level less the earlier one, in units of the metric. */
  shift: number
  /** Of what is left without the shift; in units of the variance of the earlier metrics. */
  variance: number
}

/**
 * Compares the present results with what the model of an earlier search says to the same values; what that does not know
 * itself is not held against it.
 */
export function differenceOf({ process, encoding, scale }: Model, trials: readonly PastTrial[]): Difference {
  const seen = trials.flatMap((trial) => {
    const metric = metricOf(trial)
    return metric === null ? [] : [{ point: encoding.encode(trial.values), metric }]
  })
  if (seen.length === 0) return { shift: 0, variance: PRIOR.variance }
  const predicted = process.predict(seen.map(({ point }) => point))
  const compared = seen.map(({ metric }, at) => ({
    metric,
    ...(predicted[at] as { mean: number; variance: number }),
  }))
  const shift = median(compared.map(({ metric, mean }) => metric - scale.toMetric(mean)))
  const surprises = compared.map(({ metric, mean, variance }) =>
    Math.max((scale.toUnits(metric - shift) - mean) ** 2 - variance, 0),
  )
  const sum = surprises.reduce((all, surprise) => all + surprise, 0)
  // One result is spent on the shift.
  const freedom = seen.length - 1
  return {
    shift,
    variance: (PRIOR.weight * PRIOR.variance + sum) / (PRIOR.weight + freedom),
  }
}
