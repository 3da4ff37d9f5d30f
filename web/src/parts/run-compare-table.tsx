import type { ReactNode } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { useNow } from '../clock.ts'
import { colourOf } from '../colours.ts'
import { branchOf, firstLine, formatParameter, shortSha } from '../format.ts'
import { Link } from '../router.tsx'
import { outcomeRows, valueRows } from '../run-compare.ts'
import { RunState } from './basics.tsx'
import './run-compare.css'

/** A run of the address, in its place also while it is loaded. */
export interface Column {
  id: number
  run: RunView | undefined
}

interface Props {
  columns: readonly Column[]
  /** Those of the columns that are there. */
  runs: readonly RunView[]
  nameOf: (run: RunView) => string
}

/** What several runs came to, a column each. */
export const RunCompareTable = (props: Props) => (
  <table className="run-compare">
    <Heads {...props} />
    <Rows {...props} />
  </table>
)

function Heads({ columns, nameOf }: Props) {
  return (
    <thead>
      <tr>
        <th>
          <span className="unseen">What</span>
        </th>
        {columns.map(({ id, run }, index) => (
          <th key={id}>
            <span className="swatch" style={{ background: colourOf(index) }} />
            {run === undefined ? (
              'Loading…'
            ) : (
              <>
                <Link to={`/runs/${id}`}>{nameOf(run)}</Link>
                <div className="dim small" title={run.message ?? ''}>
                  <code>{shortSha(run.sha)}</code> {branchOf(run.ref)} {firstLine(run.message)}
                </div>
              </>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Rows({ columns, runs }: Props) {
  const { differing, same } = valueRows(runs)
  const values = [...differing, ...same]
  const isSame = (all: readonly unknown[]) => all.length > 1 && all.every((value) => value === all[0])
  /** One cell a column; empty while its run is loaded. */
  const cells = (draw: (run: RunView, index: number) => ReactNode, propsOf?: (index: number) => object) =>
    columns.map(({ id, run }) => {
      if (run === undefined) return <td key={id} />
      const index = runs.indexOf(run)
      return (
        <td key={id} {...propsOf?.(index)}>
          {draw(run, index)}
        </td>
      )
    })
  return (
    <tbody>
      <tr>
        <td>state</td>
        {cells((run) => (
          <RunState run={run} />
        ))}
      </tr>
      {outcomeRows(runs, useNow()).map((row) => (
        <tr key={row.name} className={isSame(row.values) ? 'dim' : undefined}>
          <td>{row.name}</td>
          {cells(
            (_, index) => row.values[index],
            () => ({ className: row.name === 'best' ? 'strong' : undefined }),
          )}
        </tr>
      ))}
      {values.length === 0 ? null : (
        <tr>
          <th colSpan={columns.length + 1} className="group">
            Values of the best trial
          </th>
        </tr>
      )}
      {values.map((row, at) => {
        const differs = at < differing.length
        return (
          <tr key={`value ${row.name}`} className={differs ? undefined : 'dim'}>
            <td>
              <code>{row.name}</code>
            </td>
            {cells(
              (_, index) => (row.values[index] === null ? '–' : formatParameter(row.values[index])),
              (index) => ({ 'data-changed': differs && row.values[index] !== row.values[0] }),
            )}
          </tr>
        )
      })}
    </tbody>
  )
}
