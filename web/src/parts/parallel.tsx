import { type PointerEvent, useState } from 'react'
import { useParameter } from '../highlight.ts'
import { type Axis, type Brush, type Brushes, brushByKey, type PointOfSpace } from '../space.ts'
import { kindOf, type Shown } from './slice.tsx'
import { Highlighted, pointingInside } from './space-highlight.tsx'

const HEIGHT = 300
const EDGE = { side: 70, top: 34, bottom: 16 }
/** Between two axes, in pixels of the drawing, which is about as wide as the page. */
const gapOf = (axes: number) =>
  matchMedia('(max-width: 720px)').matches ? 120 : Math.min(300, Math.max(120, 900 / (axes - 1)))
/** Of a letter of an axis' name. */
const LETTER = 7.5
const length = HEIGHT - EDGE.top - EDGE.bottom
const down = (place: number) => HEIGHT - EDGE.bottom - place * length

interface Props extends Shown {
  /** The metric's is the last. */
  axes: readonly Axis[]
  brushes: Brushes
  onBrush: (axis: string, part: Brush | null) => void
  maximize: boolean
}

/** What is drawn later lies on top. */
const ORDER = ['outside', 'pruned', 'running', 'trial', 'best', 'selected']

/** Each trial as a line through its values to what it came to. Parts of the axes can be picked with pointer and keys. */
export function Parallel({ axes, brushes, onBrush, maximize, ...shown }: Props) {
  const gap = gapOf(axes.length)
  const width = 2 * EDGE.side + (axes.length - 1) * gap
  const across = (index: number) => EDGE.side + index * gap
  const drawn = shown.points
    .map((point) => ({ point, kind: kindOf(shown, point) }))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
  const pathOf = ({ places, metric }: PointOfSpace) =>
    [...places, metric]
      .flatMap((place, index) => (place === null ? [] : `${across(index)},${down(place)}`))
      .join(' ')
  return (
    <figure className="scroll" aria-label={`${shown.points.length} trials through ${axes.length} axes`}>
      <svg
        className="parallel"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        style={{ minWidth: width * 0.95, maxWidth: width * 1.1 }}
        {...pointingInside}
      >
        <title>Trials by their values</title>
        {drawn.map(({ point, kind }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a convenience; the table of trials has links
          <polyline
            key={point.trial}
            className="path"
            data-kind={kind}
            data-trial={point.trial}
            points={pathOf(point)}
            style={{
              strokeOpacity:
                kind === 'trial' ? 0.7 + 0.3 * (maximize ? point.metric : 1 - point.metric) : undefined,
            }}
            onClick={() => shown.onSelect(point.trial)}
          >
            <title>{point.title}</title>
          </polyline>
        ))}
        <Highlighted
          draw={(trial) => {
            const point = shown.points.find((one) => one.trial === trial)
            return point === undefined ? null : (
              <g className="highlight" data-trial={trial}>
                <polyline points={pathOf(point)} />
              </g>
            )
          }}
        />
        {axes.map((axis, index) => (
          <AxisLine
            key={axis.name}
            axis={axis}
            x={across(index)}
            letters={Math.floor(gap / LETTER)}
            brush={brushes[axis.name]}
            onBrush={(part) => onBrush(axis.name, part)}
          />
        ))}
      </svg>
    </figure>
  )
}

interface AxisProps {
  axis: Axis
  x: number
  /** Of its name that have room. */
  letters: number
  brush: Brush | undefined
  onBrush: (part: Brush | null) => void
}

/** Less than this is a click, which takes the brush away. */
const LEAST = 0.02

/** Where on the axis a pointer is, 0 .. 1. */
function placeOf({ currentTarget, clientY }: PointerEvent<SVGGElement>): number {
  const box = (currentTarget.querySelector('.hold') as SVGRectElement).getBoundingClientRect()
  return Math.min(1, Math.max(0, 1 - (clientY - box.top) / box.height))
}

const HINT = 'arrow up cuts off low values, arrow down high ones, Escape shows all'

function AxisLine({ axis, x, letters, brush, onBrush }: AxisProps) {
  const [start, setStart] = useState<number | null>(null)
  const parameter = useParameter(axis.name)
  const part = brush
    ? `${Math.round(brush[0] * 100)} to ${Math.round(brush[1] * 100)} % of the axis`
    : 'all values'
  return (
    <g
      {...parameter}
      className="axis-line"
      role="slider"
      tabIndex={0}
      aria-label={`${axis.name}: ${HINT}`}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((brush?.[1] ?? 1) * 100)}
      aria-valuetext={part}
      onKeyDown={(event) => {
        const next = brushByKey(event.key, event.shiftKey, brush)
        if (next === undefined) return
        event.preventDefault()
        onBrush(next)
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setStart(placeOf(event))
      }}
      onPointerMove={(event) => {
        if (start === null) return
        const now = placeOf(event)
        onBrush(Math.abs(now - start) < LEAST ? null : [Math.min(now, start), Math.max(now, start)])
      }}
      onPointerUp={(event) => {
        if (start !== null && Math.abs(placeOf(event) - start) < LEAST) onBrush(null)
        setStart(null)
      }}
      onPointerCancel={() => setStart(null)}
    >
      <rect className="hold" x={x - 14} y={EDGE.top} width={28} height={length} />
      <line x1={x} x2={x} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
      {brush ? (
        <rect
          className="brush"
          x={x - 7}
          width={14}
          y={down(brush[1])}
          height={(brush[1] - brush[0]) * length}
          rx={4}
        />
      ) : null}
      <text className="name" x={x} y={16} textAnchor="middle">
        {axis.name.length > letters ? `${axis.name.slice(0, letters - 1)}…` : axis.name}
        <title>{axis.name}</title>
      </text>
      {axis.ticks.map(({ at, text }) => (
        <text key={text} x={x + 9} y={down(at) + 3.5}>
          {text.length > 10 ? `${text.slice(0, 9)}…` : text}
        </text>
      ))}
    </g>
  )
}
