import type { CurveView, DetectionView, OutlookView, RunView, TrialSummary } from '../../src/http/contract.ts'
import { formatNumber, formatParameter } from './format.ts'
import { lastOf, ticksOf } from './points.ts'

type Value = TrialSummary['values'][string]

/** One dimension of a chart of the search space. */
export interface Axis {
  name: string
  /** Where a value lies, 0 .. 1; null for one that has no place on it. */
  at: (value: Value | null | undefined) => number | null
  ticks: { at: number; text: string }[]
}

/** Trials as points: their place on each axis, in the order of the axes. */
export interface PointOfSpace {
  trial: number
  state: TrialSummary['state']
  places: (number | null)[]
  /** Place on the axis of the metric. */
  metric: number
  /** In words: `trial 4: accuracy 0.95, hidden 180`. */
  title: string
}

function numericAxis(name: string, low: number, high: number, log: boolean): Axis {
  const scale = log && low > 0 ? Math.log10 : (value: number) => value
  const [from, to] = [scale(low), scale(high)]
  const length = to - from || 1
  const at = (value: Value | null | undefined) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    if (log && value <= 0) return null
    // What lies outside of the range, as the user's own value may, stands at its edge.
    return Math.min(1, Math.max(0, (scale(value) - from) / length))
  }
  const inside = log && low > 0 ? powersIn(from, to) : []
  const values = inside.length >= 2 ? inside : [low, high]
  return { name, at, ticks: values.map((value) => ({ at: at(value) ?? 0, text: formatParameter(value) })) }
}

/** The powers of ten between two of their exponents, about five at most. */
function powersIn(from: number, to: number): number[] {
  const first = Math.ceil(from - 1e-9)
  const count = Math.floor(to + 1e-9) - first + 1
  const every = Math.max(1, Math.ceil(count / 5))
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index)
    .filter((exponent) => (exponent - first) % every === 0)
    .map((exponent) => 10 ** exponent)
}

function choiceAxis(name: string, choices: readonly Value[]): Axis {
  const place = (index: number) => (choices.length < 2 ? 0.5 : index / (choices.length - 1))
  return {
    name,
    at: (value) => {
      const index = choices.indexOf(value as Value)
      return index === -1 ? null : place(index)
    },
    ticks: choices.map((choice, index) => ({ at: place(index), text: formatParameter(choice) })),
  }
}

/** An axis for each hyperparameter that the trials vary, the most important first. Pure. */
export function axesOf(
  parameters: DetectionView['hyperparameters'],
  trials: readonly TrialSummary[],
  importance: OutlookView['importance'],
): Axis[] {
  const shareOf = (name: string) => importance.find((one) => one.name === name)?.share ?? 0
  return parameters
    .filter(({ name }) => new Set(trials.map(({ values }) => values[name])).size > 1)
    .sort((a, b) => shareOf(b.name) - shareOf(a.name))
    .map(({ name, distribution }) => {
      if (distribution.type === 'categorical') {
        const seen = trials.flatMap(({ values }) => values[name] ?? [])
        return choiceAxis(name, [...new Set([...distribution.choices, ...seen])])
      }
      return numericAxis(name, distribution.low, distribution.high, distribution.log)
    })
}

/** What a trial came to, or where it is or was given up; null where it reported nothing. */
const reached = ({ metric, number }: TrialSummary, curves: readonly CurveView[]) =>
  metric ?? lastOf(number, curves)?.value ?? null

/** The axis of the metric, from under the smallest to over the greatest value and the target. Pure. */
export function metricAxis(run: RunView, curves: readonly CurveView[]): Axis {
  const values = run.trials.flatMap((trial) => reached(trial, curves) ?? []).filter(Number.isFinite)
  const ticks = ticksOf([run.target, ...values])
  const axis = numericAxis(run.metric, ticks[0] as number, ticks.at(-1) as number, false)
  return { ...axis, ticks: ticks.map((value) => ({ at: axis.at(value) ?? 0, text: formatNumber(value) })) }
}

/** The trials that have a value, without those that repeat another with a different seed. Pure. */
export function pointsIn(run: RunView, curves: readonly CurveView[], axes: readonly Axis[], metric: Axis) {
  return run.trials.flatMap((trial): PointOfSpace[] => {
    const value = reached(trial, curves)
    const at = metric.at(value)
    if (trial.repeats !== null || value === null || at === null) return []
    const values = axes.map(
      ({ name }) => `${name} ${name in trial.values ? formatParameter(trial.values[name]) : '–'}`,
    )
    return [
      {
        ...{ trial: trial.number, state: trial.state, metric: at },
        places: axes.map((axis) => axis.at(trial.values[axis.name])),
        title: `trial ${trial.number}: ${[`${run.metric} ${formatNumber(value)}`, ...values].join(', ')}`,
      },
    ]
  })
}

/** A part of an axis, from low to high, 0 .. 1. */
export type Brush = readonly [number, number]
export type Brushes = Readonly<Record<string, Brush>>

/** Whether a point lies in all the brushed parts; the metric's axis is the last. Pure. */
export function isIn(point: PointOfSpace, axes: readonly Axis[], brushes: Brushes): boolean {
  return axes.every(({ name }, index) => {
    const brush = brushes[name]
    if (!brush) return true
    const place = index === axes.length - 1 ? point.metric : point.places[index]
    return place !== null && place !== undefined && place >= brush[0] - 1e-9 && place <= brush[1] + 1e-9
  })
}

const STEP = 0.1
const LEAST = 0.02

/**
 * What a key makes of the brush of an axis: up cuts off the low values, down the high ones, with shift the other way;
 * Escape and Delete take it away. Pure.
 * @returns null for none, undefined for a key that does nothing
 */
export function brushByKey(key: string, shift: boolean, brush: Brush = [0, 1]): Brush | null | undefined {
  const [low, high] = brush
  if (key === 'Escape' || key === 'Delete') return null
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined
  const moved: Brush =
    key === 'ArrowUp'
      ? shift
        ? [low, Math.min(1, high + STEP)]
        : [Math.min(high - LEAST, low + STEP), high]
      : shift
        ? [Math.max(0, low - STEP), high]
        : [low, Math.max(low + LEAST, high - STEP)]
  return moved[0] <= 0 && moved[1] >= 1 ? null : moved
}
