import { useMemo } from 'react'
import { Line } from 'recharts'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { boundsOfCurves, rowsOf, ticksOf } from '../points.ts'
import { ChartFrame } from './chart-frame.tsx'
import { CurveHighlight } from './chart-highlight.tsx'
import { type CurveLook, CurvePaths } from './curve-paths.tsx'
import type { LegendItem } from './legend.tsx'

interface Props {
  run: RunView
  /** All that has to be seen; null: every value. */
  close: readonly number[] | null
  curves: readonly CurveView[]
  selected: number | null
  onSelect: (trial: number) => void
}

type Kind = Exclude<LegendItem['mark'], 'trial' | 'seed' | 'pruned' | 'target'>

const LOOKS: Record<Kind, CurveLook> = {
  faded: { stroke: 'var(--faded)', strokeWidth: 1, strokeOpacity: 1 },
  other: { stroke: 'var(--dim)', strokeWidth: 1.3, strokeOpacity: 0.85 },
  running: { stroke: 'var(--run)', strokeWidth: 1.6, strokeOpacity: 0.9 },
  best: { stroke: 'var(--accent)', strokeWidth: 2.2, strokeOpacity: 1 },
  selected: { stroke: 'var(--text)', strokeWidth: 2.2, strokeOpacity: 1 },
}
/** With more curves than this, the ordinary ones are paler, so that the others stand out. */
const MANY = 20
const PALE = 0.3

/** Drawn in this order, so that what matters lies on top. */
const ORDER = Object.keys(LOOKS) as Kind[]
/** One curve each, whose values are shown on hover. */
const NAMED: ReadonlySet<Kind> = new Set(['best', 'selected'])

/** The curves of each kind, in the order in which they are drawn. Pure. */
export function kindsOf(
  run: Pick<RunView, 'trials' | 'bestTrial'>,
  curves: readonly CurveView[],
  selected: number | null,
): { kind: Kind; curves: CurveView[] }[] {
  const states = new Map(run.trials.map(({ number, state }) => [number, state]))
  const kindOf = (trial: number): Kind => {
    if (trial === selected) return 'selected'
    if (trial === run.bestTrial) return 'best'
    const state = states.get(trial)
    if (state === 'running') return 'running'
    return state === 'completed' ? 'other' : 'faded'
  }
  return ORDER.map((kind) => ({ kind, curves: curves.filter(({ trial }) => kindOf(trial) === kind) })).filter(
    (group) => group.curves.length > 0,
  )
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
  const { trials, bestTrial } = run
  const rows = useMemo(() => rowsOf(curves, [bestTrial, selected]), [curves, bestTrial, selected])
  const ticks = useMemo(
    () => ticksOf(close ?? [run.target, ...boundsOfCurves(curves)]),
    [close, curves, run.target],
  )
  const drawn = useMemo(
    () => kindsOf({ trials, bestTrial }, curves, selected),
    [trials, bestTrial, curves, selected],
  )
  return (
    <ChartFrame
      title={`${run.metric} by epoch`}
      label={`${run.metric} by epoch, of ${curves.length} trials`}
      rows={rows}
      across={{
        key: 'step',
        words: (at) => `epoch ${at}`,
        domain: ['dataMin', 'dataMax'],
        ticks: epochsOf(rows),
      }}
      ticks={ticks}
      isCut={close !== null}
      targets={[run.target]}
      legend={[
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
      ]}
    >
      {drawn.map(({ kind, curves: alike }) =>
        NAMED.has(kind) ? (
          <Line
            {...LOOKS[kind]}
            key={kind}
            dataKey={`t${alike[0]?.trial}`}
            name={`trial ${alike[0]?.trial}`}
            type="linear"
            connectNulls
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        ) : (
          <CurvePaths
            key={kind}
            curves={alike}
            look={
              (kind === 'other' || kind === 'faded') && curves.length > MANY
                ? { ...LOOKS[kind], strokeOpacity: PALE }
                : LOOKS[kind]
            }
            onSelect={onSelect}
          />
        ),
      )}
      <CurveHighlight curves={curves} />
    </ChartFrame>
  )
}
