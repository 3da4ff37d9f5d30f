import { type ReactNode, useEffect, useId, useRef } from 'react'
import {
  DefaultZIndexes,
  useActiveTooltipCoordinate,
  useActiveTooltipLabel,
  useIsTooltipActive,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  ZIndexLayer,
} from 'recharts'
import type { CurveView } from '../../../src/http/contract.ts'
import { highlight, useHighlighted } from '../highlight.ts'
import { levelOf, nearestCurve, type Point } from '../points.ts'

/** Over lines and dots. */
const ON_TOP = DefaultZIndexes.activeDot + 1

/** Tells the other parts which trial the pointer or the keys are at in a chart; nothing while they are not in it. */
function usePointing(trial: number | null) {
  const was = useRef<number | null>(null)
  useEffect(() => {
    if (trial !== was.current) highlight('trial', trial)
    was.current = trial
  }, [trial])
}

/** The trial of a chart by trial that is pointed at, here or elsewhere. Drawn by itself: the chart around it stays. */
export function PointHighlight({ points }: { points: readonly Point[] }) {
  const [isActive, label] = [useIsTooltipActive(), useActiveTooltipLabel()]
  usePointing(isActive && label !== undefined ? Number(label) : null)
  const trial = useHighlighted('trial')
  const [across, down] = [useXAxisScale(), useYAxisScale()]
  const point = points.find((one) => one.trial === trial)
  const value = point && levelOf(point)
  const x = point && across?.(point.trial)
  const y = value === undefined || value === null ? undefined : down?.(value)
  return (
    <OnTop>
      {x === undefined || y === undefined ? null : (
        <circle className="highlight" data-trial={trial} cx={x} cy={y} r={9} />
      )}
    </OnTop>
  )
}

/** A layer is there from the chart's beginning: one that goes and comes again may stay away. */
const OnTop = ({ children }: { children: ReactNode }) => (
  <ZIndexLayer zIndex={ON_TOP}>
    <g>{children}</g>
  </ZIndexLayer>
)

/** As near to a curve, in pixels, the pointer means it. */
const NEAR = 24

/** The curve that is pointed at, here or elsewhere, over all others and with its name. */
export function CurveHighlight({ curves }: { curves: readonly CurveView[] }) {
  const [isActive, label, at] = [useIsTooltipActive(), useActiveTooltipLabel(), useActiveTooltipCoordinate()]
  const [across, down] = [useXAxisScale(), useYAxisScale()]
  const [area, clip] = [usePlotArea(), useId()]
  const place = (value: number) => down?.(value) ?? Number.NaN
  usePointing(isActive && at ? nearestCurve(curves, Number(label), at.y, place, NEAR) : null)
  const trial = useHighlighted('trial')
  const curve = curves.find((one) => one.trial === trial)
  const spots = (curve?.points ?? []).flatMap(({ step, value }) => {
    const [x, y] = [across?.(step), down?.(value)]
    return x === undefined || y === undefined ? [] : [{ x, y }]
  })
  const last = spots.at(-1)
  return (
    <OnTop>
      {last === undefined ? null : (
        <g className="highlight" data-trial={trial}>
          <clipPath id={clip}>
            <rect {...area} />
          </clipPath>
          <polyline clipPath={`url(#${clip})`} points={spots.map(({ x, y }) => `${x},${y}`).join(' ')} />
          <text x={last.x - 4} y={last.y - 8} textAnchor="end">
            trial {trial}
          </text>
        </g>
      )}
    </OnTop>
  )
}
