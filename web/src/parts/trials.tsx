import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { formatNumber, formatParameter } from '../format.ts'
import { Link } from '../router.tsx'
import { Elapsed, State } from './basics.tsx'

/** With more hyperparameters than this, the table shows only those that vary. */
const MAX_COLUMNS = 6

type Values = TrialSummary['values']

/** The hyperparameters that the table has a column for. Pure. */
export function columnsOf(trials: readonly TrialSummary[]): string[] {
  const names = [...new Set(trials.flatMap(({ values }) => Object.keys(values)))]
  if (names.length <= MAX_COLUMNS) return names
  const first = trials[0]?.values ?? {}
  return names.filter((name) => trials.some(({ values }) => name in values && values[name] !== first[name]))
}

export const isChanged = (values: Values, first: Values | undefined, name: string) =>
  first !== undefined && name in values && values[name] !== first[name]

interface Props {
  run: RunView
  selected: number | null
  onSelect: (trial: number) => void
}

export function TrialTable({ run, selected, onSelect }: Props) {
  const columns = columnsOf(run.trials)
  const first = run.trials.find(({ number }) => number === 0)?.values
  return (
    <div className="scroll">
      <table className="trials">
        <thead>
          <tr>
            <th>Trial</th>
            <th>State</th>
            <th className="num">{run.metric}</th>
            {columns.map((name) => (
              <th className="num" key={name}>
                <code>{name}</code>
              </th>
            ))}
            <th>Attempts</th>
            <th className="num">Time</th>
          </tr>
        </thead>
        <tbody>
          {run.trials.map((trial) => (
            // The link in the row is what the keyboard reaches; a click anywhere in the row is a convenience.
            <tr
              key={trial.id}
              data-selected={trial.number === selected}
              onClick={() => onSelect(trial.number)}
            >
              <td>
                <Link
                  to={`/runs/${run.id}?trial=${trial.number}`}
                  replace
                  aria-current={trial.number === selected}
                  className="strong"
                >
                  {trial.number}
                </Link>
                {trial.number === run.bestTrial ? <span className="tag">best</span> : null}
              </td>
              <td>
                <State of={trial.state} plain />
              </td>
              <td className="num strong">{trial.metric === null ? '–' : formatNumber(trial.metric)}</td>
              {columns.map((name) => (
                <td className="num" key={name} data-changed={isChanged(trial.values, first, name)}>
                  {name in trial.values ? formatParameter(trial.values[name]) : '–'}
                </td>
              ))}
              <td>
                <AttemptMarks trial={trial} />
              </td>
              <td className="num dim">
                <Elapsed from={trial.startedAt} to={trial.endedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One mark an attempt; every one after the first is a restart. */
function AttemptMarks({ trial }: { trial: TrialSummary }) {
  const restarts = trial.attempts.length - 1
  return (
    <span className="marks">
      {trial.attempts.map((attempt) => (
        <span
          key={attempt.id}
          data-state={attempt.state}
          title={`attempt ${attempt.number}: ${attempt.failure?.message ?? attempt.state}`}
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
