import type { CurvePoint } from '../../domain/curve.ts'
import { count, type MailInput, type MailTrial, show } from './input.ts'
import { drawPlot, type Plot, type Spot, sideOf } from './plot.ts'
import { countsOf, ticksOf, withoutOutliers } from './scale.ts'

/** A mail's picture before it is one. */
export interface Chart {
  svg: string
  /** What it shows, for who does not see it. */
  alt: string
}

/** Beyond, not even the ticks of a scale are finite. */
const LARGEST = 1e100
const isValue = (value: number | null): value is number => value !== null && Math.abs(value) <= LARGEST

/** The bundled font has Latin letters only. */
const PRINTABLE = /^[\x20-\x7e]{1,40}$/
const nameOf = (metric: string) => (PRINTABLE.test(metric) ? metric : 'The metric')

/**
 * The metric by trial; of a run with one trial that has a value, the metric of its best trial by epoch. Pure.
 * @returns null where there is nothing to draw
 */
export function chartOf(input: MailInput): Chart | null {
  const own = input.trials.filter(({ repeats, metric }) => repeats === null && isValue(metric))
  return own.length >= 2 ? byTrial(input, own) : byEpoch(input)
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The best until each trial, each by the mean of its seeds. */
function bestSoFar(own: readonly MailTrial[], seeds: readonly Spot[], maximize: boolean): Spot[] {
  const better = maximize ? Math.max : Math.min
  const line: Spot[] = []
  for (const { number, metric } of own) {
    const others = seeds.filter(({ x }) => x === number).map(({ y }) => y)
    const level = meanOf([metric as number, ...others])
    line.push({ x: number, y: better(line.at(-1)?.y ?? level, level) })
  }
  return line
}

/** `6 trials`; `6 trials with a value` where others gave none. */
function ownInWords(own: readonly MailTrial[], trials: readonly MailTrial[]): string {
  const isWhole = trials.every(({ repeats, metric }) => repeats !== null || isValue(metric))
  return `${count(own.length, 'trial')}${isWhole ? '' : ' with a value'}`
}

function byTrial({ run, trials, best }: MailInput, own: readonly MailTrial[]): Chart {
  const { metric, target, direction } = run.settings
  const maximize = direction === 'maximize'
  const seeds = trials.flatMap(({ repeats, metric: y }) =>
    repeats !== null && isValue(y) ? [{ x: repeats, y }] : [],
  )
  const spots = own.map(({ number, metric: y }) => ({ x: number, y: y as number }))
  const line = bestSoFar(own, seeds, maximize)
  const inside = withoutOutliers(
    [...spots, ...seeds].map(({ y }) => y),
    target,
    maximize,
  )
  const yTicks = ticksOf([target, ...inside])
  const isOut = (spot: Spot) => sideOf(spot, yTicks) !== null
  const bestSpot = best !== null && isValue(best.metric) ? { x: best.number, y: best.metric } : null
  const last = Math.max(...trials.filter(({ repeats }) => repeats === null).map(({ number }) => number))
  const plot: Plot = {
    ...{ title: `${nameOf(metric)} by trial`, across: 'trial' },
    ...{ xTicks: countsOf(0, last), yTicks, x: [0, last], target },
    ...{ line, stairs: true, lineName: 'best so far' },
    trials: spots.filter((spot) => !isOut(spot)),
    seeds: seeds.filter((spot) => !isOut(spot)),
    outside: [...spots, ...seeds].filter(isOut),
    best: bestSpot,
  }
  const first = spots[0] as Spot
  const ending = bestSpot === null ? '' : `, best ${show(bestSpot.y)} in trial ${bestSpot.x}`
  return {
    svg: drawPlot(plot),
    alt: `${metric} of ${ownInWords(own, trials)}: ${show(first.y)} in trial ${first.x}${ending}; target ${show(target)}.`,
  }
}

function byEpoch({ run, best, curve }: MailInput): Chart | null {
  const { metric, target, direction } = run.settings
  const points = curve.filter(({ value }) => isValue(value))
  const [first, last] = [points[0], points.at(-1)]
  if (best === null || first === undefined || last === undefined || points.length < 2) return null
  const inside = withoutOutliers(
    points.map(({ value }) => value),
    target,
    direction === 'maximize',
  )
  const spot = ({ step, value }: CurvePoint) => ({ x: step, y: value })
  const yTicks = ticksOf([target, ...inside])
  const line = points.map(spot)
  const plot: Plot = {
    ...{ title: `${nameOf(metric)} by epoch, trial ${best.number}`, across: 'epoch' },
    ...{ xTicks: countsOf(first.step, last.step), yTicks },
    ...{ x: [first.step, last.step], target, line, stairs: false },
    ...{ lineName: `trial ${best.number}`, trials: [], seeds: [], best: spot(last) },
    outside: line.filter((one) => sideOf(one, yTicks) !== null),
  }
  return {
    svg: drawPlot(plot),
    alt: `${metric} of trial ${best.number} by epoch: ${show(first.value)} after epoch ${first.step}, ${show(last.value)} after epoch ${last.step}; target ${show(target)}.`,
  }
}
