import { useVirtualizer } from '@tanstack/react-virtual'
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import type { AttemptView, MetricView } from '../../../../src/http/contract.ts'
import { evidenceWords, shows, type useEvidence } from '../../log/evidence.ts'
import { isSame, type Place } from '../../log/rows.ts'
import type { useLog } from '../../log/use-log.ts'
import { Empty } from '../basics.tsx'
import { Line, Mark } from './row.tsx'

/** In pixels, as the style says; a million lines stay below the height that browsers can scroll. */
const LINE_HEIGHT = 17
const MARK_HEIGHT = 38
/** How near to its end a log counts as followed, in pixels. */
const NEAR_END = 40

export interface ListHandle {
  goTo(place: Place): void
  toStart(): void
  toEnd(): void
  focus(): void
}

interface Props {
  ref: Ref<ListHandle>
  log: ReturnType<typeof useLog>
  attempts: readonly AttemptView[]
  wrap: boolean
  wanted: string
  linked: Place | null
  current: Place | null
  evidence: ReturnType<typeof useEvidence>
  metrics: ReadonlyMap<string, MetricView>
  hrefOf: (place: Place) => string
  onLink: (place: Place) => void
  /** Told of the place at the top. */
  onSeen: (place: Place) => void
  onAtEnd: (atEnd: boolean) => void
}

/** The lines that are in view, of however many there are. */
export function List(props: Props) {
  const { ref, log, attempts, wrap, linked, onSeen, onAtEnd } = props
  const { cache, parts, rows, ready } = log
  const box = useRef<HTMLDivElement>(null)
  /** Stays at the end as the log grows. */
  const following = useRef(linked === null)
  const widest = useRef(0)
  const virtualizer = useVirtualizer({
    count: rows.count,
    getScrollElement: () => box.current,
    estimateSize: (index) => (rows.isMark(index) ? MARK_HEIGHT : LINE_HEIGHT),
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 6,
  })
  const goTo = ({ part, line }: Place) => {
    following.current = false
    virtualizer.scrollToIndex(rows.indexOf(part, line), { align: line < 1 ? 'start' : 'center' })
  }
  const isInView = ({ part, line }: Place) => {
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: -1 }
    const index = rows.indexOf(part, line)
    return line > 0 && index > startIndex && index < endIndex
  }
  const toEnd = () => {
    following.current = true
    virtualizer.scrollToIndex(rows.count - 1, { align: 'end' })
  }
  useImperativeHandle(ref, () => ({
    goTo,
    toStart() {
      following.current = false
      virtualizer.scrollToOffset(0)
    },
    toEnd,
    focus: () => box.current?.focus(),
  }))

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there are more rows
  useLayoutEffect(() => {
    if (rows.count > 0 && following.current) toEnd()
  }, [rows.count])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the log is there, and when the address changes
  useLayoutEffect(() => {
    if (!ready) return
    if (linked === null) toEnd()
    else if (isInView(linked)) following.current = false
    else goTo(linked)
  }, [ready, linked])
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are others when lines are broken
  useLayoutEffect(() => virtualizer.measure(), [wrap])

  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? -1
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever other lines are in view, or there are more
  useEffect(() => {
    if (last < first) return
    const from = rows.at(first)
    const to = rows.at(last)
    const wishes = parts.slice(from.part, to.part + 1).map(({ id, total }, index) => ({
      attemptId: id,
      from: index === 0 && from.kind === 'line' ? from.line : 1,
      to: index === to.part - from.part ? (to.kind === 'line' ? to.line : 0) : total,
    }))
    cache.want(wishes)
  }, [first, last, rows])

  const onScroll = () => {
    const element = box.current
    if (!element) return
    const { scrollHeight, scrollTop, clientHeight } = element
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END
    following.current = atEnd
    onAtEnd(atEnd)
    const top = virtualizer.getVirtualItemForOffset(scrollTop)
    if (!top) return
    const row = rows.at(top.index)
    onSeen({ part: row.part, line: row.kind === 'line' ? row.line : 0 })
  }
  const digits = String(Math.max(1, ...parts.map(({ total }) => total))).length
  return (
    <div
      ref={box}
      className="code log-box"
      role="log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-live="off"
      aria-label="Log"
      data-wrap={wrap}
      style={
        { '--digits': `${digits}ch`, '--box': `${box.current?.clientWidth ?? 0}px` } as React.CSSProperties
      }
      onScroll={onScroll}
    >
      {ready && rows.count === 0 ? (
        <Empty>
          {log.alive ? 'Nothing printed yet.' : 'Nothing was printed, or the log has been removed since.'}
        </Empty>
      ) : null}
      {ready ? null : <p className="loading">Loading …</p>}
      <div
        className="log-rows"
        style={{ height: virtualizer.getTotalSize(), minWidth: wrap ? '100%' : `${widest.current + 4}ch` }}
      >
        {items.map(({ index, start, key }) => {
          const row = rows.at(index)
          const place = { part: row.part, line: row.kind === 'line' ? row.line : 0 }
          return (
            <div
              key={key}
              className="log-row"
              data-index={index}
              data-current={isSame(place, props.current)}
              data-linked={row.kind === 'line' && isSame(place, linked)}
              data-evidence={isSame(place, props.evidence.place)}
              ref={wrap || row.kind === 'mark' ? virtualizer.measureElement : undefined}
              // Not a transform: its numbers are too coarse for the last of a million lines.
              style={{ top: start }}
            >
              {row.kind === 'mark' ? (
                <Mark attempts={attempts} index={row.part} />
              ) : (
                <PlacedLine {...props} place={row} widest={widest} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function PlacedLine({
  place,
  log,
  wanted,
  metrics,
  evidence,
  hrefOf,
  onLink,
  widest,
}: Props & { place: Place; widest: React.RefObject<number> }) {
  const { part, line: number } = place
  const id = log.parts[part]?.id ?? 0
  const line = log.cache.line(id, number)
  widest.current = Math.max(widest.current, line?.text.length ?? 0)
  const decisive = isSame(place, evidence.place)
  const metric = decisive ? evidence.metric : metrics.get(`${id} ${number}`)
  const told = metric && line && shows(line.text, metric) ? evidenceWords(metric) : undefined
  return (
    <Line
      number={number}
      line={line}
      wanted={wanted}
      href={hrefOf(place)}
      evidence={told}
      decisive={decisive}
      onLink={() => onLink(place)}
      onWhole={() => void log.cache.whole(id, number)}
    />
  )
}
