import { memo, useId } from 'react'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import type { CurveView } from '../../../src/http/contract.ts'

export interface CurveLook {
  stroke: string
  strokeWidth: number
  strokeOpacity: number
}

interface Props {
  curves: readonly CurveView[]
  look: CurveLook
  onSelect: (trial: number) => void
}

/** Curves of a chart that are only looked at together: a path each, which a browser draws by the hundred. */
export function CurvePaths({ curves, look, onSelect }: Props) {
  const x = useXAxisScale()
  const y = useYAxisScale()
  const area = usePlotArea()
  const clip = useId()
  if (!x || !y || !area) return null
  const at = (scale: typeof x, value: number) => (scale(value) ?? 0).toFixed(1)
  return (
    <g fill="none" clipPath={`url(#${clip})`} {...look}>
      <clipPath id={clip}>
        <rect {...area} />
      </clipPath>
      {curves.map(({ trial, points }) => (
        <CurvePath
          key={trial}
          trial={trial}
          line={`M${points.map(({ step, value }) => `${at(x, step)},${at(y, value)}`).join('L')}`}
          onSelect={onSelect}
        />
      ))}
    </g>
  )
}

interface PathProps {
  trial: number
  line: string
  onSelect: (trial: number) => void
}

const CurvePath = memo(function CurvePath({ trial, line, onSelect }: PathProps) {
  // biome-ignore lint/a11y/noStaticElementInteractions: the table of the trials leads to each by keyboard
  return <path data-trial={trial} d={line} cursor="pointer" onClick={() => onSelect(trial)} />
})
