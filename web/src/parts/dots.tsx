import { memo, type SVGAttributes } from 'react'
import { DefaultZIndexes, ZIndexLayer } from 'recharts'
import { Cut, type Place, usePlaces } from './plot.tsx'

/** A place by the values of both axes. */
export interface Spot {
  across: number
  value: number
}

interface Props {
  of: readonly Spot[]
  /** Whether values beyond the axes are cut off. */
  isCut: boolean
  look: Pick<SVGAttributes<SVGCircleElement>, 'r' | 'fill' | 'stroke' | 'strokeWidth'>
}

/** Dots over the lines of a chart, which a chart's own take many times as long for. */
export function Dots({ of, isCut, look }: Props) {
  const places = usePlaces()
  const circles = places === null ? null : <Circles of={of} {...places} look={look} />
  return <ZIndexLayer zIndex={DefaultZIndexes.scatter}>{isCut ? <Cut>{circles}</Cut> : circles}</ZIndexLayer>
}

const Circles = memo(function Circles({ of, look, x, y }: Omit<Props, 'isCut'> & { x: Place; y: Place }) {
  return (
    <g {...look}>
      {of.map(({ across, value }) => (
        <circle key={across} cx={x(across)} cy={y(value)} r={look.r} />
      ))}
    </g>
  )
})
