import { median } from '../median.ts'

/*
 * Output warping as Vizier does it (X. Song et al., The Vizier Gaussian process bandit algorithm, 2024,
 * arXiv:2408.11527, section 4.1): how bad the bad ones are shall not bend the model, how good the good ones are shall.
 */

/** Base of the logarithm that stretches the best values. */
const OFFSET = 1.5

/**
 * Metrics as targets of a Gaussian process, of mean 0 and variance 1, in the order of the metrics.
 * @param metrics larger is better; null for a trial that failed
 * @returns all 0 where the metrics are equal, or none is there
 */
export function warp(metrics: readonly (number | null)[]): number[] {
  const known = metrics.filter((metric) => metric !== null)
  // Differences of the largest numbers would be infinite.
  const size = Math.max(...known.map(Math.abs)) || 1
  const warped = logarithmic(halfRanked(known.map((metric) => metric / size)))
  const worst = Math.min(...warped)
  const infeasible = worst - (0.5 * (Math.max(...warped) - worst) + 1)
  let next = 0
  return standardised(metrics.map((metric) => (metric === null ? infeasible : (warped[next++] as number))))
}

/** What is worse than the median gets the quantile of its rank, in a normal distribution as wide as the better half. */
function halfRanked(metrics: readonly number[]): number[] {
  const distinct = [...new Set(metrics)].sort((a, b) => a - b)
  const middle = median(metrics)
  const better = metrics.filter((metric) => metric >= middle)
  const width = Math.sqrt(mean(better.map((metric) => (metric - middle) ** 2)))
  const below = distinct.filter((metric) => metric < middle)
  const places = new Map(below.map((metric, at) => [metric, (at + 0.5) / (2 * below.length)]))
  return metrics.map((metric) => {
    const share = places.get(metric)
    return share === undefined ? metric : middle + width * normalQuantile(share)
  })
}

/** To 0.5 .. -0.5, differences among the best stretched. */
function logarithmic(metrics: readonly number[]): number[] {
  const best = Math.max(...metrics)
  const range = best - Math.min(...metrics)
  return metrics.map((metric) =>
    range > 0 ? 0.5 - Math.log1p(((best - metric) / range) * (OFFSET - 1)) / Math.log(OFFSET) : 0,
  )
}

function standardised(values: readonly number[]): number[] {
  const center = mean(values)
  const width = Math.sqrt(mean(values.map((value) => (value - center) ** 2)))
  return values.map((value) => (width > 1e-12 ? (value - center) / width : 0))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Quantile of the standard normal distribution, to 0.002 (S. Winitzki, A handy approximation for the error function and
 * its inverse, 2008).
 */
function normalQuantile(share: number): number {
  const x = 2 * share - 1
  const a = 0.147
  const log = Math.log(1 - x * x)
  const term = 2 / (Math.PI * a) + log / 2
  return Math.sign(x) * Math.SQRT2 * Math.sqrt(Math.sqrt(term * term - log / a) - term)
}
