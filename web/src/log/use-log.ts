import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { AttemptView } from '../../../src/http/contract.ts'
import { getLogLines, searchLog } from '../api.ts'
import type { Listeners } from '../listeners.ts'
import { logNotices } from '../live.ts'
import { LogCache } from './cache.ts'
import { type Part, rowsOf } from './rows.ts'
import { LogSearch } from './search.ts'

const POLL_MS = 2000
/** A notice may come before its lines are on the server's disk. */
const LATER_MS = 300
const TYPING_MS = 200

const isAlive = ({ state }: AttemptView) => state === 'starting' || state === 'running'

/** Renders again whenever the store says that it has changed. */
function useChanges(store: { changed: Listeners<void>; version: number }) {
  const { changed } = store
  const subscribe = useCallback((listener: () => void) => changed.add(listener), [changed])
  useSyncExternalStore(subscribe, () => store.version)
}

/** The logs of a trial's attempts as one list of rows that grows with them. */
export function useLog(attempts: readonly AttemptView[]) {
  const [cache] = useState(() => new LogCache(getLogLines))
  useChanges(cache)
  /** The attempt whose lines are held back. */
  const [held, setHeld] = useState<number | null>(null)
  // The states are part of it: the end of a log is written when its attempt ends.
  const states = attempts.map(({ id, state }) => `${id} ${state}`).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: `states` stands for the attempts
  useEffect(() => {
    const ids = attempts.map(({ id }) => id)
    for (const id of ids) void cache.grow(id)
    const alive = attempts.filter(isAlive)
    const timer =
      alive.length === 0 ? undefined : setInterval(() => alive.map(({ id }) => cache.grow(id)), POLL_MS)
    let later: ReturnType<typeof setTimeout> | undefined
    const unsubscribe = logNotices.add(({ attemptId, held }) => {
      if (!ids.includes(attemptId)) return
      setHeld(held ? attemptId : null)
      void cache.grow(attemptId)
      clearTimeout(later)
      later = setTimeout(() => void cache.grow(attemptId), LATER_MS)
    })
    return () => {
      clearInterval(timer)
      clearTimeout(later)
      unsubscribe()
    }
  }, [cache, states])

  useEffect(() => () => cache.end(), [cache])

  const known = attempts.map(({ id }) => cache.total(id))
  const isKnown = known.every((total) => total !== null)
  // Lines that are seen stay while those of a new attempt are on their way.
  const [wasKnown, setWasKnown] = useState(isKnown)
  if (isKnown && !wasKnown) setWasKnown(true)
  const ready = isKnown || wasKnown
  const key = attempts.map(({ id }, index) => `${id}:${known[index] ?? 0}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` holds all that a part has
  const parts = useMemo(
    (): Part[] => attempts.map(({ id }, index) => ({ id, total: known[index] ?? 0 })),
    [key],
  )
  const rows = useMemo(() => rowsOf(ready ? parts : []), [parts, ready])
  return {
    cache,
    parts,
    rows,
    ready,
    alive: attempts.some(isAlive),
    held: attempts.some((one) => one.id === held && isAlive(one)),
  }
}

/** @param text null: errors are looked for; empty: nothing is */
export function useLogSearch(parts: readonly Part[], text: string | null) {
  const search = useMemo(
    () => new LogSearch((id, from, limit, signal) => searchLog(id, { text, from, limit }, signal)),
    [text],
  )
  useChanges(search)
  useEffect(() => () => search.end(), [search])
  const [begun, setBegun] = useState<LogSearch | null>(null)
  useEffect(() => {
    if (text === '') return
    const timer = setTimeout(() => setBegun(search), TYPING_MS)
    return () => clearTimeout(timer)
  }, [search, text])
  useEffect(() => {
    if (begun === search) void search.goOn(parts.map(({ id }) => id))
  }, [begun, search, parts])
  return search
}
