import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { RunView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { type Point, ticksOf } from '../points.ts'

interface Props {
  run: RunView
  points: Point[]
  onSelect: (trial: number) => void
}

export default function MetricChart({ run, points, onSelect }: Props) {
  const last = Math.max(...points.map(({ trial }) => trial), 1)
  const ticks = ticksOf(points, run.target)
  return (
    <figure
      className="chart"
      aria-label={`${run.metric} by trial: best ${run.best === null ? 'none' : formatNumber(run.best)}, target ${formatNumber(run.target)}`}
    >
      <ResponsiveContainer width="100%" height={230}>
        <ComposedChart
          data={points}
          margin={{ top: 16, right: 20, bottom: 4, left: 0 }}
          onClick={({ activeLabel }) => activeLabel !== undefined && onSelect(Number(activeLabel))}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="trial"
            type="number"
            domain={[0, last]}
            allowDecimals={false}
            tickCount={Math.min(last + 1, 9)}
            stroke="var(--dim)"
            fontSize={12}
            tickLine={false}
          />
          <YAxis
            ticks={ticks}
            domain={[ticks[0] as number, ticks.at(-1) as number]}
            tickFormatter={formatNumber}
            stroke="var(--dim)"
            fontSize={12}
            width={52}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(trial) => `trial ${trial}`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
            contentStyle={{ background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8 }}
            itemStyle={{ color: 'var(--text)' }}
          />
          <ReferenceLine
            y={run.target}
            stroke="var(--ok)"
            strokeDasharray="5 4"
            label={{
              value: `target ${formatNumber(run.target)}`,
              position: 'insideBottomLeft',
              fill: 'var(--ok)',
              fontSize: 12,
            }}
          />
          <Line
            dataKey="best"
            name="best so far"
            type="stepAfter"
            stroke="var(--accent)"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="value"
            name={run.metric}
            stroke="var(--dim)"
            strokeOpacity={0.45}
            dot={{ r: 4, fill: 'var(--run)', stroke: 'var(--surface)', strokeWidth: 1.5, strokeOpacity: 1 }}
            activeDot={{ r: 6, fill: 'var(--run)', cursor: 'pointer' }}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  )
}
