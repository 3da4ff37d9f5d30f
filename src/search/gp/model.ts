import { type Encoding, encodingOf } from '../encode.ts'
import { bestOf, metricOf } from '../metrics.ts'
import type { PastTrial, Study } from '../sampler.ts'
import { fitGaussianProcess, type GaussianProcess, type Point } from './regression.ts'
import { type Scale, scaleOf } from './scale.ts'

/** Trials that a model is fitted to at most: the best, and the latest of the others. */
const MOST = 80
const ITERATIONS = 20

/** A Gaussian process of the metric over the search space. */
export interface Model {
  process: GaussianProcess
  encoding: Encoding
  scale: Scale
  /** What it was fitted to, failed ones included. */
  points: readonly Point[]
  /** Those with a metric. */
  trials: number
  best: { number: number; metric: number; point: Point }
}

/**
 * @param least trials with a metric that it takes
 * @returns null for fewer, for metrics that are all equal, and for a space in which nothing varies
 */
export function modelOf(study: Study, least: number): Model | null {
  const { space, direction } = study
  const encoding = encodingOf(space)
  const known = study.trials.flatMap((trial) => {
    const metric = metricOf(trial)
    if (metric === null && trial.state !== 'failed' && trial.state !== 'completed') return []
    return [{ trial, metric }]
  })
  const metrics = known.flatMap(({ metric }) => (metric === null ? [] : [metric]))
  const scale = scaleOf(metrics, direction)
  const best = bestOf(study.trials, direction)
  if (metrics.length < least || scale === null || best === null || encoding.names.length === 0) return null
  const chosen = choose(known, (metric) => (metric === null ? scale.failed : scale.toUnits(metric)))
  const points = chosen.map(({ trial }) => encoding.encode(trial.values))
  const observations = {
    points,
    targets: chosen.map(({ units }) => units),
    nominal: encoding.nominal,
    repeats: chosen.map(({ trial: { repeats = [] } }) => 1 + repeats.filter(Number.isFinite).length),
  }
  const { number, values } = best.trial
  const point = encoding.encode(values)
  return {
    process: fitGaussianProcess(observations, ITERATIONS),
    encoding,
    scale,
    points,
    trials: metrics.length,
    best: { number, metric: best.metric, point },
  }
}

interface Known {
  trial: PastTrial
  metric: number | null
}

/** The better half of what fits into a model by their metric, the rest by their age; in the order of the trials. */
function choose(known: readonly Known[], unitsOf: (metric: number | null) => number) {
  const all = known.map((each) => ({ ...each, units: unitsOf(each.metric) }))
  if (all.length <= MOST) return all
  const best = new Set(all.toSorted((a, b) => b.units - a.units).slice(0, MOST / 2))
  const latest = all.filter((each) => !best.has(each)).slice(-MOST / 2)
  return all.filter((each) => best.has(each) || latest.includes(each))
}
