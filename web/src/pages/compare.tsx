import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
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
      {isPending ? (
        // Columns that come one by one would move those that are being read.
        <Loading />
      ) : runs.length < 2 ? (
        <TooFew />
      ) : (
        <Compared runs={runs} />
      )}
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

/** Why a run of the address is not among the compared ones; nothing where it is. */
function Failed({ id, query: { data, error, refetch } }: { id: number; query: RunQuery }) {
  if (data !== undefined || error === null) return null
  if (isMissing(error)) return <Missing text={`The run ${id} does not exist.`} />
  return <ErrorBox error={error} retry={() => void refetch()} />
}

function Compared({ runs }: { runs: readonly RunView[] }) {
  const several = new Set(runs.map(({ project }) => project)).size > 1
  const nameOf = (run: RunView) => `${several ? `${run.project} ` : ''}#${run.number}`
  const metric = runs[0]?.metric
  const alike = runs.filter((run) => run.metric === metric && run.direction === runs[0]?.direction)
  return (
    <>
      <Card title="What they came to">
        <div className="scroll">
          <table className="run-compare">
            <Heads runs={runs} nameOf={nameOf} />
            <Rows runs={runs} />
          </table>
        </div>
        {new Set(runs.map((run) => run.metric)).size === 1 ? null : (
          <p className="dim small">
            They aim at different metrics: {runs.map((run) => `${nameOf(run)} at ${run.metric}`).join(', ')}.
          </p>
        )}
      </Card>
      <Card title="The searches">
        {alike.every(({ best }) => best === null) ? (
          <Empty>No trial has a value yet.</Empty>
        ) : (
          <Suspense fallback={<Loading />}>
            <RunCurves runs={alike} placeOf={(run) => runs.indexOf(run)} nameOf={nameOf} />
          </Suspense>
        )}
      </Card>
      <Card title="What differs between the sources">
        {several ? (
          <Empty>Only runs of one project have sources that can be compared.</Empty>
        ) : (
          <RunSources runs={runs} />
        )}
      </Card>
    </>
  )
}

interface Compare {
  runs: readonly RunView[]
  nameOf: (run: RunView) => string
}

function Heads({ runs, nameOf }: Compare) {
  return (
    <thead>
      <tr>
        <th>
          <span className="unseen">What</span>
        </th>
        {runs.map((run, index) => (
          <th key={run.id}>
            <span className="swatch" style={{ background: colourOf(index) }} />
            <Link to={`/runs/${run.id}`}>{nameOf(run)}</Link>
            <div className="dim small" title={run.message ?? ''}>
              <code>{shortSha(run.sha)}</code> {branchOf(run.ref)} {firstLine(run.message)}
            </div>
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Rows({ runs }: Pick<Compare, 'runs'>) {
  const { differing, same } = valueRows(runs)
  const values = [...differing, ...same]
  return (
    <tbody>
      <tr>
        <td>state</td>
        {runs.map((run) => (
          <td key={run.id}>
            <RunState run={run} />
          </td>
        ))}
      </tr>
      {outcomeRows(runs, useNow()).map((row) => (
        <tr
          key={row.name}
          className={row.values.every((value) => value === row.values[0]) ? 'dim' : undefined}
        >
          <td>{row.name}</td>
          {runs.map(({ id }, index) => (
            <td key={id} className={row.name === 'best' ? 'strong' : undefined}>
              {row.values[index]}
            </td>
          ))}
        </tr>
      ))}
      {values.length === 0 ? null : (
        <tr>
          <th colSpan={runs.length + 1} className="group">
            Values of the best trial
          </th>
        </tr>
      )}
      {values.map((row, at) => (
        <tr key={`value ${row.name}`} className={at < differing.length ? undefined : 'dim'}>
          <td>
            <code>{row.name}</code>
          </td>
          {runs.map(({ id }, index) => (
            <td key={id} data-changed={at < differing.length && row.values[index] !== row.values[0]}>
              {row.values[index] === null ? '–' : formatParameter(row.values[index])}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}
