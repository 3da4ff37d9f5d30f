import type { ReactNode } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { Link, useAddress, useParams } from '../router.tsx'
import { withParams } from '../sections.ts'
import { wordOf } from '../stages.ts'

interface LinkProps {
  number: number
  children?: ReactNode
  className?: string
  'aria-current'?: boolean
}

/** Shows another trial in the section that is open. */
export function TrialLink({ number, children, ...rest }: LinkProps) {
  const [path = '', query = ''] = useAddress().split('?')
  return (
    <Link to={path + withParams(query, { trial: number, attempt: null })} replace {...rest}>
      {children ?? `trial ${number}`}
    </Link>
  )
}

/** `trial 4, 0.9532, the best`. Pure. */
function nameOf(run: RunView, { number, state, metric }: RunView['trials'][number]): string {
  const value = state === 'completed' && metric !== null ? formatNumber(metric) : wordOf(state, run.state)
  return `trial ${number}, ${value}${number === run.bestTrial ? ', the best' : ''}`
}

interface PickerProps {
  run: RunView
  label: string
  selected: number | null
  /** The parameter of the query that says which. */
  param?: string
}

/** Chooses among all trials of a run. */
export function TrialPicker({ run, label, selected, param = 'trial' }: PickerProps) {
  const [, setParams] = useParams()
  return (
    <select
      aria-label={label}
      value={selected ?? ''}
      onChange={({ target }) => setParams({ [param]: target.value, attempt: null })}
    >
      {run.trials.map((trial) => (
        <option key={trial.id} value={trial.number}>
          {nameOf(run, trial)}
        </option>
      ))}
    </select>
  )
}
