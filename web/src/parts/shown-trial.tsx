import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { type Followed, useReady } from '../follow.ts'
import { nextWords } from '../selection.ts'
import { Trial } from './trial.tsx'
import './shown-trial.css'

interface Props {
  run: RunView
  trial: TrialSummary
  followed: Followed
  /** Whether the log is part of it. */
  log?: boolean
}

/** The trial that is shown, and a word when the run has gone on to another while it is read. */
export function ShownTrial({ run, trial, followed, log = false }: Props) {
  const { next, follow, card } = followed
  const ready = useReady(run, trial)
  return (
    <>
      <div className="shown-trial" ref={card}>
        <Trial key={ready.id} run={run} trial={ready} log={log} />
      </div>
      {next === null ? null : (
        <p className="follow">
          <span role="status">{nextWords(run, next)}</span>
          <button type="button" onClick={follow}>
            Show trial {next}
          </button>
        </p>
      )}
    </>
  )
}
