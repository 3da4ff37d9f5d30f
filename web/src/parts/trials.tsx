import { useEffect, useRef } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { columnFormat } from '../format.ts'
import { useParams } from '../router.tsx'
import { Head, ParameterColumn, ParameterHead } from './trial-heads.tsx'
import { Row } from './trial-row.tsx'

interface Props {
  run: RunView
  /** In the order of the rows. */
  trials: readonly TrialSummary[]
  columns: readonly string[]
  /** What each trial has reported last, by its number. */
  lasts: ReadonlyMap<number, CurveView['points'][number]>
  selected: number | null
  /** Numbers of the trials that are compared. */
  chosen: readonly number[]
}

/** Brings the selected row into the part of the table that is seen; the page itself stays where it is. */
function useInView(selected: number | null) {
  const box = useRef<HTMLElement>(null)
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

export function TrialTable({ run, trials, columns, lasts, selected, chosen }: Props) {
  const [params] = useParams()
  const sort = params.get('sort')
  const first = run.trials.find(({ number }) => number === 0)?.values
  const box = useInView(selected)
  const reached = ({ metric, number }: TrialSummary) => metric ?? lasts.get(number)?.value ?? null
  const format = columnFormat(run.trials.map(reached))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="scroll tall" ref={box} tabIndex={0} aria-label="All trials">
      <table className="trials">
        <colgroup>
          <col span={4} />
          {columns.map((name) => (
            <ParameterColumn key={name} name={name} />
          ))}
          <col span={2} />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="unseen">Compare</span>
            </th>
            <Head name="trial" sort={sort}>
              Trial
            </Head>
            <Head name="state" sort={sort}>
              State
            </Head>
            <Head name={run.metric} sort={sort} num>
              {run.metric}
            </Head>
            {columns.map((name) => (
              <ParameterHead key={name} name={name} sort={sort} />
            ))}
            <Head name="attempts" sort={sort}>
              Attempts
            </Head>
            <Head name="time" sort={sort} num>
              Time
            </Head>
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => {
            const value = reached(trial)
            return (
              <Row
                key={trial.id}
                trial={trial}
                runState={run.state}
                best={trial.number === run.bestTrial}
                first={first}
                columns={columns}
                value={value === null ? '–' : format(value)}
                step={trial.metric === null ? (lasts.get(trial.number)?.step ?? null) : null}
                selected={trial.number === selected}
                chosen={chosen.includes(trial.number)}
              />
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
