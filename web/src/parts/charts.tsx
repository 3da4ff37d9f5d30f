import { useMemo, useState } from 'react'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { closeUp, needCurves, pointsOf } from '../points.ts'
import { hasEnded } from '../stages.ts'
import { Empty } from './basics.tsx'
import { onDemand } from './on-demand.tsx'

const MetricChart = onDemand(() => import('./chart.tsx'), <div className="chart" />)
const CurveChart = onDemand(() => import('./curves.tsx'), <div className="chart" />)
/** Asks for what the charts are drawn with. */
export const loadCharts = () => Promise.all([MetricChart.load(), CurveChart.load()])

const NONE: CurveView[] = []

interface Props {
  run: RunView
  curves: CurveView[]
  selected: number | null
  onSelect: (trial: number) => void
}

/** The metric by trial and by epoch, each where there is something to show. */
export function Charts({ run, curves, selected, onSelect }: Props) {
  const { trials, direction, target } = run
  // The chart by trial is not drawn again for curves that it does not show.
  const ends = needCurves(trials) ? curves : NONE
  const points = useMemo(() => pointsOf(trials, direction, ends), [trials, direction, ends])
  const lines = useMemo(() => curves.filter(({ points }) => points.length > 1), [curves])
  const [isClose, setClose] = useState(false)
  const close = useMemo(
    () => closeUp(points, lines, { target, direction }),
    [points, lines, target, direction],
  )
  const shown = isClose ? close : null
  if (points.length === 0 && lines.length === 0) {
    return <Empty>{hasEnded(run.state) ? 'No training reported a value.' : 'No value yet.'}</Empty>
  }
  return (
    <>
      {close === null ? null : (
        <button type="button" className="zoom" aria-pressed={isClose} onClick={() => setClose(!isClose)}>
          {isClose ? 'Show all values' : 'Look closely at the best'}
        </button>
      )}
      <div className="columns charts">
        {points.length === 0 ? null : (
          <MetricChart run={run} points={points} close={shown} onSelect={onSelect} />
        )}
        {lines.length === 0 ? null : (
          <CurveChart run={run} curves={lines} close={shown} selected={selected} onSelect={onSelect} />
        )}
      </div>
    </>
  )
}
