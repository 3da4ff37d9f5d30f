import { escapeHtml } from '../render/clean.ts'
import { show } from './input.ts'

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
const EDGE = { left: 50, right: 18, top: 44, bottom: 62 }
const INK = { text: '#18202c', dim: '#5b6677', line: '#e3e7ec', edge: '#d5dbe3', page: '#ffffff' }
const TRIAL = '#1c64d8'
const BEST = '#0b6f69'
const TARGET = '#18794a'
const LETTER = 6.4

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
const dot = { r: 4, fill: TRIAL, stroke: INK.page, 'stroke-width': 1.2 }
const ring = { r: 3, fill: INK.page, stroke: TRIAL, 'stroke-width': 1.5 }

/** A chart as SVG, with a background of its own for dark and light pages alike. Pure. */
export function drawPlot(plot: Plot): string {
  const { width, height } = PICTURE
  const [from, to] = plot.x
  const bottom = plot.yTicks[0] as number
  const top = plot.yTicks.at(-1) as number
  const within = (value: number) => Math.min(top, Math.max(bottom, value))
  const across = (x: number) => EDGE.left + ((x - from) / (to - from || 1)) * (width - EDGE.left - EDGE.right)
  const down = (y: number) =>
    height - EDGE.bottom - ((within(y) - bottom) / (top - bottom)) * (height - EDGE.top - EDGE.bottom)
  const at = ({ x, y }: Spot) => ({ cx: across(x), cy: down(y) })
  const parts = [
    element('rect', {
      ...{ x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10 },
      ...{ fill: INK.page, stroke: INK.edge },
    }),
    text(16, 25, plot.title, { fill: INK.text, 'font-size': 14, 'font-weight': 600 }),
    ...plot.yTicks.flatMap((y) => [
      element('path', { d: `M${EDGE.left} ${down(y).toFixed(2)}H${width - EDGE.right}`, stroke: INK.line }),
      text(EDGE.left - 8, down(y) + 4, show(y), { 'text-anchor': 'end' }),
    ]),
    ...plot.xTicks.map((x) =>
      text(across(x), height - EDGE.bottom + 18, show(x), { 'text-anchor': 'middle' }),
    ),
    element('path', { d: `M${EDGE.left} ${down(plot.target).toFixed(2)}H${width - EDGE.right}`, ...dash }),
    element('path', {
      ...{ d: pathOf(plot, across, down), fill: 'none', stroke: BEST },
      ...{ 'stroke-width': 2.2, 'stroke-linejoin': 'round' },
    }),
    ...plot.trials.map((spot) => element('circle', { ...at(spot), ...dot })),
    ...plot.outside.map(({ x, y }) =>
      element('path', {
        d: `M${(across(x) - 4).toFixed(2)} ${down(y).toFixed(2)}h8l-4 ${y < bottom ? 6 : -6}z`,
        fill: TRIAL,
      }),
    ),
    ...bestMark(plot.best, across, down),
    ...plot.seeds.map((spot) => element('circle', { ...at(spot), ...ring })),
    ...legend(plot),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`
}

type Place = (value: number) => number

function pathOf({ line, stairs, x: [, to] }: Plot, across: Place, down: Place): string {
  const steps = line.map(({ x, y }, index) =>
    index === 0
      ? `M${across(x).toFixed(2)} ${down(y).toFixed(2)}`
      : stairs
        ? `H${across(x).toFixed(2)}V${down(y).toFixed(2)}`
        : `L${across(x).toFixed(2)} ${down(y).toFixed(2)}`,
  )
  return `${steps.join('')}${stairs && line.length > 0 ? `H${across(to).toFixed(2)}` : ''}`
}

function bestMark(best: Spot | null, across: Place, down: Place): string[] {
  if (best === null) return []
  const [x, y] = [across(best.x), down(best.y)]
  const isRight = x > PICTURE.width - 90
  // Below where the upper edge is near.
  const beside = y < EDGE.top + 14 ? 18 : -10
  return [
    element('circle', { cx: x, cy: y, r: 5.5, fill: BEST, stroke: INK.page, 'stroke-width': 1.5 }),
    text(x, y + beside, show(best.y), {
      ...{ fill: BEST, 'font-weight': 600, 'text-anchor': isRight ? 'end' : 'middle' },
      // A rim, so that it can be read over a line.
      ...{ stroke: INK.page, 'stroke-width': 3, 'paint-order': 'stroke' },
    }),
  ]
}

/** What the marks mean, on one line under the chart; what runs across stands above it. */
function legend(plot: Plot): string[] {
  const y = PICTURE.height - 16
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
  const label = text(PICTURE.width - EDGE.right, PICTURE.height - EDGE.bottom + 34, plot.across, {
    'text-anchor': 'end',
  })
  return [label, ...drawn]
}
