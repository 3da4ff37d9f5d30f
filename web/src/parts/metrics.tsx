import { useState } from 'react'
import type { MetricView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { Empty } from './basics.tsx'

/** With more metrics than this, the rest is shown on demand. */
const SHOWN = 12

const keyOf = (metric: MetricView) =>
  `${metric.attemptId} ${metric.source} ${metric.line} ${metric.name} ${metric.split} ${metric.step}`

/** The decisive one first, then the latest. Pure. */
export function inOrder(metrics: readonly MetricView[]): MetricView[] {
  return [
    ...metrics.filter(({ decisive }) => decisive),
    ...metrics.filter(({ decisive }) => !decisive).reverse(),
  ]
}

export function Metrics({ metrics }: { metrics: readonly MetricView[] }) {
  const [all, setAll] = useState(false)
  if (metrics.length === 0) return <Empty>None reported yet.</Empty>
  const ordered = inOrder(metrics)
  const shown = all ? ordered : ordered.slice(0, SHOWN)
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>Metric</th>
              <th className="num">Value</th>
              <th className="num">Step</th>
              <th>Read from</th>
              <th>Evidence</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((metric) => (
              <tr key={keyOf(metric)} data-decisive={metric.decisive}>
                <td>
                  {metric.name} <span className="dim small">{metric.split}</span>
                  {metric.decisive ? <span className="tag">decisive</span> : null}
                </td>
                <td className="num strong">{formatNumber(metric.value)}</td>
                <td className="num dim">{metric.step ?? '–'}</td>
                <td className="dim">
                  {metric.source}
                  {metric.line === null ? '' : `:${metric.line}`}
                </td>
                <td className="wide evidence-line">
                  <code>{metric.evidence}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {ordered.length > SHOWN ? (
        <button type="button" className="quiet" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${ordered.length}`}
        </button>
      ) : null}
    </>
  )
}
