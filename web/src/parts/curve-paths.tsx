import { memo, useMemo } from 'react'
import type { CurveView } from '../../../src/http/contract.ts'
import { Cut, type Place, usePlaces } from './plot.tsx'

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
  const places = usePlaces()
  const lines = useMemo(() => (places === null ? [] : linesOf(curves, places)), [curves, places])
  return (
    <g fill="none" cursor="pointer" {...look}>
      <Cut>
        {curves.map(({ trial }, index) => (
          <CurvePath key={trial} trial={trial} line={lines[index]} onSelect={onSelect} />
        ))}
      </Cut>
    </g>
  )
}

/** The epochs are the same for all: each is placed once. */
function linesOf(curves: readonly CurveView[], { x, y }: { x: Place; y: Place }): string[] {
  const columns = new Map<number, string>()
  const column = (step: number) => {
    const text = columns.get(step) ?? `${x(step)},`
    columns.set(step, text)
    return text
  }
  return curves.map(({ points }) => `M${points.map(({ step, value }) => column(step) + y(value)).join('L')}`)
}

interface PathProps {
  trial: number
  line: string | undefined
  onSelect: (trial: number) => void
}

const CurvePath = memo(function CurvePath({ trial, line, onSelect }: PathProps) {
  // biome-ignore lint/a11y/noStaticElementInteractions: the table of the trials leads to each by keyboard
  return <path data-trial={trial} d={line} onClick={() => onSelect(trial)} />
})
