import { Line } from 'recharts'
import type { CurveView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { colourOf } from '../colours.ts'
import { boundsOfCurves, rowsOf, ticksOf } from '../points.ts'
import { ChartFrame } from './chart-frame.tsx'
import { CurveHighlight } from './chart-highlight.tsx'

interface Props {
  run: RunView
  trials: readonly TrialSummary[]
  curves: readonly CurveView[]
}

/** The metric of several trials by epoch, each in the colour of its column. */
export default function CompareChart({ run, trials, curves }: Props) {
  const rows = rowsOf(curves)
  const ticks = ticksOf([run.target, ...boundsOfCurves(curves)])
  return (
    <ChartFrame
      title={`${run.metric} by epoch`}
      label={`${run.metric} by epoch, of ${curves.length} trials`}
      rows={rows}
      across={{ key: 'step', words: (at) => `epoch ${at}`, domain: ['dataMin', 'dataMax'] }}
      ticks={ticks}
      targets={[run.target]}
      legend={[]}
    >
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
      <CurveHighlight curves={curves} />
    </ChartFrame>
  )
}
