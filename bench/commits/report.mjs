/** Part of the way from the median of random values to the best known that may be missing at the target. */
export const REGRET = 0.05
const RESAMPLES = 2000

/** Trials until the true metric reaches the level; one more than there were where none does. */
export function trialsTo(metrics, level, sign) {
  const index = metrics.findIndex((metric) => metric !== null && sign * metric >= sign * level)
  return (index < 0 ? metrics.length : index) + 1
}

/** The level that is to be reached, from random values and everything that was tried. */
export function levelOf(random, tried, sign) {
  const worst = Math.min(...tried.filter((metric) => metric !== null).map((metric) => sign * metric))
  const ascending = random.map((metric) => (metric === null ? worst : sign * metric)).sort((a, b) => a - b)
  const median = ascending[Math.floor(ascending.length / 2)]
  const best = Math.max(
    ...[...tried, ...random].filter((metric) => metric !== null).map((metric) => sign * metric),
  )
  return sign * (best - REGRET * (best - median))
}

/**
 * How often fewer trials are needed, each with its interval from resampled problems: `ratio` of the means, which hangs on the
 * longest searches, and `typical`, the geometric mean over the searches.
 */
export function ratio(cases, random) {
  const sum = (some, of) => some.reduce((all, one) => all + of(one), 0)
  const ofMeans = (some) => sum(some, (one) => one.cold) / sum(some, (one) => one.warm)
  const geometric = (some) => Math.exp(sum(some, (one) => Math.log(one.cold / one.warm)) / some.length)
  const problems = [...new Set(cases.map(({ problem }) => problem))]
  const groups = problems.map((name) => cases.filter(({ problem }) => problem === name))
  const samples = Array.from({ length: RESAMPLES }, () =>
    groups.flatMap(() => groups[Math.floor(random() * groups.length)]),
  )
  const interval = (of) => {
    const ascending = samples.map(of).sort((a, b) => a - b)
    const quantile = (share) => ascending[Math.floor(share * (RESAMPLES - 1))]
    return { value: of(cases), low: quantile(0.025), high: quantile(0.975) }
  }
  return { searches: cases.length, ratio: interval(ofMeans), typical: interval(geometric) }
}
