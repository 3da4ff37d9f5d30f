import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { Card, Empty, ErrorBox, isMissing, Loading, Missing } from '../parts/basics.tsx'
import { type Column, RunCompareTable } from '../parts/run-compare-table.tsx'
import { RunSources } from '../parts/run-sources.tsx'
import { runOptions } from '../queries.ts'
import { Link } from '../router.tsx'
import { useTitle } from '../title.ts'

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
          <RunCompareTable columns={columns} runs={runs} nameOf={nameOf} />
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
