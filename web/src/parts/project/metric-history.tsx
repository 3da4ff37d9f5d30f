import { lazy, Suspense } from 'react'
import { useMetricHistory } from '../../project/queries.ts'
import { Card } from '../basics.tsx'

const HistoryChart = lazy(() => import('./history-chart.tsx'))
/** Of one point a chart says nothing that the list of runs does not. */
const LEAST = 2

/** The best metric of each run, where there are some to compare. */
export function MetricHistory({ project, branch }: { project: string; branch: string | null }) {
  const { data } = useMetricHistory(project, branch)
  if (data === undefined || data.points.length < LEAST) return null
  return (
    <Card title={`Best ${data.metric} over runs`}>
      <Suspense fallback={<div className="chart" />}>
        <HistoryChart history={data} />
      </Suspense>
      {data.others === 0 ? null : (
        <p className="dim small">
          {data.others === 1 ? 'One run has' : `${data.others} runs have`} another metric and{' '}
          {data.others === 1 ? 'is' : 'are'} left out.
        </p>
      )}
    </Card>
  )
}
