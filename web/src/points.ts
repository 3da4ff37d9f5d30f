import type { RunView, TrialSummary } from '../../src/http/contract.ts'

export interface Point {
  trial: number
  value: number
  best: number
}

/** The trials that have a value, each with the best until then. Pure. */
export function pointsOf(trials: readonly TrialSummary[], direction: RunView['direction']): Point[] {
  const better = direction === 'maximize' ? Math.max : Math.min
  let best: number | null = null
  const points: Point[] = []
  for (const { number, metric } of trials) {
    if (metric === null || !Number.isFinite(metric)) continue
    best = best === null ? metric : better(best, metric)
    points.push({ trial: number, value: metric, best })
  }
  return points
}

const STEPS = [1, 2, 2.5, 5, 10]

/** Round numbers, about five, from under the smallest to over the greatest value shown. Pure. */
export function ticksOf(points: readonly Point[], target: number): number[] {
  const all = [target, ...points.map(({ value }) => value)]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const rough = (high - low || Math.abs(high) || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((times) => times * power >= rough) ?? 10)
  const first = Math.floor(low / step)
  const last = Math.max(Math.ceil(high / step), first + 1)
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}
