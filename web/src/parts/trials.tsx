import { useEffect, useRef } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { restartsOf, trainedMs } from '../attempts.ts'
import { columnsOf } from '../columns.ts'
import { formatDuration, formatNumber, formatParameter, plural } from '../format.ts'
import { originWords } from '../origin.ts'
import { lastOf } from '../points.ts'
import { wordOf } from '../stages.ts'
import { Elapsed, State } from './basics.tsx'
import { TrialLink } from './trial-link.tsx'

type Values = TrialSummary['values']

export const isChanged = (values: Values, first: Values | undefined, name: string) =>
  first !== undefined && name in values && values[name] !== first[name]

interface Props {
  run: RunView
  curves: readonly CurveView[]
  selected: number | null
  onSelect: (trial: number) => void
}

/** Brings the selected row into the part of the table that is seen; the page itself stays where it is. */
function useInView(selected: number | null) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const scroll = box.current
    const row = scroll?.querySelector<HTMLElement>(`tr[data-trial="${selected}"]`)
    if (!scroll || !row) return
    const head = scroll.querySelector('thead')?.clientHeight ?? 0
    const above = row.offsetTop - head - scroll.scrollTop
    const below = row.offsetTop + row.clientHeight - scroll.clientHeight - scroll.scrollTop
    if (above < 0) scroll.scrollTop += above
    else if (below > 0) scroll.scrollTop += below
  }, [selected])
  return box
}

export function TrialTable({ run, curves, selected, onSelect }: Props) {
  const { columns, left } = columnsOf(run.trials, run.outlook?.importance ?? [])
  const first = run.trials.find(({ number }) => number === 0)?.values
  const box = useInView(selected)
  return (
    <>
      <div className="scroll tall" ref={box}>
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
                data-trial={trial.number}
                data-repeat={trial.repeats !== null}
                data-selected={trial.number === selected}
                onClick={() => onSelect(trial.number)}
              >
                <td>
                  <TrialLink
                    number={trial.number}
                    aria-current={trial.number === selected}
                    className="strong"
                  >
                    {trial.number}
                  </TrialLink>{' '}
                  {trial.number === run.bestTrial ? <span className="tag">best</span> : null}
                  <div className="dim small" title={trial.origin}>
                    {originWords(trial)}
                  </div>
                </td>
                <StateCell run={run} trial={trial} />
                <MetricCell trial={trial} curves={curves} />
                {columns.map((name) => (
                  <td className="num" key={name} data-changed={isChanged(trial.values, first, name)}>
                    {name in trial.values ? formatParameter(trial.values[name]) : '–'}
                  </td>
                ))}
                <td>
                  <AttemptMarks run={run} trial={trial} />
                </td>
                <td className="num dim">
                  <TrainingTime trial={trial} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left === 0 ? null : (
        <p className="dim small left">
          {plural(left, 'more hyperparameter')} that {left === 1 ? 'matters' : 'matter'} less: in each trial’s
          own values.
        </p>
      )}
    </>
  )
}

/** The state, and under it, as far as there is room, why it was given up or failed. */
function StateCell({ run, trial }: { run: RunView; trial: TrialSummary }) {
  const word = wordOf(trial.state, run.state)
  const why =
    trial.pruning ?? trial.failure?.message ?? (word === 'stopped' ? 'the run had ended' : undefined)
  return (
    <td title={why}>
      <State of={word} plain />
      {why === undefined ? null : <div className="dim small clip why">{why}</div>}
    </td>
  )
}

function TrainingTime({ trial }: { trial: TrialSummary }) {
  const trained = trainedMs(trial.attempts)
  return trained === null ? (
    <Elapsed from={trial.startedAt} to={trial.endedAt} />
  ) : (
    <span title="training, without the time that it was given up">{formatDuration(trained)}</span>
  )
}

/** What the trial came to, or, in paler letters, where it is or was given up. */
function MetricCell({ trial, curves }: { trial: TrialSummary; curves: readonly CurveView[] }) {
  if (trial.state === 'completed' && trial.metric !== null) {
    return <td className="num strong">{formatNumber(trial.metric)}</td>
  }
  const last = lastOf(trial.number, curves)
  const value = trial.metric ?? last?.value ?? null
  return (
    <td className="num dim" title={last === null ? undefined : `after epoch ${last.step}`}>
      {value === null ? '–' : formatNumber(value)}
    </td>
  )
}

/** One mark an attempt. */
function AttemptMarks({ run, trial }: { run: RunView; trial: TrialSummary }) {
  const restarts = restartsOf(trial.attempts)
  return (
    <span className="marks">
      {trial.attempts.map((attempt) => (
        <span
          key={attempt.id}
          data-state={attempt.state}
          title={`attempt ${attempt.number}: ${attempt.failure?.message ?? wordOf(attempt.state, run.state)}`}
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
