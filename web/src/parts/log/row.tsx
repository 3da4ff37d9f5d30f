import { useMemo } from 'react'
import type { AttemptView, LogLineView } from '../../../../src/http/contract.ts'
import { apiPath } from '../../api.ts'
import { reasonOf } from '../../attempts.ts'
import { type Span, spansOf, withFound } from '../../log/spans.ts'
import { resumedWords } from '../../report.ts'
import { Time, Words } from '../basics.tsx'

const styleOf = ({ color, background }: Span) => ({
  // A share of the text's colour, so that a terminal's colours can be read on light and on dark.
  ...(color === undefined ? {} : { color: `color-mix(in srgb, rgb(${color}) 70%, var(--text))` }),
  ...(background === undefined ? {} : { background: `rgb(${background}, 0.35)` }),
})

function Piece({ span }: { span: Span }) {
  const className = span.classes.join(' ')
  if (span.found) {
    return (
      <mark className={className} style={styleOf(span)}>
        {span.text}
      </mark>
    )
  }
  if (className === '' && span.color === undefined && span.background === undefined) return span.text
  return (
    <span className={className} style={styleOf(span)}>
      {span.text}
    </span>
  )
}

interface LineProps {
  number: number
  /** Undefined while it is on its way. */
  line: LogLineView | undefined
  /** What is searched for. */
  wanted: string
  href: string
  /** What was read from the line, in words. */
  evidence: string | undefined
  decisive: boolean
  onLink: () => void
  onWhole: () => void
}

export function Line(props: LineProps) {
  const { number, line, wanted, href, evidence, decisive, onLink, onWhole } = props
  const spans = useMemo(() => {
    const all = line === undefined ? [] : spansOf(line.text)
    return wanted === '' ? all : withFound(all, wanted)
  }, [line, wanted])
  return (
    <>
      <a
        className="log-number"
        href={href}
        // Not one stop for each line on the way through the page.
        tabIndex={-1}
        title={line?.at ? `${new Date(line.at).toLocaleString()} · click to copy a link` : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onLink()
        }}
      >
        {number}
      </a>
      <span className="log-text">
        {spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change their order
          <Piece key={index} span={span} />
        ))}
        {line?.length === undefined ? null : (
          <button type="button" className="log-more" onClick={onWhole}>
            … show all {line.length.toLocaleString('en-US')} characters
          </button>
        )}
        {evidence === undefined ? null : (
          <span className="log-evidence" data-decisive={decisive} title={`Read from this line: ${evidence}`}>
            {decisive ? evidence : null}
          </span>
        )}
      </span>
    </>
  )
}

/** `started again: The training was killed. Went on after epoch 7 …`. Pure. */
export function markWords(attempts: readonly AttemptView[], index: number): string {
  const before = attempts[index - 1]
  const attempt = attempts[index]
  if (before === undefined) return ''
  const why =
    reasonOf(before) === 'went on'
      ? 'goes on where the search had stopped it.'
      : `started again: ${before.failure?.message ?? `the attempt before it ended as ${before.state}.`}`
  const resumed = attempt?.report && resumedWords(attempt.report)
  const from = attempt?.report ? (resumed ? `It ${resumed}.` : 'It began anew.') : ''
  return `${why} ${from}`.trim()
}

/** What stands above the lines of an attempt where there are several. */
export function Mark({ attempts, index }: { attempts: readonly AttemptView[]; index: number }) {
  const attempt = attempts[index]
  if (attempt === undefined) return null
  return (
    <div className="log-mark" data-restart={index > 0 && reasonOf(attempts[index - 1]) === 'restart'}>
      <strong>attempt {attempt.number}</strong>
      <span className="log-why">
        {index === 0 && attempt.startedAt !== null ? (
          <>
            began <Time at={attempt.startedAt} />
          </>
        ) : (
          <Words text={markWords(attempts, index)} />
        )}
      </span>
      <a href={apiPath(`/attempts/${attempt.id}/log?download`)} download>
        download
      </a>
    </div>
  )
}
