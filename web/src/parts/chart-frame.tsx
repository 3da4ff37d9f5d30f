import type { ReactNode } from 'react'
import {
  CartesianGrid,
  ComposedChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatNumber } from '../format.ts'
import { Legend, type LegendItem, TARGET_LINE } from './legend.tsx'

const HEIGHT = 230
const AXIS = { stroke: 'var(--dim)', fontSize: 12, tickLine: false } as const
const TOOLTIP = {
  isAnimationActive: false,
  contentStyle: { background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8 },
  itemStyle: { color: 'var(--text)' },
} as const

interface Props {
  title: string
  /** For who does not see it. */
  label: string
  /** One row for each place on the axis below. */
  rows: readonly object[]
  /** What runs from left to right. */
  across: {
    key: string
    /** `trial` or `epoch`: before its number in the tooltip. */
    word: string
    domain: [number | 'dataMin', number | 'dataMax']
    ticks?: number[]
    tickCount?: number
  }
  /** Of the axis on the left, from the lowest to the highest. */
  ticks: readonly number[]
  /** Whether values beyond the ticks are cut off. */
  isCut?: boolean
  target: number
  /** Without the target, which every chart has. */
  legend: readonly LegendItem[]
  onPick?: (across: number) => void
  /** The lines. */
  children: ReactNode
}

/** What all charts of a metric share: size, axes, target line, tooltip and legend. */
export function ChartFrame(props: Props) {
  const { title, label, rows, across, ticks, isCut = false, target, legend, onPick, children } = props
  const { key, word, ...axis } = across
  return (
    <figure className="chart" aria-label={label}>
      <p className="chart-title">{title}</p>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <ComposedChart
          data={rows}
          margin={{ top: 10, right: 20, bottom: 4, left: 0 }}
          onClick={({ activeLabel }) => activeLabel !== undefined && onPick?.(Number(activeLabel))}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis {...AXIS} {...axis} dataKey={key} type="number" allowDecimals={false} />
          <YAxis
            {...AXIS}
            ticks={ticks}
            domain={[ticks[0] as number, ticks.at(-1) as number]}
            allowDataOverflow={isCut}
            tickFormatter={formatNumber}
            width={52}
            axisLine={false}
          />
          <Tooltip
            {...TOOLTIP}
            labelFormatter={(at) => `${word} ${at}`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
            includeHidden={false}
          />
          <ReferenceLine y={target} {...TARGET_LINE} />
          {children}
        </ComposedChart>
      </ResponsiveContainer>
      <Legend of={[...legend, { mark: 'target', text: `target ${formatNumber(target)}` }]} />
    </figure>
  )
}
