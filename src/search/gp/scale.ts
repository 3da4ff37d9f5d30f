import type { Direction } from '../sampler.ts'

/** Differences that are smaller, relative to the metrics, are rounding errors. */
const ROUNDING = 1e-12

/** The metric in units that a Gaussian process likes: larger is better, mean 0, variance 1. */
export interface Scale {
  toUnits(metric: number): number
  toMetric(units: number): number
  /** Units of the better half as a difference of the metric. */
  unit: number
  /** Where a trial that failed stands: below the worst. */
  failed: number
}

/**
 * The better half of the metrics keeps its distances, so that a target beyond the best has a place and a deviation can be
 * told in the metric's units; the worse half is compressed (logarithm of the distance to the median), since how bad a bad
 * trial was tells little about the good ones. After the half-rank warping of Vizier (X. Song et al., The Vizier Gaussian process bandit algorithm,
 * 2024, arXiv:2408.11527), with a map that can be inverted.
 * @returns null when all metrics are equal, or there are fewer than two
 */
export function scaleOf(metrics: readonly number[], direction: Direction): Scale | null {
  const sign = direction === 'maximize' ? 1 : -1
  const ascending = metrics.map((metric) => sign * metric).sort((a, b) => a - b)
  const [worst, best] = [ascending[0], ascending.at(-1)]
  if (worst === undefined || best === undefined) return null
  const range = best - worst
  if (!(range > ROUNDING * Math.max(Math.abs(best), Math.abs(worst))) || !Number.isFinite(range)) return null
  // Of the range, so that squares neither vanish nor overflow.
  const placeOf = (value: number) => (value - worst) / range
  const median = placeOf(ascending[Math.floor(ascending.length / 2)] as number)
  const width = median < 1 ? 1 - median : 1
  const compress = (value: number) =>
    value >= median ? value : median - width * Math.log1p((median - value) / width)
  const expand = (value: number) =>
    value >= median ? value : median - width * Math.expm1((median - value) / width)
  const compressed = ascending.map((value) => compress(placeOf(value)))
  const mean = compressed.reduce((sum, value) => sum + value, 0) / compressed.length
  const sd = Math.sqrt(compressed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / compressed.length)
  const toUnits = (metric: number) => (compress(placeOf(sign * metric)) - mean) / sd
  return {
    toUnits,
    toMetric: (units) => sign * (worst + range * expand(units * sd + mean)),
    unit: sd * range,
    failed: (compress(0) - mean) / sd - 0.5,
  }
}
