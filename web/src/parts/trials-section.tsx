import { lazy, Suspense, useMemo, useState } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { columnsOf, sameNames } from '../columns.ts'
import { plural } from '../format.ts'
import { lastOfEach } from '../points.ts'
import { setParams, useParams } from '../router.tsx'
import { wordOf } from '../stages.ts'
import { chosenOf, columnsBy, filterOf, sorted } from '../trial-rows.ts'
import { Empty, Loading } from './basics.tsx'
import { TrialTable } from './trials.tsx'

const Comparison = lazy(() => import('./compare.tsx'))

interface Props {
  run: RunView
  curves: readonly CurveView[]
  selected: number | null
}

/** All trials, in the order and of the kind that the address names, and those that are compared. */
export function Trials({ run, curves, selected }: Props) {
  const [params] = useParams()
  const [sort, text, state] = [params.get('sort'), params.get('filter') ?? '', params.get('state') ?? '']
  const { columns: names, left } = useMemo(
    () => columnsOf(run.trials, run.outlook?.importance ?? []),
    [run.trials, run.outlook],
  )
  // Another list of the same names would have all rows drawn again.
  const [columns, setColumns] = useState<readonly string[]>(names)
  if (sameNames(columns, names) !== columns) setColumns(names)
  const lasts = useMemo(() => lastOfEach(curves), [curves])
  // The last filter that could be understood: it counts while another is being typed.
  const [good, setGood] = useState('')
  const shown = useMemo(() => {
    const names = [...new Set(run.trials.flatMap(({ values }) => Object.keys(values)))]
    const last = (trial: number) => lasts.get(trial)?.value ?? null
    const stateOf = (trial: TrialSummary) => wordOf(trial.state, run.state)
    const all = columnsBy(run.metric, names, last, Date.now(), stateOf)
    const filter = filterOf(text, good, all)
    const kept = run.trials.filter(
      (trial) => (state === '' || stateOf(trial) === state) && filter.test(trial),
    )
    return { ...filter, trials: sort === null ? kept : sorted(kept, all, sort) }
  }, [run.trials, run.state, run.metric, lasts, text, good, state, sort])
  if (shown.error === null && text !== good) setGood(text)
  const chosen = useMemo(() => chosenOf(params.get('compare'), run.trials), [params, run.trials])
  const { trials, error } = shown
  return (
    <>
      <Filters run={run} text={text} state={state} error={error} />
      <TrialTable
        run={run}
        trials={trials}
        columns={columns}
        lasts={lasts}
        selected={selected}
        chosen={chosen.map(({ number }) => number)}
      />
      {trials.length === 0 ? <Empty>No trial is like that.</Empty> : null}
      {left === 0 ? null : (
        <p className="dim small left">
          {plural(left, 'more hyperparameter')} that {left === 1 ? 'matters' : 'matter'} less: in each trial’s
          own values. The filter knows them too.
        </p>
      )}
      <p className="dim small left" role="status">
        {trials.length === run.trials.length ? '' : `${trials.length} of ${run.trials.length} trials. `}
        {chosen.length < 2 ? 'Tick two or more to compare them.' : `${chosen.length} are compared below. `}
        {chosen.length === 0 ? null : (
          <button type="button" className="quiet" onClick={() => setParams({ compare: null })}>
            Untick all
          </button>
        )}
      </p>
      {chosen.length < 2 ? null : (
        <Suspense fallback={<Loading />}>
          <Comparison run={run} trials={chosen} curves={curves} />
        </Suspense>
      )}
    </>
  )
}

interface FiltersProps {
  run: RunView
  text: string
  state: string
  error: string | null
}

function Filters({ run, text, state, error }: FiltersProps) {
  const states = [...new Set(run.trials.map((trial) => wordOf(trial.state, run.state)))].sort()
  const example = Object.keys(run.trials[0]?.values ?? {})[0]
  return (
    <div className="toolbar">
      <label className="grow">
        Filter
        <input
          type="search"
          value={text}
          placeholder={`${run.metric} > 0.9${example === undefined ? '' : `, ${example} < 0.01`}`}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : 'filter-error'}
          spellCheck={false}
          onChange={({ target }) => setParams({ filter: target.value === '' ? null : target.value })}
        />
      </label>
      <label>
        State
        <select
          value={state}
          onChange={({ target }) => setParams({ state: target.value === '' ? null : target.value })}
        >
          <option value="">all</option>
          {states.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {error === null ? null : (
        <p id="filter-error" className="bad small" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
