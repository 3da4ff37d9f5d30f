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
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { colourOf } from '../colours.ts'
import { formatNumber } from '../format.ts'
import { rowsOf, ticksOf } from '../points.ts'
import { AXIS, CHART_HEIGHT, TOOLTIP } from './chart.tsx'

interface Props {
  run: RunView
  trials: readonly TrialSummary[]
  curves: readonly CurveView[]
}

/** The metric of several trials by epoch, each in the colour of its column. */
export default function CompareChart({ run, trials, curves }: Props) {
  const rows = rowsOf(curves)
  const ticks = ticksOf([run.target, ...curves.flatMap(({ points }) => points.map(({ value }) => value))])
  return (
    <figure className="chart" aria-label={`${run.metric} by epoch, of ${curves.length} trials`}>
      <p className="chart-title">{run.metric} by epoch</p>
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <LineChart data={rows} margin={{ top: 10, right: 20, bottom: 4, left: 0 }}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...AXIS}
            dataKey="step"
            type="number"
            domain={['dataMin', 'dataMax']}
            allowDecimals={false}
          />
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
            labelFormatter={(step) => `epoch ${step}`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
          />
          <ReferenceLine y={run.target} stroke="var(--ok)" strokeDasharray="5 4" />
          {trials.map(({ id, number }, index) => (
            <Line
              key={id}
              dataKey={`t${number}`}
              name={`trial ${number}`}
              type="linear"
              stroke={colourOf(index)}
              strokeWidth={2}
              connectNulls
              dot={false}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </figure>
  )
}
