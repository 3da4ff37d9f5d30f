import { memo } from 'react'
import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { formatParameter } from '../format.ts'
import { pointingAt, useIsHighlighted } from '../highlight.ts'
import { originWords } from '../origin.ts'
import { setParams } from '../router.tsx'
import { AttemptMarks, StateCell, TrainingTime } from './trial-cells.tsx'
import { TrialLink } from './trial-link.tsx'

type Values = TrialSummary['values']

export const isChanged = (values: Values, first: Values | undefined, name: string) =>
  first !== undefined && name in values && values[name] !== first[name]

interface RowProps {
  trial: TrialSummary
  runState: RunView['state']
  best: boolean
  first: Values | undefined
  columns: readonly string[]
  /** What it came to, or where it is or was given up, as its column writes numbers. */
  value: string
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
export const Row = memo((props: RowProps) => {
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
        <td className="num strong">{value}</td>
      ) : (
        <td className="num dim" title={step === null ? undefined : `after epoch ${step}`}>
          {value}
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
      title={changed ? `${formatParameter(values[name])}, was ${formatParameter(first?.[name])}` : undefined}
    >
      {name in values ? formatParameter(values[name]) : '–'}
    </td>
  )
}
