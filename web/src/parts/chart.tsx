import { memo, useMemo } from 'react'
import { Line } from 'recharts'
import type { RunView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { type Point, ticksOf, valuesOf } from '../points.ts'
import { ChartFrame } from './chart-frame.tsx'
import { PointHighlight } from './chart-highlight.tsx'
import { Dots, type Spot } from './dots.tsx'

interface Props {
  run: RunView
  /** All that has to be seen; null: every value. */
  close: readonly number[] | null
  points: Point[]
  onSelect: (trial: number) => void
}

const TRIAL = { r: 4, fill: 'var(--run)', stroke: 'var(--surface)', strokeWidth: 1.5 }
const SEED = { r: 2.5, fill: 'var(--surface)', stroke: 'var(--run)', strokeWidth: 1.5 }
const PRUNED = { r: 3.5, fill: 'var(--faded)' }

const spotsOf = (points: readonly Point[], levelOf: (point: Point) => number | null | undefined): Spot[] =>
  points.flatMap((point) => {
    const value = levelOf(point)
    return value === null || value === undefined ? [] : [{ across: point.trial, value }]
  })

/** Where the dots of each kind lie; of the seeds the first of all trials, the second, and so on. */
const dotsOf = (points: readonly Point[], seeds: number) => ({
  trials: spotsOf(points, ({ value }) => value),
  pruned: spotsOf(points, ({ pruned }) => pruned),
  seeds: Array.from({ length: seeds }, (_, index) => spotsOf(points, (point) => point.seeds[index])),
})

/** What each trial came to, the best so far, and the target. */
export default memo(function MetricChart({ run, points, close, onSelect }: Props) {
  const last = Math.max(...points.map(({ trial }) => trial), 1)
  const ticks = ticksOf(close ?? [run.target, ...valuesOf(points)])
  const seeds = Math.max(...points.map((point) => point.seeds.length))
  const isPruned = points.some(({ pruned }) => pruned !== null)
  const isCut = close !== null
  const dots = useMemo(() => dotsOf(points, seeds), [points, seeds])
  return (
    <ChartFrame
      title={`${run.metric} by trial`}
      label={`${run.metric} by trial: best ${run.best === null ? 'none' : formatNumber(run.best)}, target ${formatNumber(run.target)}`}
      rows={points}
      across={{
        key: 'trial',
        words: (at) => `trial ${at}`,
        domain: [0, last],
        tickCount: Math.min(last + 1, 9),
      }}
      ticks={ticks}
      isCut={isCut}
      targets={[run.target]}
      legend={[
        { mark: 'trial', text: 'a trial' },
        ...(seeds > 0 ? ([{ mark: 'seed', text: 'same values, another seed' }] as const) : []),
        ...(isPruned ? ([{ mark: 'pruned', text: 'given up, its last value' }] as const) : []),
        { mark: 'best', text: 'best so far' },
      ]}
      onPick={onSelect}
    >
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
        dot={false}
        activeDot={{ r: 5, fill: 'var(--idle)', cursor: 'pointer' }}
        isAnimationActive={false}
      />
      <Line
        dataKey="value"
        name={run.metric}
        stroke="var(--dim)"
        strokeOpacity={0.35}
        connectNulls
        dot={false}
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
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
      <Dots of={dots.pruned} isCut={isCut} look={PRUNED} />
      <Dots of={dots.trials} isCut={isCut} look={TRIAL} />
      {dots.seeds.map((of, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the first seed, the second
        <Dots key={index} of={of} isCut={isCut} look={SEED} />
      ))}
      <PointHighlight points={points} />
    </ChartFrame>
  )
})
