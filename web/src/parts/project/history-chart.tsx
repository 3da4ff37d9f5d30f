import { Line } from 'recharts'
import type { MetricHistoryView, MetricPointView } from '../../../../src/http/contract.ts'
import { firstLine, formatNumber, shortSha } from '../../format.ts'
import { ticksOf } from '../../points.ts'
import { navigate } from '../../router.tsx'
import { State } from '../basics.tsx'
import { ChartFrame } from '../chart-frame.tsx'
import { TARGET_LINE } from '../legend.tsx'

/** Half of its width, in pixels. */
const TICK = 7
const { strokeDasharray: _, ...TARGET_STROKE } = TARGET_LINE

/** Of the run that is pointed at. */
function About({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const point = payload?.[0]?.payload as MetricPointView | undefined
  if (!active || !point) return null
  return (
    <div className="about-point">
      <strong>
        #{point.number}: {formatNumber(point.best)}
      </strong>{' '}
      <span className="dim">target {formatNumber(point.target)}</span>
      <div>
        <code>{shortSha(point.sha)}</code> <span className="dim">{point.ref}</span> <State of={point.state} />
      </div>
      <div className="message">{firstLine(point.message)}</div>
    </div>
  )
}

function open(point: MetricPointView | undefined) {
  if (point) navigate(`/runs/${point.run}`)
}

interface DotProps {
  key?: React.Key | null
  cx?: number
  cy?: number
  payload?: MetricPointView
}

/** A run: what is clicked is opened, also before the chart has noticed the pointer. */
function Dot({ cx, cy, payload, r }: DotProps & { r: number }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list below the chart has the same links
    <circle
      className="run-dot"
      {...{ cx, cy, r }}
      onClick={(event) => {
        event.stopPropagation()
        open(payload)
      }}
    />
  )
}

/** The target of one run: a tick, as a line between two runs would have a target where there is none. */
const TargetTick = ({ cx = 0, cy = 0 }: DotProps) => (
  <line className="target-tick" x1={cx - TICK} x2={cx + TICK} y1={cy} y2={cy} {...TARGET_STROKE} />
)

/** What the picture says, for who cannot see it. Pure. */
function inWords({ metric, direction, points }: MetricHistoryView): string {
  const first = points[0] as MetricPointView
  const last = points.at(-1) as MetricPointView
  const best = points.reduce((a, b) =>
    (direction === 'maximize' ? b.best > a.best : b.best < a.best) ? b : a,
  )
  const of = ({ number, best }: MetricPointView) => `${formatNumber(best)} in run ${number}`
  return `Best ${metric} of ${points.length} runs: from ${of(first)} to ${of(last)}, the best ${of(best)}; target ${formatNumber(last.target)}`
}

/** The best value of each run, and the target that the run had; a click opens the run. */
export default function HistoryChart({ history }: { history: MetricHistoryView }) {
  const { points, metric } = history
  const ticks = ticksOf(points.flatMap(({ best, target }) => [best, target]))
  const openNear = (number: number) => open(points.find((point) => point.number === number))
  return (
    <ChartFrame
      className="history"
      label={inWords(history)}
      rows={points}
      across={{
        key: 'number',
        words: (at) => `run ${at}`,
        domain: null,
        tickFormatter: (number) => `#${number}`,
      }}
      ticks={ticks}
      targets={[]}
      about={<About />}
      legend={[
        { mark: 'trial', text: `best ${metric} of a run` },
        { mark: 'target', text: 'its target' },
      ]}
      onPick={openNear}
    >
      <Line
        dataKey="target"
        stroke="none"
        dot={({ key, ...dot }: DotProps) => <TargetTick key={key} {...dot} />}
        activeDot={false}
        isAnimationActive={false}
      />
      <Line
        dataKey="best"
        stroke="var(--run)"
        strokeOpacity={0.45}
        strokeWidth={1.5}
        dot={({ key, ...dot }) => <Dot key={key} {...dot} r={4} />}
        activeDot={({ key, ...dot }: DotProps) => <Dot key={key} {...dot} r={6} />}
        isAnimationActive={false}
      />
    </ChartFrame>
  )
}
