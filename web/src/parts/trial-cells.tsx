import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { restartsOf, trainedMs } from '../attempts.ts'
import { formatDuration } from '../format.ts'
import { wordOf } from '../stages.ts'
import { Elapsed, State } from './basics.tsx'

/** The state, and under it, as far as there is room, why it was given up or failed. */
export function StateCell({ runState, trial }: { runState: RunView['state']; trial: TrialSummary }) {
  const word = wordOf(trial.state, runState)
  const why =
    trial.pruning ?? trial.failure?.message ?? (word === 'stopped' ? 'the run had ended' : undefined)
  return (
    <td title={why}>
      <State of={word} plain />
      {why === undefined ? null : <div className="dim small clip why">{why}</div>}
    </td>
  )
}

export function TrainingTime({ trial }: { trial: TrialSummary }) {
  const trained = trainedMs(trial.attempts)
  return trained === null ? (
    <Elapsed from={trial.startedAt} to={trial.endedAt} />
  ) : (
    <span title="training, without the time that it was given up">{formatDuration(trained)}</span>
  )
}

/** One mark an attempt. */
export function AttemptMarks({ runState, trial }: { runState: RunView['state']; trial: TrialSummary }) {
  const restarts = restartsOf(trial.attempts)
  return (
    <span className="marks">
      {trial.attempts.map((attempt) => (
        <span
          key={attempt.id}
          data-state={attempt.state}
          title={`attempt ${attempt.number}: ${attempt.failure?.message ?? wordOf(attempt.state, runState)}`}
        />
      ))}
      {restarts > 0 ? (
        <span className="small dim">
          {restarts} restart{restarts === 1 ? '' : 's'}
        </span>
      ) : null}
    </span>
  )
}
