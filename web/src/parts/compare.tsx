import { useState } from 'react'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { colourOf } from '../colours.ts'
import { formatNumber, formatParameter } from '../format.ts'
import { pointingAt, useIsHighlighted, useParameter } from '../highlight.ts'
import { wordOf } from '../stages.ts'
import { type Compared, compared } from '../trial-rows.ts'
import { PatchOf } from './code-section.tsx'
import CompareChart from './compare-chart.tsx'
import { TrialLink } from './trial-link.tsx'

interface Props {
  run: RunView
  /** Two or more. */
  trials: readonly TrialSummary[]
  curves: readonly CurveView[]
}

const say = (value: Compared['values'][number]) => (value === null ? '–' : formatParameter(value))

/** Several trials: their values side by side, their curves over each other, and what differs between two sources. */
export default function Comparison({ run, trials, curves }: Props) {
  const { differing, same } = compared(trials)
  const own = curves.filter(
    ({ trial, points }) => points.length > 1 && trials.some((one) => one.number === trial),
  )
  return (
    <section className="comparison" aria-label="Comparison">
      <h3>Trials {trials.map(({ number }) => number).join(', ')} compared</h3>
      <div className="columns">
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>
                  <span className="unseen">Value</span>
                </th>
                {trials.map(({ id, number }, index) => (
                  <TrialHead key={id} number={number} index={index} />
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <td>{run.metric}</td>
                {trials.map(({ id, state, metric }) => (
                  <td className="num strong" key={id}>
                    {metric === null ? wordOf(state, run.state) : formatNumber(metric)}
                  </td>
                ))}
              </tr>
              {differing.map((row) => (
                <ValueRow key={row.name} row={row} trials={trials} differs />
              ))}
              {same.map((row) => (
                <ValueRow key={row.name} row={row} trials={trials} />
              ))}
            </tbody>
          </table>
        </div>
        {own.length === 0 ? null : <CompareChart run={run} trials={trials} curves={own} />}
      </div>
      <Sources run={run} trials={trials} />
    </section>
  )
}

function TrialHead({ number, index }: { number: number; index: number }) {
  const isHighlighted = useIsHighlighted('trial', number)
  return (
    <th className="num" data-highlight={isHighlighted} {...pointingAt('trial', number)}>
      <span className="swatch" style={{ background: colourOf(index) }} />
      <TrialLink number={number} />
    </th>
  )
}

function ValueRow({
  row,
  trials,
  differs = false,
}: {
  row: Compared
  trials: Props['trials']
  differs?: boolean
}) {
  const parameter = useParameter(row.name)
  return (
    <tr {...parameter} className={differs ? undefined : 'dim'}>
      <td className="wide">
        <code>{row.name}</code>
      </td>
      {trials.map(({ id }, index) => (
        <td className="num" key={id} data-changed={differs && row.values[index] !== row.values[0]}>
          {say(row.values[index] ?? null)}
        </td>
      ))}
    </tr>
  )
}

/** The patch between two of them. */
function Sources({ run, trials }: Pick<Props, 'run' | 'trials'>) {
  const [pair, setPair] = useState<{ from?: number; to?: number }>({})
  const from = trials.find(({ number }) => number === pair.from) ?? trials[0]
  const to = trials.find(({ number }) => number === pair.to) ?? trials.findLast((one) => one !== from)
  if (!from || !to) return null
  const select = (label: string, value: number, choose: (number: number) => void) => (
    <select aria-label={label} value={value} onChange={({ target }) => choose(Number(target.value))}>
      {trials.map(({ id, number }) => (
        <option key={id} value={number}>
          trial {number}
        </option>
      ))}
    </select>
  )
  return (
    <>
      <div className="toolbar sources">
        <h3>What differs between the sources</h3>
        {trials.length === 2 ? null : (
          <>
            {select('Source from', from.number, (number) => setPair({ ...pair, from: number }))}
            <span>to</span>
            {select('Source to', to.number, (number) => setPair({ ...pair, to: number }))}
          </>
        )}
      </div>
      <PatchOf run={run} from={from} to={to} split={false} />
    </>
  )
}
