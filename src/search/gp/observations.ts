import type { Encoding } from '../encode.ts'
import type { PastTrial, Study } from '../sampler.ts'
import type { Transferred } from '../transfer.ts'
import type { Observations, Point } from './regression.ts'
import { warp } from './warping.ts'

/** What a sampler's model knows. */
export interface Evidence {
  observations: Observations
  /** Points of the trials that still run. */
  running: Point[]
  /** Points with a metric, the best first. */
  ranking: Point[]
}

/**
 * Variance of what a pruned trial would have come to, in units of the targets' own: without it the error of that guess
 * passes for noise of all trials. On LCBench curves the regret for 20 full trainings fell from .131 to .112 by it.
 */
const DOUBT = 0.15

interface Result {
  point: Point
  /** Larger is better; null for what failed. */
  score: number | null
  repeats: number
  extraVariance: number
}

/**
 * The trials as observations: pruned ones with the metric that they had, repeated ones with their mean, failed ones as
 * worse than all others.
 * @param transferred what earlier commits tell
 * @returns null when nothing has a metric
 */
export function evidenceOf(
  { trials, direction }: Study,
  { encode, nominal }: Encoding,
  transferred: readonly Transferred[] = [],
): Evidence | null {
  const sign = direction === 'maximize' ? 1 : -1
  const results: Result[] = [
    ...trials.filter(({ state }) => state !== 'running').map((trial) => resultOf(trial, encode, sign)),
    ...transferred.map(({ values, metric, extraVariance }) => ({
      point: encode(values),
      score: usable(metric) ? sign * metric : null,
      repeats: 1,
      extraVariance,
    })),
  ]
  const scored = results.flatMap(({ point, score }) => (score === null ? [] : [{ point, score }]))
  if (scored.length === 0) return null
  return {
    observations: {
      points: results.map(({ point }) => point),
      targets: warp(results.map(({ score }) => score)),
      repeats: results.map(({ repeats }) => repeats),
      extraVariance: results.map(({ extraVariance }) => extraVariance),
      nominal,
    },
    running: trials.filter(({ state }) => state === 'running').map(({ values }) => encode(values)),
    ranking: scored.sort((a, b) => b.score - a.score).map(({ point }) => point),
  }
}

const usable = (metric: number | null): metric is number => metric !== null && Number.isFinite(metric)

function resultOf(
  { values, state, metric, repeats = [] }: PastTrial,
  encode: Encoding['encode'],
  sign: number,
): Result {
  const point = encode(values)
  if (state === 'failed' || !usable(metric)) return { point, score: null, repeats: 1, extraVariance: 0 }
  const metrics = [metric, ...repeats.filter(usable)]
  const score = metrics.reduce((mean, value) => mean + (sign * value) / metrics.length, 0)
  return { point, score, repeats: metrics.length, extraVariance: state === 'pruned' ? DOUBT : 0 }
}
