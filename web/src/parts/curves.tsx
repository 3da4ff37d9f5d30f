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
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { rowsOf, ticksOf } from '../points.ts'
import { AXIS, CHART_HEIGHT, TOOLTIP } from './chart.tsx'
import { Legend, type LegendItem } from './legend.tsx'

interface Props {
  run: RunView
  /** All that has to be seen; null: every value. */
  close: readonly number[] | null
  curves: readonly CurveView[]
  selected: number | null
  onSelect: (trial: number) => void
}

type Kind = Exclude<LegendItem['mark'], 'trial' | 'seed' | 'pruned' | 'target'>

const LOOKS: Record<Kind, { stroke: string; strokeWidth: number; strokeOpacity: number }> = {
  faded: { stroke: 'var(--idle)', strokeWidth: 1, strokeOpacity: 0.3 },
  other: { stroke: 'var(--dim)', strokeWidth: 1.2, strokeOpacity: 0.6 },
  running: { stroke: 'var(--run)', strokeWidth: 1.6, strokeOpacity: 0.9 },
  best: { stroke: 'var(--accent)', strokeWidth: 2.2, strokeOpacity: 1 },
  selected: { stroke: 'var(--text)', strokeWidth: 2.2, strokeOpacity: 1 },
}
/** With more curves than this, the ordinary ones are paler, so that the others stand out. */
const MANY = 20
const PALE = 0.3

/** Drawn in this order, so that what matters lies on top. */
const ORDER = Object.keys(LOOKS) as Kind[]

/** How a trial is drawn. Pure. */
export function kindOf(
  run: Pick<RunView, 'trials' | 'bestTrial'>,
  trial: number,
  selected: number | null,
): Kind {
  if (trial === selected) return 'selected'
  if (trial === run.bestTrial) return 'best'
  const state = run.trials.find(({ number }) => number === trial)?.state
  if (state === 'running') return 'running'
  return state === 'completed' ? 'other' : 'faded'
}

const WORDS: Record<Kind, string> = {
  faded: 'given up or failed',
  other: 'the others',
  running: 'training now',
  best: 'the best',
  selected: '',
}

/** Round epochs between the first and the last. Pure. */
function epochsOf(rows: readonly Record<string, number>[]): number[] {
  const [first = 0, last = 0] = [rows[0]?.step, rows.at(-1)?.step]
  return ticksOf([first, last]).filter((step) => Number.isInteger(step) && step >= first && step <= last)
}

/** The metric of every trial, epoch by epoch. */
export default function CurveChart({ run, curves, close, selected, onSelect }: Props) {
  const rows = rowsOf(curves)
  const ticks = ticksOf(
    close ?? [run.target, ...curves.flatMap(({ points }) => points.map(({ value }) => value))],
  )
  const drawn = curves
    .map(({ trial }) => ({ trial, kind: kindOf(run, trial, selected) }))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
  const named = drawn.filter(({ kind }) => kind === 'best' || kind === 'selected')
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
            ticks={epochsOf(rows)}
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
            labelFormatter={(step) => `epoch ${step}`}
            formatter={(value, name) => [formatNumber(Number(value)), name]}
            includeHidden={false}
          />
          <ReferenceLine y={run.target} stroke="var(--ok)" strokeDasharray="5 4" />
          {drawn.map(({ trial, kind }) => (
            <Line
              {...LOOKS[kind]}
              {...(kind === 'other' && drawn.length > MANY ? { strokeOpacity: PALE } : {})}
              key={trial}
              dataKey={`t${trial}`}
              name={`trial ${trial}`}
              type="linear"
              connectNulls
              dot={false}
              activeDot={false}
              tooltipType={named.some((other) => other.trial === trial) ? undefined : 'none'}
              onClick={() => onSelect(trial)}
              cursor="pointer"
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
      <Legend
        of={[
          ...(selected !== null && drawn.some(({ kind }) => kind === 'selected')
            ? [
                {
                  mark: 'selected',
                  text: `trial ${selected}${selected === run.bestTrial ? ', the best' : ''}`,
                } as const,
              ]
            : []),
          ...ORDER.toReversed()
            .filter((kind) => kind !== 'selected' && drawn.some((other) => other.kind === kind))
            .map((mark) => ({ mark, text: WORDS[mark] })),
          { mark: 'target', text: `target ${formatNumber(run.target)}` },
        ]}
      />
    </figure>
  )
}
