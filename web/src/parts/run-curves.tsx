import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { RunView } from '../../../src/http/contract.ts'
import { colourOf } from '../colours.ts'
import { formatNumber } from '../format.ts'
import { ticksOf } from '../points.ts'
import { bestSoFar } from '../run-compare.ts'
import { AXIS, CHART_HEIGHT, TOOLTIP } from './chart.tsx'

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
    <figure className="chart" aria-label={`Best ${metric} so far, of ${runs.length} runs`}>
      <p className="chart-title">best {metric} so far, by trials</p>
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <LineChart data={rows} margin={{ top: 10, right: 20, bottom: 4, left: 0 }}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis {...AXIS} dataKey="trials" type="number" domain={[1, 'dataMax']} allowDecimals={false} />
          <YAxis
            {...AXIS}
            ticks={ticks}
            domain={[ticks[0] as number, ticks.at(-1) as number]}
            tickFormatter={formatNumber}
            width={52}
            axisLine={false}
          />
          <Tooltip
            {...TOOLTIP}
            labelFormatter={(trials) => `after ${trials} trials`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
          />
          {targets.map((target) => (
            <ReferenceLine key={target} y={target} stroke="var(--ok)" strokeDasharray="5 4" />
          ))}
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
        </LineChart>
      </ResponsiveContainer>
      <ul className="run-legend">
        {runs.map((run) => (
          <li key={run.id}>
            <span className="swatch" style={{ background: colourOf(placeOf(run)) }} />
            {nameOf(run)}
          </li>
        ))}
      </ul>
    </figure>
  )
}
