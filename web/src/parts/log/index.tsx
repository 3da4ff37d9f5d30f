import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { MetricView, RunView, TrialSummary } from '../../../../src/http/contract.ts'
import { copy } from '../../copy.ts'
import { metricsByLine, useEvidence } from '../../log/evidence.ts'
import { isSame, lineOf, type Place } from '../../log/rows.ts'
import { useLog, useLogSearch } from '../../log/use-log.ts'
import { useSteps } from '../../log/use-steps.ts'
import { useWrap } from '../../log/use-wrap.ts'
import { navigate, useHash } from '../../router.tsx'
import { runAddress, withParams } from '../../sections.ts'
import { Bar, SearchField } from './bar.tsx'
import { List, type ListHandle } from './list.tsx'

const NONE: readonly MetricView[] = []

interface Props {
  run: RunView
  trial: TrialSummary
  metrics: readonly MetricView[] | undefined
  /** Number of the attempt that the address names. */
  chosen: number | null
}

/** The log of a trial: all its attempts in their order, live. */
export function TrialLog({ run, trial, metrics = NONE, chosen }: Props) {
  const { attempts } = trial
  const log = useLog(attempts)
  const { parts, rows, ready } = log
  const list = useRef<ListHandle>(null)
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [wrap, toggleWrap] = useWrap()
  const [seen, setSeen] = useState<Place>({ part: 0, line: 1 })
  const [atEnd, setAtEnd] = useState(true)
  const [note, setNote] = useState('')
  const evidence = useEvidence(attempts, metrics)
  const byLine = useMemo(() => metricsByLine(metrics), [metrics])

  const addressOf = ({ part, line }: Place) => {
    const query = withParams('', { trial: trial.number, attempt: attempts[part]?.number ?? null })
    return `${runAddress(run.id, 'log', query)}#L${line}`
  }
  const linked = useLinked(attempts, chosen)
  const goTo = (place: Place) => list.current?.goTo(place)
  const found = useSteps(useLogSearch(parts, text), seen, goTo)
  const [looking, setLooking] = useState(false)
  const errors = useSteps(useLogSearch(parts, looking ? null : ''), seen, goTo, looking)
  const nextError = (step: 1 | -1 = 1) => (looking ? errors.walk(step) : setLooking(true))

  const hit = text === '' ? errors.current : found.current

  useEffect(() => {
    if (note === '') return
    const timer = setTimeout(() => setNote(''), 2500)
    return () => clearTimeout(timer)
  }, [note])

  const copyLink = (place: Place) => {
    const address = addressOf(place)
    if (location.pathname === address.split('?')[0]) navigate(address, { replace: true })
    void copy(location.origin + address).then((outcome) =>
      setNote(
        outcome === 'copied'
          ? `Link to line ${place.line} copied`
          : `The number of line ${place.line} is a link to it`,
      ),
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target === input.current
    const toSearch = (event.key === '/' && !typing) || (event.key === 'f' && (event.ctrlKey || event.metaKey))
    if (toSearch) {
      input.current?.focus()
      input.current?.select()
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    else if (event.key === 'Home') list.current?.toStart()
    else if (event.key === 'End') list.current?.toEnd()
    else if (event.key === 'n' || event.key === 'N') found.walk(event.key === 'n' ? 1 : -1)
    else if (event.key === 'l') copyLink(hit ?? { ...seen, line: Math.max(1, seen.line) })
    else if (event.key === 'e' || event.key === 'E') nextError(event.key === 'e' ? 1 : -1)
    else return
    event.preventDefault()
  }
  const lines = parts.reduce((sum, { total }) => sum + total, 0)
  const error = log.cache.error
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that work wherever in the log the focus is
    <div className="log" onKeyDown={onKeyDown}>
      <Bar
        search={
          <SearchField
            input={input}
            text={text}
            outcome={text === '' ? '' : found.outcome}
            onText={setText}
            onWalk={found.walk}
            onLeave={() => {
              setText('')
              list.current?.focus()
            }}
          />
        }
        status={
          note ||
          [
            error ? error.message : null,
            `${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}`,
            log.alive ? (log.held ? 'over half its limit: the rest comes at the end' : 'live') : null,
          ]
            .filter((word) => word !== null)
            .join(' · ')
        }
        errors={looking ? `Error ${errors.outcome}` : 'Errors'}
        onError={() => nextError()}
        onEvidence={evidence.place === null ? null : () => evidence.place && goTo(evidence.place)}
        wrap={wrap}
        onWrap={toggleWrap}
        attemptId={attempts[seen.part]?.id}
      />
      <List
        ref={list}
        log={log}
        attempts={attempts}
        wrap={wrap}
        wanted={text}
        linked={linked}
        current={hit}
        evidence={evidence}
        metrics={byLine}
        hrefOf={addressOf}
        onLink={copyLink}
        onSeen={(place) => setSeen((before) => (isSame(before, place) ? before : place))}
        onAtEnd={setAtEnd}
      />
      {ready && rows.count > 0 && !atEnd ? (
        <button type="button" className="log-end" onClick={() => list.current?.toEnd()}>
          ↓ {log.alive ? 'Follow' : 'To the end'}
        </button>
      ) : null}
    </div>
  )
}

/**
 * The place that the address names: a line, or the beginning of an attempt before the last. It stays where it is when
 * another attempt comes.
 */
function useLinked(attempts: TrialSummary['attempts'], chosen: number | null): Place | null {
  const line = lineOf(useHash())
  const [linked, setLinked] = useState(() => placeOf(attempts, chosen, line))
  if (linked.chosen === chosen && linked.line === line) return linked.place
  const now = placeOf(attempts, chosen, line)
  setLinked(now)
  return now.place
}

function placeOf(attempts: TrialSummary['attempts'], chosen: number | null, line: number | null) {
  const named = attempts.findIndex(({ number }) => number === chosen)
  const last = attempts.length - 1
  const part = named >= 0 ? named : last
  const place: Place | null = line !== null || part < last ? { part, line: line ?? 0 } : null
  return { chosen, line, place }
}
