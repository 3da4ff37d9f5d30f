import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { useNow } from '../clock.ts'
import { colourOf } from '../colours.ts'
import { branchOf, firstLine, formatParameter, shortSha } from '../format.ts'
import { Card, Empty, ErrorBox, isMissing, Loading, Missing, RunState } from '../parts/basics.tsx'
import { RunSources } from '../parts/run-sources.tsx'
import { runOptions } from '../queries.ts'
import { Link } from '../router.tsx'
import { outcomeRows, valueRows } from '../run-compare.ts'
import { useTitle } from '../title.ts'
import '../parts/run-compare.css'

const RunCurves = lazy(() => import('../parts/run-curves.tsx'))

/** Several runs side by side: what they came to, the values of their best trials, their searches, their sources. */
export default function ComparePage({ ids }: { ids: readonly number[] }) {
  const queries = useQueries({ queries: ids.map(runOptions) })
  const names = queries.flatMap(({ data }) => (data === undefined ? [] : `${data.project} #${data.number}`))
  useTitle(names.length < 2 ? 'Compare runs' : `Compare ${names.join(', ')}`)
  if (ids.length < 2) return <TooFew />
  const runs = queries.flatMap(({ data }) => data ?? [])
  const columns = ids.flatMap((id, index): Column[] => {
    const { data, isError } = queries[index] as RunQuery
    return data === undefined && isError ? [] : [{ id, run: data }]
  })
  const isPending = queries.some((query) => query.isPending)
  return (
    <>
      {runs.length > 1 || isPending ? (
        <div className="page-head">
          <h1>Compare runs</h1>
        </div>
      ) : null}
      {ids.map((id, index) => (
        <Failed key={id} id={id} query={queries[index] as RunQuery} />
      ))}
      {runs.length < 2 && !isPending ? <TooFew /> : <Compared columns={columns} />}
    </>
  )
}

const TooFew = () => (
  <Card title="Compare runs" isPage>
    <Empty>
      Tick two or more runs in a list of runs. <Link to="/">All projects</Link>
    </Empty>
  </Card>
)

type RunQuery = UseQueryResult<RunView, Error>

/** A run of the address, in its place also while it is loaded. */
interface Column {
  id: number
  run: RunView | undefined
}

/** Why a run of the address is not among the compared ones; nothing where it is. */
function Failed({ id, query: { data, error, refetch } }: { id: number; query: RunQuery }) {
  if (data !== undefined || error === null) return null
  if (isMissing(error)) return <Missing text={`The run ${id} does not exist.`} />
  return <ErrorBox error={error} retry={() => void refetch()} />
}

function Compared({ columns }: { columns: readonly Column[] }) {
  const runs = columns.flatMap(({ run }) => run ?? [])
  const isWhole = runs.length === columns.length
  const several = new Set(runs.map(({ project }) => project)).size > 1
  const nameOf = (run: RunView) => `${several ? `${run.project} ` : ''}#${run.number}`
  return (
    <>
      <Card title="What they came to">
        <div className="scroll">
          <table className="run-compare">
            <Heads columns={columns} nameOf={nameOf} />
            <Rows columns={columns} runs={runs} />
          </table>
        </div>
        {new Set(runs.map((run) => run.metric)).size < 2 ? null : (
          <p className="dim small">
            They aim at different metrics: {runs.map((run) => `${nameOf(run)} at ${run.metric}`).join(', ')}.
          </p>
        )}
      </Card>
      {isWhole ? <Searches runs={runs} nameOf={nameOf} /> : <Loading />}
      {isWhole ? (
        <Card title="What differs between the sources">
          {several ? (
            <Empty>Only runs of one project have sources that can be compared.</Empty>
          ) : (
            <RunSources runs={runs} />
          )}
        </Card>
      ) : null}
    </>
  )
}

interface SearchesProps {
  runs: readonly RunView[]
  nameOf: (run: RunView) => string
}

function Searches({ runs, nameOf }: SearchesProps) {
  const alike = runs.filter(
    ({ metric, direction }) => metric === runs[0]?.metric && direction === runs[0]?.direction,
  )
  return (
    <Card title="The searches">
      {alike.every(({ best }) => best === null) ? (
        <Empty>No trial has a value yet.</Empty>
      ) : (
        <Suspense fallback={<Loading />}>
          <RunCurves runs={alike} placeOf={(run) => runs.indexOf(run)} nameOf={nameOf} />
        </Suspense>
      )}
    </Card>
  )
}

interface HeadsProps {
  columns: readonly Column[]
  nameOf: (run: RunView) => string
}

function Heads({ columns, nameOf }: HeadsProps) {
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

interface RowsProps {
  columns: readonly Column[]
  /** Those of the columns that are there. */
  runs: readonly RunView[]
}

function Rows({ columns, runs }: RowsProps) {
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
