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
import { type Point, ticksOf, valuesOf } from '../points.ts'
import { Legend } from './legend.tsx'

export const CHART_HEIGHT = 230
export const AXIS = { stroke: 'var(--dim)', fontSize: 12, tickLine: false } as const
export const TOOLTIP = {
  isAnimationActive: false,
  contentStyle: { background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8 },
  itemStyle: { color: 'var(--text)' },
} as const

interface Props {
  run: RunView
  /** All that has to be seen; null: every value. */
  close: readonly number[] | null
  points: Point[]
  onSelect: (trial: number) => void
}

/** What each trial came to, the best so far, and the target. */
export default function MetricChart({ run, points, close, onSelect }: Props) {
  const last = Math.max(...points.map(({ trial }) => trial), 1)
  const ticks = ticksOf(close ?? [run.target, ...valuesOf(points)])
  const seeds = Math.max(...points.map((point) => point.seeds.length))
  const isPruned = points.some(({ pruned }) => pruned !== null)
  return (
    <figure
      className="chart"
      aria-label={`${run.metric} by trial: best ${run.best === null ? 'none' : formatNumber(run.best)}, target ${formatNumber(run.target)}`}
    >
      <p className="chart-title">{run.metric} by trial</p>
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <ComposedChart
          data={points}
          margin={{ top: 10, right: 20, bottom: 4, left: 0 }}
          onClick={({ activeLabel }) => activeLabel !== undefined && onSelect(Number(activeLabel))}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...AXIS}
            dataKey="trial"
            type="number"
            domain={[0, last]}
            allowDecimals={false}
            tickCount={Math.min(last + 1, 9)}
          />
          <YAxis
            {...AXIS}
            ticks={ticks}
            domain={[ticks[0] as number, ticks.at(-1) as number]}
            allowDataOverflow={close !== null}
            tickFormatter={formatNumber}
            width={52}
            axisLine={false}
          />
          <Tooltip
            {...TOOLTIP}
            labelFormatter={(trial) => `trial ${trial}`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
          />
          <ReferenceLine y={run.target} stroke="var(--ok)" strokeDasharray="5 4" />
          <Line
            dataKey="best"
            name="best so far"
            type="stepAfter"
            stroke="var(--accent)"
            strokeWidth={2}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="pruned"
            name="given up at"
            stroke="none"
            dot={{ r: 3.5, fill: 'var(--idle)', fillOpacity: 0.4, strokeOpacity: 0 }}
            activeDot={{ r: 5, fill: 'var(--idle)', cursor: 'pointer' }}
            isAnimationActive={false}
          />
          <Line
            dataKey="value"
            name={run.metric}
            stroke="var(--dim)"
            strokeOpacity={0.35}
            connectNulls
            dot={{ r: 4, fill: 'var(--run)', stroke: 'var(--surface)', strokeWidth: 1.5, strokeOpacity: 1 }}
            activeDot={{ r: 6, fill: 'var(--run)', cursor: 'pointer' }}
            isAnimationActive={false}
          />
          {Array.from({ length: seeds }, (_, index) => (
            <Line
              // biome-ignore lint/suspicious/noArrayIndexKey: the first seed, the second
              key={index}
              dataKey={(point: Point) => point.seeds[index]}
              name="another seed"
              stroke="none"
              dot={{ r: 2.5, fill: 'var(--surface)', stroke: 'var(--run)', strokeWidth: 1.5 }}
              activeDot={false}
              isAnimationActive={false}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
      <Legend
        of={[
          { mark: 'trial', text: 'a trial' },
          ...(seeds > 0 ? ([{ mark: 'seed', text: 'same values, another seed' }] as const) : []),
          ...(isPruned ? ([{ mark: 'pruned', text: 'given up, its last value' }] as const) : []),
          { mark: 'best', text: 'best so far' },
          { mark: 'target', text: `target ${formatNumber(run.target)}` },
        ]}
      />
    </figure>
  )
}
