import { useState } from 'react'
import type { RunSummary } from '../../../src/http/contract.ts'
import { Link } from '../router.tsx'
import { compareAddress, MOST_RUNS } from '../run-compare.ts'

type Run = Pick<RunSummary, 'id' | 'number' | 'project'>

/** The runs of a list that are ticked, in the order of the ticks. */
export function useTicks(runs: readonly Run[]) {
  const [chosen, setTicked] = useState<readonly number[]>([])
  const ticked = chosen.filter((id) => runs.some((run) => run.id === id))
  const toggle = (id: number) =>
    setTicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id])
  return { ticked, toggle, clear: () => setTicked([]) }
}

type Ticks = ReturnType<typeof useTicks>

/** The box that takes a run into a comparison. */
export function RunTick({ run, ticks: { ticked, toggle } }: { run: Run; ticks: Ticks }) {
  const isTicked = ticked.includes(run.id)
  return (
    <input
      type="checkbox"
      aria-label={`Compare ${run.project} #${run.number}`}
      checked={isTicked}
      disabled={!isTicked && ticked.length >= MOST_RUNS}
      onChange={() => toggle(run.id)}
    />
  )
}

/** What can be done with the ticked runs; nothing while there are none. */
export function CompareBar({ ticks: { ticked, clear } }: { ticks: Ticks }) {
  if (ticked.length === 0) return null
  return (
    <div className="toolbar" role="status">
      {ticked.length === 1 ? (
        <span>Tick one more run to compare.</span>
      ) : (
        <Link className="button" to={compareAddress(ticked)}>
          Compare {ticked.length} runs
        </Link>
      )}
      <button type="button" onClick={clear}>
        Untick all
      </button>
    </div>
  )
}
