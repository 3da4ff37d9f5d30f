import { useState } from 'react'
import type { MetricView } from '../../../src/http/contract.ts'
import { type EpochRow, keysOf, type MetricTable, placeOf, tableOf } from '../epochs.ts'
import { columnFormat } from '../format.ts'
import { Empty } from './basics.tsx'

/** With more rows than this, the rest is shown on demand. */
const SHOWN = 12

/** What a trial has reported: single values first, then one row an epoch, each with where it was read. */
export function Metrics({ metrics, isOver }: { metrics: readonly MetricView[]; isOver: boolean }) {
  if (metrics.length === 0) return <Empty>{isOver ? 'None reported.' : 'None reported yet.'}</Empty>
  const table = tableOf(metrics)
  return (
    <>
      {table.single.length === 0 ? null : <Singles metrics={table.single} />}
      {table.epochs.length === 0 ? null : <Epochs {...table} />}
    </>
  )
}

/** Of the value that the trial counts with. */
const Decisive = () => (
  <span className="tag" title="The value that this trial counts with">
    counts
  </span>
)

/** The first rows of a list, and a button for all of them. */
function useFirst<T>(all: readonly T[]): [shown: readonly T[], button: React.ReactNode] {
  const [isAll, setAll] = useState(false)
  const button =
    all.length <= SHOWN ? null : (
      <button type="button" className="quiet" onClick={() => setAll(!isAll)}>
        {isAll ? 'Show fewer' : `Show all ${all.length}`}
      </button>
    )
  return [isAll ? all : all.slice(0, SHOWN), button]
}

function Singles({ metrics }: { metrics: readonly MetricView[] }) {
  const keys = keysOf(metrics)
  const [shown, button] = useFirst(metrics)
  const format = columnFormat(metrics.map(({ value }) => value))
  return (
    <>
      <div className="scroll">
        <table className="stacked">
          <thead>
            <tr>
              <th>Metric</th>
              <th className="num">Value</th>
              <th>Read from</th>
              <th>Evidence</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((metric, index) => (
              <tr key={keys[index]} data-decisive={metric.decisive}>
                <td>
                  {metric.name} <span className="dim small">{metric.split}</span>
                  {metric.decisive ? <Decisive /> : null}
                </td>
                <td className="num strong end">{format(metric.value)}</td>
                <td className="dim below">{placeOf(metric)}</td>
                <td className="wide evidence-line below">
                  <code>{metric.evidence}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {button}
    </>
  )
}

function Epochs({ columns, epochs }: MetricTable) {
  const [shown, button] = useFirst(epochs)
  const formats = columns.map((_, index) => columnFormat(epochs.map(({ metrics }) => metrics[index]?.value)))
  return (
    <>
      <div className="scroll">
        <table aria-label="Metrics by epoch">
          <thead>
            <tr>
              <th className="num">Epoch</th>
              {columns.map((name) => (
                <th className="num" key={name}>
                  {name}
                </th>
              ))}
              <th className="wide-only">Read from</th>
              <th>Evidence</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Epoch key={row.key} row={row} columns={columns} formats={formats} />
            ))}
          </tbody>
        </table>
      </div>
      {button}
    </>
  )
}

interface EpochProps {
  row: EpochRow
  columns: readonly string[]
  /** How the values of each column are written. */
  formats: readonly ((value: number) => string)[]
}

function Epoch({ row, columns, formats }: EpochProps) {
  return (
    <tr data-decisive={row.isDecisive}>
      <td className="num">{row.step}</td>
      {columns.map((name, index) => {
        const metric = row.metrics[index]
        return (
          <td className="num strong" key={name}>
            {metric ? formats[index]?.(metric.value) : '–'}
            {metric?.decisive ? <Decisive /> : null}
          </td>
        )
      })}
      <td className="dim wide-only">{[...new Set(row.evidence.map(({ place }) => place))].join(', ')}</td>
      <td className="wide evidence-line">
        {row.evidence.map(({ place, text }) => (
          <div key={`${place} ${text}`}>
            <code>{text}</code>
          </div>
        ))}
      </td>
    </tr>
  )
}
