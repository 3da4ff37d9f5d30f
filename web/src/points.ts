import type { CurveView, RunView, TrialSummary } from '../../src/http/contract.ts'

/** A trial with values of its own, as the chart shows it. */
export interface Point {
  trial: number
  /** Null for one that was given up. */
  value: number | null
  /** The last value of one that was given up. */
  pruned: number | null
  /** What the same values came to with other seeds. */
  seeds: number[]
  /** The best until then, each trial by the mean of its seeds; null before there is one. */
  best: number | null
}

const isValue = (metric: number | null | undefined): metric is number =>
  metric !== null && metric !== undefined && Number.isFinite(metric)

/** What a trial came to with other seeds. Pure. */
export const seedsOf = (number: number, trials: readonly TrialSummary[]): number[] =>
  trials.flatMap(({ repeats, metric }) => (repeats === number && isValue(metric) ? [metric] : []))

/** The same of all that were repeated, by their numbers. */
function seedsOfEach(trials: readonly TrialSummary[]): Map<number, number[]> {
  const seeds = new Map<number, number[]>()
  for (const { repeats, metric } of trials) {
    if (repeats === null || !isValue(metric)) continue
    seeds.set(repeats, [...(seeds.get(repeats) ?? []), metric])
  }
  return seeds
}

/** How many seeds the value of a trial is the mean of; 1 where all of them gave the same. Pure. */
export function seedsInMean(number: number, trials: readonly TrialSummary[]): number {
  const own = trials.find((trial) => trial.number === number)?.metric
  const all = [...(isValue(own) ? [own] : []), ...seedsOf(number, trials)]
  return new Set(all).size > 1 ? all.length : 1
}

/** The last value that a trial has reported so far; null when it reports none by epoch. Pure. */
export const lastOf = (number: number, curves: readonly CurveView[]): CurveView['points'][number] | null =>
  curves.find(({ trial }) => trial === number)?.points.at(-1) ?? null

/** The last value of each trial that reports any by epoch, by its number. Pure. */
export const lastOfEach = (curves: readonly CurveView[]): Map<number, CurveView['points'][number]> =>
  new Map(curves.flatMap(({ trial, points }) => points.slice(-1).map((point) => [trial, point] as const)))

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The trials that have a value, each with the best until then; repeats stand with what they repeat. Pure. */
export function pointsOf(
  trials: readonly TrialSummary[],
  direction: RunView['direction'],
  curves: readonly CurveView[] = [],
): Point[] {
  const better = direction === 'maximize' ? Math.max : Math.min
  const others = seedsOfEach(trials)
  let best: number | null = null
  const points: Point[] = []
  for (const { number, metric, state, repeats } of trials) {
    if (repeats !== null) continue
    const last = metric ?? lastOf(number, curves)?.value
    if (state === 'pruned' && isValue(last)) {
      points.push({ trial: number, value: null, pruned: last, seeds: [], best })
    }
    if (state === 'pruned' || !isValue(metric)) continue
    const seeds = others.get(number) ?? []
    const level = mean([metric, ...seeds])
    best = best === null ? level : better(best, level)
    points.push({ trial: number, value: metric, pruned: null, seeds, best })
  }
  return points
}

const STEPS = [1, 2, 2.5, 5, 10]

/** The smallest and the greatest; a loop, since there may be more values than a call takes arguments. Pure. */
export function boundsOf(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** The smallest and the greatest value of all curves; nothing of none. Pure. */
export const boundsOfCurves = (curves: readonly CurveView[]): number[] =>
  curves.flatMap(({ points }) => boundsOf(points.map(({ value }) => value))).filter(Number.isFinite)

/** Round numbers, about five, from under the smallest to over the greatest of these. Pure. */
export function ticksOf(values: readonly number[]): number[] {
  const [low, high] = boundsOf(values)
  const rough = (high - low || Math.abs(high) || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((times) => times * power >= rough) ?? 10)
  const first = Math.floor(low / step)
  const last = Math.max(Math.ceil(high / step), first + 1)
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

/** Whether `pointsOf` looks at curves, for the last values of trials that were given up. Pure. */
export const needCurves = (trials: readonly TrialSummary[]): boolean =>
  trials.some(({ state, metric }) => state === 'pruned' && metric === null)

/** All values that a chart of these points shows. Pure. */
export const valuesOf = (points: readonly Point[]): number[] =>
  points.flatMap(({ value, pruned, seeds }) => [value, pruned, ...seeds].filter(isValue))

/**
 * Values that a close look at the best trials has to show: the target, the better half with some room below it, and all
 * that is better. Pure.
 * @returns null where that is no closer than showing all of them
 */
export function closeUp(
  points: readonly Point[],
  curves: readonly CurveView[],
  { target, direction }: Pick<RunView, 'target' | 'direction'>,
): number[] | null {
  const sign = direction === 'maximize' ? 1 : -1
  const sorted = points.flatMap(({ value }) => value ?? []).sort((a, b) => sign * (b - a))
  if (sorted.length < LEAST) return null
  const half = [target, ...sorted.slice(0, Math.ceil(sorted.length / 2))]
  const worst = sign > 0 ? Math.min(...half) : Math.max(...half)
  const edge = worst - sign * ROOM * reachOf(half)
  const all = [...valuesOf(points), ...boundsOfCurves(curves)]
  const close = [edge, ...half, ...all.filter((value) => sign * (value - edge) > 0)]
  return reachOf(close) * CLOSER < reachOf([target, ...valuesOf(points)]) ? close : null
}

function reachOf(values: readonly number[]): number {
  const [low, high] = boundsOf(values)
  return high - low
}

/** Part of what the better half spans that is shown below it too. */
const ROOM = 0.5
/** Trials with a value before there is a better half. */
const LEAST = 4
/** How much larger a close look shows things, at least. */
const CLOSER = 3

/**
 * One row a step, with the value of each trial that has one there, by `t` and its number. Pure.
 * @param named the trials whose values are wanted; all where it is left out
 */
export function rowsOf(
  curves: readonly CurveView[],
  named?: readonly (number | null)[],
): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>()
  for (const { trial, points } of curves) {
    const isNamed = named?.includes(trial) ?? true
    for (const { step, value } of points) {
      const row = rows.get(step) ?? { step }
      if (isNamed) row[`t${trial}`] = value
      rows.set(step, row)
    }
  }
  return [...rows.values()].sort((a, b) => (a.step as number) - (b.step as number))
}

/** Where a trial stands in the chart by trial: its value, or its last one where it was given up. Pure. */
export const levelOf = ({ value, pruned }: Point): number | null => value ?? pruned

/**
 * The trial whose curve is nearest to a place of the chart. Pure.
 * @param step of the place
 * @param y of the place, in pixels
 * @param place where a value lies, in pixels
 * @param near what is further away is not meant, in pixels
 */
export function nearestCurve(
  curves: readonly CurveView[],
  step: number,
  y: number,
  place: (value: number) => number,
  near: number,
): number | null {
  let nearest: { trial: number; distance: number } | null = null
  for (const { trial, points } of curves) {
    const point = points.find((one) => one.step === step)
    const distance = point === undefined ? Number.POSITIVE_INFINITY : Math.abs(place(point.value) - y)
    if (distance <= near && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      nearest = { trial, distance }
    }
  }
  return nearest?.trial ?? null
}
