import { escapeHtml } from '../render/escape.ts'
import { show } from './input.ts'
import { labelPlace, pointsAlong } from './label.ts'

export interface Spot {
  x: number
  y: number
}

/** One chart, as it is drawn. */
export interface Plot {
  title: string
  /** What runs from left to right. */
  across: string
  xTicks: readonly number[]
  yTicks: readonly number[]
  /** From left to right. */
  x: readonly [number, number]
  target: number
  /** Joined by a line; `stairs`: a value holds until the next. */
  line: readonly Spot[]
  stairs: boolean
  /** What the line is, for the legend. */
  lineName: string
  trials: readonly Spot[]
  /** Trainings of the same values with another seed. */
  seeds: readonly Spot[]
  /** Too far below or above to be shown: marked at the edge. */
  outside: readonly Spot[]
  /** Drawn larger, with its value. */
  best: Spot | null
}

/** Of the drawing; a reader with a narrow window sees it smaller, and its letters too. */
export const PICTURE = { width: 480, height: 280 } as const
const EDGE = { left: 50, right: 18, top: 44, bottom: 66 }
/** Without a background, and of middle brightness: one picture is read on a white and on a dark page, where mails cannot tell which. */
const INK = { text: '#78818d', dim: '#78818d', line: '#7f7f7f' }
const FAINT = 0.3
const TRIAL = '#4a86e0'
const BEST = '#0f938a'
const TARGET = '#3f9350'
const LETTER = 6.4
/** What the drawing is higher by where a line of the legend tells what lies outside. */
const SECOND_LINE = 20
const MOST_OUTSIDE = 3

type Attributes = Record<string, string | number>

const element = (name: string, attributes: Attributes, content = '') =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Number(value.toFixed(2)) : value}"`)
    .join('')}>${content}</${name}>`

const text = (x: number, y: number, what: string, attributes: Attributes = {}) =>
  element(
    'text',
    { x, y, fill: INK.dim, 'font-size': 12, 'font-family': 'Inter', ...attributes },
    escapeHtml(what),
  )

const dash = { stroke: TARGET, 'stroke-width': 1.8, 'stroke-dasharray': '5 4', fill: 'none' }
const dot = { r: 4, fill: TRIAL }
const ring = { r: 3.5, fill: 'none', stroke: TRIAL, 'stroke-width': 1.5 }

/** Where a value lies that the axis does not hold; null for one that it holds. Pure. */
export function sideOf({ y }: Spot, yTicks: readonly number[]): 'above' | 'below' | null {
  if (y < (yTicks[0] as number)) return 'below'
  return y > (yTicks.at(-1) as number) ? 'above' : null
}

/** A triangle that points out of the frame. */
const wedge = (x: number, y: number, isDown: boolean) =>
  `M${(x - 4).toFixed(2)} ${y.toFixed(2)}h8l-4 ${isDown ? 6 : -6}z`

/** A chart as SVG, for dark and light pages alike. Pure. */
export function drawPlot(plot: Plot): string {
  const { width, height } = PICTURE
  const whole = height + (plot.outside.length > 0 ? SECOND_LINE : 0)
  const [from, to] = plot.x
  const bottom = plot.yTicks[0] as number
  const top = plot.yTicks.at(-1) as number
  const within = (value: number) => Math.min(top, Math.max(bottom, value))
  const across = (x: number) => EDGE.left + ((x - from) / (to - from || 1)) * (width - EDGE.left - EDGE.right)
  const down = (y: number) =>
    height - EDGE.bottom - ((within(y) - bottom) / (top - bottom)) * (height - EDGE.top - EDGE.bottom)
  const at = ({ x, y }: Spot) => ({ cx: across(x), cy: down(y) })
  const corners = cornersOf(plot, across, down)
  const parts = [
    text(0, 20, plot.title, { fill: INK.text, 'font-size': 14, 'font-weight': 600 }),
    ...plot.yTicks.flatMap((y) => [
      element('path', {
        d: `M${EDGE.left} ${down(y).toFixed(2)}H${width - EDGE.right}`,
        stroke: INK.line,
        'stroke-opacity': FAINT,
      }),
      text(EDGE.left - 8, down(y) + 4, show(y), { 'text-anchor': 'end' }),
    ]),
    ...plot.xTicks.map((x) =>
      text(across(x), height - EDGE.bottom + 18, show(x), { 'text-anchor': 'middle' }),
    ),
    element('path', { d: `M${EDGE.left} ${down(plot.target).toFixed(2)}H${width - EDGE.right}`, ...dash }),
    element('path', {
      ...{ d: pathOf(corners), fill: 'none', stroke: BEST },
      ...{ 'stroke-width': 2.2, 'stroke-linejoin': 'round' },
    }),
    ...plot.trials.map((spot) => element('circle', { ...at(spot), ...dot })),
    ...plot.outside.map(({ x, y }) =>
      element('path', {
        d: wedge(across(x), down(y), y < bottom),
        fill: TRIAL,
      }),
    ),
    ...bestMark(plot, corners, across, down),
    ...plot.seeds.map((spot) => element('circle', { ...at(spot), ...ring })),
    ...legend(plot),
    ...outsideLegend(plot),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">${parts.join('')}</svg>`
}

type Place = (value: number) => number

/** The corners of the line, in the drawing, from the first value on that the axis holds: none is drawn as if its edge were a value. */
function cornersOf(plot: Plot, across: Place, down: Place): Spot[] {
  const {
    line,
    stairs,
    x: [, to],
  } = plot
  const first = line.findIndex((spot) => sideOf(spot, plot.yTicks) === null)
  const spots = (first < 0 ? [] : line.slice(first)).map(({ x, y }) => ({ x: across(x), y: down(y) }))
  if (!stairs) return spots
  const last = spots.at(-1)
  const steps = spots.flatMap((spot, index) => {
    const before = spots[index - 1]
    return before === undefined ? [spot] : [{ x: spot.x, y: before.y }, spot]
  })
  return last === undefined ? [] : [...steps, { x: across(to), y: last.y }]
}

const pathOf = (corners: readonly Spot[]) =>
  corners.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('')

/** The best value, written where it lies on no line and no other mark. */
function bestMark(plot: Plot, corners: readonly Spot[], across: Place, down: Place): string[] {
  if (plot.best === null) return []
  const { best } = plot
  const mark = { x: across(best.x), y: down(best.y) }
  const words = show(best.y)
  const right = PICTURE.width - EDGE.right
  const frame = { left: EDGE.left, right: PICTURE.width, top: 24, bottom: PICTURE.height - EDGE.bottom - 2 }
  const target = [EDGE.left, right].map((x) => ({ x, y: down(plot.target) }))
  const others = [...plot.trials, ...plot.seeds].map(({ x, y }) => ({ x: across(x), y: down(y) }))
  const points = [...pointsAlong(corners), ...pointsAlong(target), ...others]
  const { x, y, anchor } = labelPlace(mark, words.length * LETTER * 1.1, points, frame)
  return [
    element('circle', { cx: mark.x, cy: mark.y, r: 5.5, fill: BEST }),
    text(x, y, words, { fill: BEST, 'font-weight': 600, 'text-anchor': anchor }),
  ]
}

/** What the marks mean, on one line under the chart; what runs across stands above it. */
function legend(plot: Plot): string[] {
  const y = PICTURE.height - 10
  const round = (look: Attributes) => (x: number) => element('circle', { cx: x + 8, cy: y - 4, ...look })
  const straight = (look: Attributes) => (x: number) => element('path', { d: `M${x} ${y - 4}h15`, ...look })
  const entries = [
    { mark: round(dot), words: 'a trial', isThere: plot.trials.length > 0 },
    { mark: round(ring), words: 'another seed', isThere: plot.seeds.length > 0 },
    { mark: straight({ stroke: BEST, 'stroke-width': 2.2 }), words: plot.lineName, isThere: true },
    { mark: straight(dash), words: `target ${show(plot.target)}`, isThere: true },
  ].filter(({ isThere }) => isThere)
  let x = EDGE.left
  const drawn = entries.flatMap(({ mark, words }) => {
    const at = x
    x += 20 + words.length * LETTER + 12
    return [mark(at), text(at + 20, y, words)]
  })
  const middle = (EDGE.left + PICTURE.width - EDGE.right) / 2
  const label = text(middle, PICTURE.height - EDGE.bottom + 34, plot.across, { 'text-anchor': 'middle' })
  return [label, ...drawn]
}

/** What lies beyond the axis, with its values, on a second line of the legend. */
function outsideLegend({ outside, yTicks, across }: Plot): string[] {
  if (outside.length === 0) return []
  const sides = new Set(outside.map((spot) => sideOf(spot, yTicks)))
  const [side] = sides
  const y = PICTURE.height + SECOND_LINE - 10
  const named = outside.slice(0, MOST_OUTSIDE).map((spot) => `${show(spot.y)} (${across} ${spot.x})`)
  const more = outside.length > MOST_OUTSIDE ? [`${outside.length - MOST_OUTSIDE} more`] : []
  const words = `${sides.size === 1 ? side : 'beyond'} the axis: ${[...named, ...more].join(', ')}`
  const mark = wedge(EDGE.left + 8, side === 'below' ? y - 7 : y - 1, side === 'below')
  return [element('path', { d: mark, fill: TRIAL }), text(EDGE.left + 20, y, words)]
}
