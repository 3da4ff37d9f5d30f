import type { RunSummary } from '../../../src/http/contract.ts'
import { Link, useParams } from '../router.tsx'
import { compareAddress, MOST_RUNS, runsOf } from '../run-compare.ts'

type Run = Pick<RunSummary, 'id' | 'number' | 'project'>

/** The runs that are ticked, in the order of the ticks; they stand in the address, so that they stay on other pages of the list. */
export function useTicks() {
  const [params, setParams] = useParams()
  const ticked = runsOf(params.get('compare'))
  const set = (ids: readonly number[]) => setParams({ compare: ids.length === 0 ? null : ids.join(',') })
  const toggle = (id: number) =>
    set(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id])
  return { ticked, toggle, clear: () => set([]) }
}

type Ticks = ReturnType<typeof useTicks>

/** The box that takes a run into a comparison. */
export function RunTick({ run, ticks: { ticked, toggle } }: { run: Run; ticks: Ticks }) {
  const isTicked = ticked.includes(run.id)
  const isFull = !isTicked && ticked.length >= MOST_RUNS
  return (
    <input
      type="checkbox"
      aria-label={`Compare ${run.project} #${run.number}`}
      title={isFull ? `No more than ${MOST_RUNS} can be compared.` : undefined}
      checked={isTicked}
      disabled={isFull}
      onChange={() => toggle(run.id)}
    />
  )
}

const WORDS = ['Tick two or more runs to compare them.', 'Tick one more run to compare.']

/** What can be done with the ticked runs. It is there before the first tick, too: the list must not move under the pointer. */
export function CompareBar({ ticks: { ticked, clear } }: { ticks: Ticks }) {
  return (
    <div className="toolbar compare-bar">
      <span className="dim" role="status">
        {WORDS[ticked.length] ?? null}
      </span>
      {ticked.length < 2 ? null : (
        <Link className="button" to={compareAddress(ticked)}>
          Compare {ticked.length} runs
        </Link>
      )}
      {ticked.length === 0 ? null : (
        <button type="button" onClick={clear}>
          Untick all
        </button>
      )}
    </div>
  )
}
