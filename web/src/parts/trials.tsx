import { memo, type ReactNode, useEffect, useRef } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { restartsOf, trainedMs } from '../attempts.ts'
import { formatDuration, formatNumber, formatParameter } from '../format.ts'
import { pointingAt, useIsHighlighted, useParameter } from '../highlight.ts'
import { originWords } from '../origin.ts'
import { setParams, useParams } from '../router.tsx'
import { wordOf } from '../stages.ts'
import { ariaSort, nextSort } from '../trial-rows.ts'
import { Elapsed, State } from './basics.tsx'
import { TrialLink } from './trial-link.tsx'

type Values = TrialSummary['values']

export const isChanged = (values: Values, first: Values | undefined, name: string) =>
  first !== undefined && name in values && values[name] !== first[name]

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

/** A column's head, which sorts by it. */
function Head({ name, sort, num = false, about, children }: HeadProps) {
  return (
    <th {...about} className={num ? 'num' : undefined} aria-sort={ariaSort(name, sort)}>
      <button type="button" className="sort" onClick={() => setParams({ sort: nextSort(name, sort) })}>
        {children}
      </button>
    </th>
  )
}

interface HeadProps {
  name: string
  sort: string | null
  num?: boolean
  about?: object
  children: ReactNode
}

function ParameterHead({ name, sort }: Pick<HeadProps, 'name' | 'sort'>) {
  return (
    <Head name={name} sort={sort} num about={useParameter(name)}>
      <code>{name}</code>
    </Head>
  )
}

/** Marks all cells of a hyperparameter at once: none of them is drawn again. */
const ParameterColumn = ({ name }: { name: string }) => (
  <col data-highlight={useIsHighlighted('parameter', name)} />
)

export function TrialTable({ run, trials, columns, lasts, selected, chosen }: Props) {
  const [params] = useParams()
  const sort = params.get('sort')
  const first = run.trials.find(({ number }) => number === 0)?.values
  const box = useInView(selected)
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
            const last = trial.metric === null ? lasts.get(trial.number) : null
            return (
              <Row
                key={trial.id}
                trial={trial}
                runState={run.state}
                best={trial.number === run.bestTrial}
                first={first}
                columns={columns}
                value={trial.metric ?? last?.value ?? null}
                step={last?.step ?? null}
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

interface RowProps {
  trial: TrialSummary
  runState: RunView['state']
  best: boolean
  first: Values | undefined
  columns: readonly string[]
  /** What it came to, or where it is or was given up. */
  value: number | null
  /** The epoch of that value, where it did not complete. */
  step: number | null
  selected: boolean
  chosen: boolean
}

const open = (trial: number) => setParams({ trial, attempt: null })

/** Puts a trial among the compared ones, or takes it out. */
function toggle(number: number, isIn: boolean) {
  const list = (new URLSearchParams(location.search).get('compare') ?? '').split(',').filter(Boolean)
  const others = list.filter((one) => one !== String(number))
  const next = isIn ? [...others, number] : others
  setParams({ compare: next.length === 0 ? null : next.join(',') })
}

/** Drawn again only when something of it has changed: there may be hundreds. */
const Row = memo((props: RowProps) => {
  const { trial, runState, best, first, columns, value, step, selected, chosen } = props
  const isHighlighted = useIsHighlighted('trial', trial.number)
  return (
    // The link in the row is what the keyboard reaches; a click anywhere in the row is a convenience.
    <tr
      data-trial={trial.number}
      data-repeat={trial.repeats !== null}
      data-selected={selected}
      data-highlight={isHighlighted}
      {...pointingAt('trial', trial.number)}
      onClick={({ target, ctrlKey, metaKey, shiftKey }) => {
        // With one of these keys the link opens elsewhere.
        if (!(target instanceof HTMLInputElement || ctrlKey || metaKey || shiftKey)) open(trial.number)
      }}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Compare trial ${trial.number}`}
          checked={chosen}
          onChange={({ target }) => toggle(trial.number, target.checked)}
        />
      </td>
      <td>
        <TrialLink number={trial.number} aria-current={selected} className="strong">
          {trial.number}
        </TrialLink>{' '}
        {best ? <span className="tag">best</span> : null}
        <div className="dim small" title={trial.origin}>
          {originWords(trial)}
        </div>
      </td>
      <StateCell runState={runState} trial={trial} />
      {trial.state === 'completed' && trial.metric !== null ? (
        <td className="num strong">{formatNumber(trial.metric)}</td>
      ) : (
        <td className="num dim" title={step === null ? undefined : `after epoch ${step}`}>
          {value === null ? '–' : formatNumber(value)}
        </td>
      )}
      {columns.map((name) => (
        <ValueCell key={name} name={name} values={trial.values} first={first} />
      ))}
      <td>
        <AttemptMarks runState={runState} trial={trial} />
      </td>
      <td className="num dim">
        <TrainingTime trial={trial} />
      </td>
    </tr>
  )
})

function ValueCell({ name, values, first }: { name: string; values: Values; first: Values | undefined }) {
  const changed = isChanged(values, first, name)
  return (
    <td
      className="num"
      data-changed={changed}
      title={changed ? `${String(values[name])}, was ${String(first?.[name])}` : undefined}
    >
      {name in values ? formatParameter(values[name]) : '–'}
    </td>
  )
}

/** The state, and under it, as far as there is room, why it was given up or failed. */
function StateCell({ runState, trial }: { runState: RunView['state']; trial: TrialSummary }) {
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

function TrainingTime({ trial }: { trial: TrialSummary }) {
  const trained = trainedMs(trial.attempts)
  return trained === null ? (
    <Elapsed from={trial.startedAt} to={trial.endedAt} />
  ) : (
    <span title="training, without the time that it was given up">{formatDuration(trained)}</span>
  )
}

/** One mark an attempt. */
function AttemptMarks({ runState, trial }: { runState: RunView['state']; trial: TrialSummary }) {
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
