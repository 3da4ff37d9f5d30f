import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { AttemptView, MetricView } from '../../../../src/http/contract.ts'
import { evidenceWords, shows, type useEvidence } from '../../log/evidence.ts'
import { isSame, type Place } from '../../log/rows.ts'
import { useList } from '../../log/use-list.ts'
import type { useLog } from '../../log/use-log.ts'
import { Empty, Loading } from '../basics.tsx'
import { Line, Mark } from './row.tsx'

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
  const widest = useRef(0)
  const list = useList({ rows, ready, box, wrap, linked })
  const { items, goTo, toStart, toEnd } = list
  useImperativeHandle(ref, () => ({ goTo, toStart, toEnd, focus: () => box.current?.focus() }))

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
    const seen = list.onScroll()
    if (seen === null) return
    const { row, atEnd } = seen
    onAtEnd(atEnd)
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
      {ready ? null : <Loading />}
      <div
        className="log-rows"
        style={{ height: list.height, minWidth: wrap ? '100%' : `${widest.current + 4}ch` }}
      >
        {/* One block that moves, with the rows one below the other: at some millions of pixels each of them would be rounded. */}
        <div className="log-shown" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
          {items.map(({ index }) => {
            const row = rows.at(index)
            const place = { part: row.part, line: row.kind === 'line' ? row.line : 0 }
            return (
              <div
                key={index}
                className="log-row"
                data-index={index - list.skip}
                data-current={isSame(place, props.current)}
                data-linked={row.kind === 'line' && isSame(place, linked)}
                data-evidence={isSame(place, props.evidence.place)}
                ref={wrap || row.kind === 'mark' ? list.measure : undefined}
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
