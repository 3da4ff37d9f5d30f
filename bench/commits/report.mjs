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

/** How often fewer trials are needed: the ratio of the means, with its interval from resampled problems. */
export function ratio(cases, random) {
  const of = (some) => {
    const sum = (key) => some.reduce((all, one) => all + one[key], 0)
    return sum('cold') / sum('warm')
  }
  const problems = [...new Set(cases.map(({ problem }) => problem))]
  const groups = problems.map((name) => cases.filter(({ problem }) => problem === name))
  const resampled = Array.from({ length: RESAMPLES }, () =>
    of(groups.flatMap(() => groups[Math.floor(random() * groups.length)])),
  ).sort((a, b) => a - b)
  const quantile = (share) => resampled[Math.floor(share * (RESAMPLES - 1))]
  return { ratio: of(cases), low: quantile(0.025), high: quantile(0.975), cases: cases.length }
}
