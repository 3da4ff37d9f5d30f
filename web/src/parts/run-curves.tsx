import { Line } from 'recharts'
import type { RunView } from '../../../src/http/contract.ts'
import { colourOf } from '../colours.ts'
import { ticksOf } from '../points.ts'
import { bestSoFar } from '../run-compare.ts'
import { ChartFrame } from './chart-frame.tsx'

interface Props {
  runs: readonly RunView[]
  /** Place of each run in the comparison, which its colour comes from. */
  placeOf: (run: RunView) => number
  nameOf: (run: RunView) => string
}

/** The best so far of several runs by the number of trials, with their targets. */
export default function RunCurves({ runs, placeOf, nameOf }: Props) {
  const rows = bestSoFar(runs)
  const metric = runs[0]?.metric ?? ''
  const targets = [...new Set(runs.map(({ target }) => target))]
  const values = rows.flatMap(({ trials: _, ...row }) => Object.values(row))
  const ticks = ticksOf([...targets, ...values])
  return (
    <ChartFrame
      title={`best ${metric} so far, by trials`}
      label={`Best ${metric} so far, of ${runs.length} runs`}
      rows={rows}
      across={{ key: 'trials', words: (at) => `after ${at} trials`, domain: [1, 'dataMax'] }}
      ticks={ticks}
      targets={targets}
      legend={[]}
      foot={
        <ul className="run-legend">
          {runs.map((run) => (
            <li key={run.id}>
              <span className="swatch" style={{ background: colourOf(placeOf(run)) }} />
              {nameOf(run)}
            </li>
          ))}
        </ul>
      }
    >
      {runs.map((run) => (
        <Line
          key={run.id}
          dataKey={`r${run.id}`}
          name={nameOf(run)}
          type="stepAfter"
          stroke={colourOf(placeOf(run))}
          strokeWidth={2}
          connectNulls
          dot={{ r: 2.5, fill: colourOf(placeOf(run)) }}
          isAnimationActive={false}
        />
      ))}
    </ChartFrame>
  )
}
