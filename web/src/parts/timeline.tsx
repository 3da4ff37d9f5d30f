import type { CSSProperties } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { useNow } from '../clock.ts'
import { formatDuration } from '../format.ts'
import { navigate } from '../router.tsx'
import { runAddress } from '../sections.ts'
import { type Moment, type Span, type TimelineRow, timelineOf, timeTicks } from '../timeline.ts'
import { Card, Empty } from './basics.tsx'
import { Hint, type Hinted, useHint } from './hint.tsx'
import { TrialLink } from './trial-link.tsx'
import './timeline.css'

const LEGEND = [
  ['done', 'completed'],
  ['running', 'running'],
  ['stopped', 'given up, stopped'],
  ['failed', 'failed'],
] as const

/** A tick after this part of the whole has its word before it: there is no room behind. */
const LATE = 0.92

/** When each stage and each attempt ran, on one scale, with restarts and checkpoints. */
export default function Timeline({ run }: { run: RunView }) {
  const { from, to, rows } = timelineOf(run)
  const now = useNow()
  const hint = useHint()
  const length = Math.max((to ?? now) - from, 1000)
  const scale: Scale = {
    part: (ms) => `${(100 * ms) / length}%`,
    from,
    end: to ?? now,
    open: (trial) => navigate(runAddress(run.id, 'log', `?trial=${trial}`), { stay: true }),
    hinted: hint.on,
  }
  return (
    <Card title="Timeline" aside={<span className="dim small">since the run began</span>}>
      {rows.length === 0 ? (
        <Empty>Nothing has begun yet.</Empty>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <section className="timeline" aria-label="Jobs and attempts by time" tabIndex={0}>
            <div className="axis" aria-hidden="true">
              {timeTicks(length).map((at) => (
                <span key={at} style={{ left: scale.part(at) }} data-at-end={at / length > LATE}>
                  {at === 0 ? '0' : formatDuration(at).replace(/ 0 \w+$/, '')}
                </span>
              ))}
            </div>
            <ol>
              {rows.map((row) => (
                <Row key={row.key} row={row} scale={scale} />
              ))}
            </ol>
          </section>
          <p className="legend timeline-legend">
            {LEGEND.map(([state, text]) => (
              <span key={state} data-state={state}>
                {text}
              </span>
            ))}
            <span data-moment="restart">restart</span>
            <span data-moment="checkpoint">last checkpoint</span>
          </p>
        </>
      )}
      <Hint of={hint.shown} />
    </Card>
  )
}

interface Scale {
  /** A time in ms as a part of the whole. */
  part: (ms: number) => string
  from: number
  /** Where what goes on ends for now. */
  end: number
  open: (trial: number) => void
  hinted: Hinted
}

function Row({ row, scale }: { row: TimelineRow; scale: Scale }) {
  const { label, trial, spans, moments } = row
  const go = trial === null ? undefined : () => scale.open(trial)
  return (
    <li>
      <span className="row-label">
        {trial === null ? label : <TrialLink number={trial}>{label}</TrialLink>}
      </span>
      <span className="track">
        {spans.map((span) => (
          <Mark
            key={span.key}
            what={{ title: `${span.title}, ${formatDuration(lengthOf(span, scale))}`, lines: span.lines }}
            className="span"
            state={span.state}
            style={{
              left: scale.part(span.from - scale.from),
              width: scale.part(lengthOf(span, scale)),
            }}
            hinted={scale.hinted}
            go={go}
          />
        ))}
        {moments.map((moment) => (
          <Mark
            key={moment.key}
            what={moment}
            className="moment"
            moment={moment.kind}
            style={{ left: scale.part(moment.at - scale.from) }}
            hinted={scale.hinted}
            go={go}
          />
        ))}
      </span>
    </li>
  )
}

const lengthOf = ({ from, to }: Span, { end }: Scale) => Math.max(0, (to ?? end) - from)

interface MarkProps {
  what: Pick<Moment, 'title' | 'lines'>
  className: 'span' | 'moment'
  state?: string
  moment?: Moment['kind']
  style: CSSProperties
  hinted: Hinted
  /** Opens the log of its trial; a job has none. */
  go: (() => void) | undefined
}

function Mark({ what: { title, lines }, className, state, moment, style, hinted, go }: MarkProps) {
  const rest = {
    className,
    style,
    'data-state': state,
    'data-moment': moment,
    'aria-label': [title, ...lines].map((line) => line.replace(/\.$/, '')).join('. '),
    ...hinted([title, ...lines].join('\n')),
  }
  return go === undefined ? <span role="img" {...rest} /> : <button type="button" onClick={go} {...rest} />
}
