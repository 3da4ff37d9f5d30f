import { lazy, Suspense, useMemo } from 'react'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { pointsOf } from '../points.ts'

const MetricChart = lazy(() => import('./chart.tsx'))
const CurveChart = lazy(() => import('./curves.tsx'))

interface Props {
  run: RunView
  curves: CurveView[]
  selected: number | null
  onSelect: (trial: number) => void
}

/** The metric by trial and by epoch, each where there is something to show. */
export function Charts({ run, curves, selected, onSelect }: Props) {
  const { trials, direction } = run
  const points = useMemo(() => pointsOf(trials, direction, curves), [trials, direction, curves])
  const lines = useMemo(() => curves.filter(({ points }) => points.length > 1), [curves])
  if (points.length === 0 && lines.length === 0) return null
  return (
    <div className="columns charts">
      {points.length === 0 ? null : (
        <Suspense fallback={<div className="chart" />}>
          <MetricChart run={run} points={points} onSelect={onSelect} />
        </Suspense>
      )}
      {lines.length === 0 ? null : (
        <Suspense fallback={<div className="chart" />}>
          <CurveChart run={run} curves={lines} selected={selected} onSelect={onSelect} />
        </Suspense>
      )}
    </div>
  )
}
