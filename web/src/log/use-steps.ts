import { useEffect, useState } from 'react'
import { firstFrom, type Place } from './rows.ts'
import type { LogSearch } from './search.ts'

const count = (number: number) => number.toLocaleString('en-US')

/** `3 of 128`, and what it is while nothing is found. Pure. */
export function outcomeOf(
  search: Pick<LogSearch, 'hits' | 'searching' | 'unfinished' | 'error'>,
  at: number,
) {
  const { hits, searching, unfinished, error } = search
  if (error) return error.message
  if (hits.length === 0) return searching ? 'searching …' : 'none'
  return `${count(at + 1)} of ${count(hits.length)}${unfinished || searching ? '+' : ''}`
}

/**
 * Walks the hits of a search, beginning with the first at or after what is seen, and round at the ends.
 * @param goTo brings a hit into view
 */
export function useSteps(search: LogSearch, seen: Place, goTo: (place: Place) => void, wanted = true) {
  const [at, setAt] = useState<{ search: LogSearch; index: number } | null>(null)
  const index = at?.search === search ? at.index : null
  const { hits, searching, unfinished } = search
  const go = (to: number) => {
    const place = hits[to]
    if (place === undefined) return
    setAt({ search, index: to })
    goTo(place)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first hit is gone to once, when it comes
  useEffect(() => {
    if (!wanted || index !== null || hits.length === 0) return
    const first = firstFrom(hits, seen)
    if (first < hits.length) go(first)
    else if (!searching) go(0)
  }, [wanted, index, hits, searching])
  const walk = (step: 1 | -1) => {
    void search.again()
    if (hits.length === 0) return
    const to = (index ?? (step === 1 ? -1 : 0)) + step
    if (to >= hits.length && unfinished) {
      void search.more()
      return
    }
    go((to + hits.length) % hits.length)
  }
  const current = index === null ? null : (hits[index] ?? null)
  return { current, walk, outcome: outcomeOf(search, index ?? 0) }
}
