import type { ReactElement, ReactNode } from 'react'
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

/** Where there are no lines their places are not worth measuring labels for. */
const NOWHERE = () => []

interface Props {
  /** Beside `chart`, for styles. */
  className?: string
  title?: string
  /** For who does not see it. */
  label: string
  /** One row for each place on the axis below. */
  rows: readonly object[]
  /** What runs from left to right. */
  across: {
    key: string
    /** Of a place, for the tooltip: `epoch 7`. */
    words: (at: number) => string
    /** Of numbers: from where to where; null: the rows stand side by side. */
    domain: [number | 'dataMin', number | 'dataMax'] | null
    ticks?: number[]
    tickCount?: number
    tickFormatter?: (at: number) => string
  }
  /** Of the axis on the left, from the lowest to the highest. */
  ticks: readonly number[]
  /** Whether values beyond the ticks are cut off. */
  isCut?: boolean
  /** Each a line through the whole chart. */
  targets: readonly number[]
  /** Without those targets. */
  legend: readonly LegendItem[]
  /** What the tooltip says, in place of the values by their names. */
  about?: ReactElement
  onPick?: (across: number) => void
  /** The lines. */
  children: ReactNode
  /** Under the legend. */
  foot?: ReactNode
}

/** What all charts of a metric share: size, axes, target line, tooltip and legend. */
export function ChartFrame(props: Props) {
  const { className = '', title, label, rows, across, ticks, isCut = false } = props
  const { targets, legend, about, onPick, children, foot } = props
  const { key, words, domain, ...axis } = across
  const scale =
    domain === null ? { minTickGap: 24 } : ({ type: 'number', domain, allowDecimals: false } as const)
  const aimedAt = targets.length === 1 ? 'target' : 'targets'
  const goal = { mark: 'target', text: `${aimedAt} ${targets.map(formatNumber).join(', ')}` } as const
  return (
    <figure className={`chart ${className}`.trim()} aria-label={label}>
      {title === undefined ? null : <p className="chart-title">{title}</p>}
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <ComposedChart
          data={rows}
          margin={{ top: 10, right: 20, bottom: 4, left: 0 }}
          onClick={({ activeLabel }) => activeLabel !== undefined && onPick?.(Number(activeLabel))}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} verticalCoordinatesGenerator={NOWHERE} />
          <XAxis {...AXIS} {...axis} {...scale} dataKey={key} />
          <YAxis
            {...AXIS}
            ticks={ticks}
            interval={0}
            domain={[ticks[0] as number, ticks.at(-1) as number]}
            allowDataOverflow={isCut}
            tickFormatter={formatNumber}
            width={52}
            axisLine={false}
          />
          <Tooltip
            {...TOOLTIP}
            labelFormatter={(at) => words(Number(at))}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
            includeHidden={false}
            {...(about === undefined ? {} : { content: about })}
          />
          {targets.map((target) => (
            <ReferenceLine key={target} y={target} {...TARGET_LINE} />
          ))}
          {children}
        </ComposedChart>
      </ResponsiveContainer>
      <Legend of={targets.length === 0 ? legend : [...legend, goal]} />
      {foot}
    </figure>
  )
}
