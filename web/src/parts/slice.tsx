import { useParameter } from '../highlight.ts'
import type { Axis, PointOfSpace } from '../space.ts'
import { Highlighted, pointingInside } from './space-highlight.tsx'

export interface Shown {
  points: readonly PointOfSpace[]
  /** Numbers of the trials that are not faded. */
  inside: ReadonlySet<number>
  selected: number | null
  best: number | null
  onSelect: (trial: number) => void
}

/** How a trial is drawn: `data-kind` carries it for styles. */
export const kindOf = ({ inside, selected, best }: Shown, { trial, state }: PointOfSpace): string => {
  if (!inside.has(trial)) return 'outside'
  if (trial === selected) return 'selected'
  if (trial === best) return 'best'
  return state === 'completed' ? 'trial' : state === 'running' ? 'running' : 'pruned'
}

const [WIDTH, HEIGHT] = [300, 170]
const EDGE = { left: 44, right: 12, top: 8, bottom: 24 }
const across = (place: number) => EDGE.left + place * (WIDTH - EDGE.left - EDGE.right)
const down = (place: number) => HEIGHT - EDGE.bottom - place * (HEIGHT - EDGE.top - EDGE.bottom)

interface Props extends Shown {
  axis: Axis
  metric: Axis
  /** Of the axis among the places of a point. */
  index: number
}

/** What the trials came to by the value of one hyperparameter. */
export function Slice({ axis, metric, index, ...shown }: Props) {
  const parameter = useParameter(axis.name)
  return (
    <figure {...parameter} aria-label={`${metric.name} by ${axis.name}, of ${shown.points.length} trials`}>
      <figcaption>
        <code>{axis.name}</code>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" {...pointingInside}>
        {metric.ticks.map(({ at, text }) => (
          <g key={text}>
            <line className="grid" x1={EDGE.left} x2={WIDTH - EDGE.right} y1={down(at)} y2={down(at)} />
            <text x={EDGE.left - 6} y={down(at) + 3.5} textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        {axis.ticks.map(({ at, text }) => (
          <text
            key={text}
            x={across(at)}
            y={HEIGHT - 6}
            textAnchor={at > 0.9 ? 'end' : at < 0.1 ? 'start' : 'middle'}
          >
            {text}
          </text>
        ))}
        {shown.points.map((point) => {
          const place = point.places[index]
          return place === null || place === undefined ? null : (
            // biome-ignore lint/a11y/noStaticElementInteractions: a convenience; the table of trials has links
            <circle
              key={point.trial}
              className="point"
              data-kind={kindOf(shown, point)}
              data-trial={point.trial}
              cx={across(place)}
              cy={down(point.metric)}
              r={point.trial === shown.selected || point.trial === shown.best ? 5 : 3.8}
              onClick={() => shown.onSelect(point.trial)}
            >
              <title>{point.title}</title>
            </circle>
          )
        })}
        <Highlighted
          draw={(trial) => {
            const point = shown.points.find((one) => one.trial === trial)
            const place = point?.places[index] ?? null
            return point === undefined || place === null ? null : (
              <circle
                className="highlight"
                data-trial={trial}
                cx={across(place)}
                cy={down(point.metric)}
                r={8}
              />
            )
          }}
        />
      </svg>
    </figure>
  )
}
