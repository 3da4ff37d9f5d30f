import { type ReactNode, useId, useMemo } from 'react'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'

/** Where a value of an axis lies, in pixels; a tenth of one is exact enough. */
export type Place = (value: number) => number

/**
 * The places of a chart's two axes, which are linear; null before it is laid out. They stay the same ones while places
 * do, which the chart's own scales do not.
 */
export function usePlaces(): { x: Place; y: Place } | null {
  const [across, down] = [useXAxisScale(), useYAxisScale()]
  const [left, right] = [across?.(0), across?.(1)]
  const [zero, one] = [down?.(0), down?.(1)]
  return useMemo(() => {
    if (left === undefined || right === undefined || zero === undefined || one === undefined) return null
    const linear =
      (start: number, step: number): Place =>
      (value) =>
        Math.round((start + step * value) * 10) / 10
    return { x: linear(left, right - left), y: linear(zero, one - zero) }
  }, [left, right, zero, one])
}

/** Cuts off what lies beyond the axes. */
export function Cut({ children }: { children: ReactNode }) {
  const [area, id] = [usePlotArea(), useId()]
  return (
    <g clipPath={`url(#${id})`}>
      <clipPath id={id}>
        <rect {...area} />
      </clipPath>
      {children}
    </g>
  )
}
