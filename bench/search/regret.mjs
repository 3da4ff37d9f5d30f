/** How far a search got: pure functions over the metrics of finished trials. */

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * What counts as nothing and as all on a problem.
 * @param random metrics of random points; their median is a regret of 1
 * @param known metrics of everything that was ever tried; the best is a regret of 0
 */
export function scaleOf(direction, random, known) {
  const usable = (metrics) => metrics.filter((metric) => metric !== null)
  const better = direction === 'maximize' ? (a, b) => Math.max(a, b) : (a, b) => Math.min(a, b)
  return { best: usable(known).reduce(better), median: median(usable(random)) }
}

/**
 * Normalised regret, 0 to 1, after each of so many finished trials. A failed trial finds nothing; a search that ended early
 * keeps what it had.
 */
export function regretCurve(metrics, { best, median }, trials) {
  const curve = []
  let regret = 1
  for (let trial = 0; trial < trials; trial++) {
    const metric = metrics[trial] ?? null
    if (metric !== null) regret = Math.min(regret, Math.max((best - metric) / (best - median), 0))
    curve.push(regret)
  }
  return curve
}

/** Finished trials until the regret is that small; null where it never was. */
export const trialsTo = (curve, regret) => {
  const at = curve.findIndex((value) => value <= regret)
  return at < 0 ? null : at + 1
}

/**
 * The ratio of two means over problems, with its 95 % confidence interval: percentile bootstrap over the problems.
 * @param random uniform numbers in [0, 1)
 */
export function ratioOfMeans(ours, theirs, random, rounds = 4000) {
  const ratio = (indices) => mean(indices.map((at) => ours[at])) / mean(indices.map((at) => theirs[at]))
  const all = ours.map((_, at) => at)
  const drawn = Array.from({ length: rounds }, () => ratio(all.map(() => Math.floor(random() * all.length))))
  drawn.sort((a, b) => a - b)
  const quantile = (share) => drawn[Math.min(Math.floor(share * rounds), rounds - 1)]
  return { ratio: ratio(all), low: quantile(0.025), high: quantile(0.975) }
}

/** Problems on which ours is better, equal within the margin, and worse. */
export function winsTiesLosses(ours, theirs, margin = 0.001) {
  const gains = ours.map((value, at) => theirs[at] - value)
  const wins = gains.filter((gain) => gain > margin).length
  const losses = gains.filter((gain) => gain < -margin).length
  return { wins, ties: gains.length - wins - losses, losses }
}
