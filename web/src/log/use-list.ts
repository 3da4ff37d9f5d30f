import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { Place, Rows } from './rows.ts'
import { MOST_ROWS, skipAround, skipForEnd } from './window.ts'

/** In pixels, as the style says. */
const LINE_HEIGHT = 17
const MARK_HEIGHT = 38
/** How near to its end a log counts as followed, in pixels. */
const NEAR_END = 40

interface Options {
  rows: Rows
  ready: boolean
  box: RefObject<HTMLElement | null>
  wrap: boolean
  /** Where to begin, and to go when it changes; null: the end, followed as the log grows. */
  linked: Place | null
}

/** The rows in view, and the ways to others. */
export function useList({ rows, ready, box, wrap, linked }: Options) {
  const following = useRef(linked === null)
  const lastTop = useRef(0)
  const [skip, setSkip] = useState(0)
  /** To go to as soon as the list has moved there. */
  const pending = useRef<{ index: number; align: 'start' | 'center' } | null>(null)
  const count = Math.min(rows.count - skip, MOST_ROWS)
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: (index) => (rows.isMark(index + skip) ? MARK_HEIGHT : LINE_HEIGHT),
    getItemKey: useCallback((index: number) => index + skip, [skip]),
    overscan: 12,
    paddingEnd: 6,
    scrollPaddingEnd: 6,
  })
  const goToRow = (index: number, align: 'start' | 'center') => {
    following.current = false
    if (index >= skip && index < skip + count) {
      virtualizer.scrollToIndex(index - skip, { align })
      return
    }
    pending.current = { index, align }
    setSkip(skipAround(index, rows.count))
  }
  const goTo = ({ part, line }: Place) => goToRow(rows.indexOf(part, line), line < 1 ? 'start' : 'center')
  const isInView = ({ part, line }: Place) => {
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: -1 }
    const index = rows.indexOf(part, line) - skip
    return line > 0 && index > startIndex && index < endIndex
  }
  const toEnd = () => {
    following.current = true
    if (skip + count < rows.count) setSkip(skipForEnd(rows.count))
    else virtualizer.scrollToIndex(count - 1, { align: 'end' })
  }
  const toStart = () => {
    if (skip > 0) goToRow(0, 'start')
    else virtualizer.scrollToOffset(0)
    following.current = false
  }
  const height = virtualizer.getTotalSize()

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more, or a line turned out to be taller
  useLayoutEffect(() => {
    if (rows.count > 0 && following.current) toEnd()
  }, [rows.count, height, skip])
  const marked = rows.count === 0 ? null : rows.isMark(0)
  const wasMarked = useRef(marked)
  useLayoutEffect(() => {
    // A second attempt puts a mark above the first.
    const isPushed = marked && wasMarked.current === false && skip === 0
    if (isPushed && !following.current && box.current) box.current.scrollTop += MARK_HEIGHT
    wasMarked.current = marked
  }, [marked, skip, box])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the list has moved along the log
  useLayoutEffect(() => {
    const to = pending.current
    pending.current = null
    if (to !== null) goToRow(to.index, to.align)
  }, [skip])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the log is there, and when the address changes
  useLayoutEffect(() => {
    if (!ready) return
    if (linked === null) toEnd()
    else if (isInView(linked)) following.current = false
    else goTo(linked)
    if (linked !== null && linked.line > 0) box.current?.scrollIntoView({ block: 'nearest' })
  }, [ready, linked])
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are others when lines are broken
  useLayoutEffect(() => virtualizer.measure(), [wrap])

  /** @returns the row at the top, and whether the end is in view; null while there is nothing */
  const onScroll = () => {
    const top = virtualizer.getVirtualItemForOffset(box.current?.scrollTop ?? 0)
    if (!box.current || !top) return null
    const { scrollHeight, scrollTop, clientHeight } = box.current
    const below = scrollHeight - scrollTop - clientHeight
    const isLast = skip + count === rows.count
    const atEnd = isLast && below < NEAR_END
    following.current = atEnd || (following.current && scrollTop >= lastTop.current)
    lastTop.current = scrollTop
    // The list moves along where it ends and the log does not.
    const atEdge = (skip > 0 && scrollTop < LINE_HEIGHT) || (!isLast && below < LINE_HEIGHT)
    if (atEdge && pending.current === null) {
      pending.current = { index: top.index + skip, align: 'start' }
      setSkip(skipAround(top.index + skip, rows.count))
    }
    return { row: rows.at(top.index + skip), atEnd }
  }
  const items = virtualizer.getVirtualItems().map(({ index, start }) => ({ index: index + skip, start }))
  return { items, height, measure: virtualizer.measureElement, goTo, toStart, toEnd, onScroll, skip }
}
