import type { Observations } from './regression.ts'

/**
 * So many of the observations that a computation stays short: the better half of them the best ones, the others spread
 * evenly over the rest. All, in their order, where they are no more than that.
 */
export function subsetOf(observations: Observations, count: number): Observations {
  const { points, targets, repeats, extraVariance, nominal } = observations
  if (points.length <= count) return observations
  const best = targets.map((_, at) => at).sort((a, b) => (targets[b] as number) - (targets[a] as number))
  const half = Math.ceil(count / 2)
  const rest = best.slice(half)
  const spread = Array.from(
    { length: count - half },
    (_, at) => rest[Math.floor((at * rest.length) / (count - half))] as number,
  )
  const kept = [...best.slice(0, half), ...spread]
  const choose = <T>(values: readonly T[]) => kept.map((at) => values[at] as T)
  return {
    nominal,
    points: choose(points),
    targets: choose(targets),
    repeats: repeats && choose(repeats),
    extraVariance: extraVariance && choose(extraVariance),
  }
}
