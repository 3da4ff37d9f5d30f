import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { EventView, LogNotice } from '../../src/http/contract.ts'
import { apiPath } from './api.ts'
import { Listeners } from './listeners.ts'
import { Refresh } from './refresh.ts'

export type LiveState = 'connecting' | 'live' | 'lost'
export interface Progress {
  text: string
  at: number
}

const EVENT_TYPES = [
  'project',
  'delivery',
  'run',
  'job',
  'trial',
  'attempt',
  'metric',
  'mail',
  'progress',
] as const
/** All queries. */
const ALL: QueryKey[] = [[]]
const REOPEN_MS = 2000

const states = new Listeners<void>()
let state: LiveState = 'connecting'
const setState = (next: LiveState) => {
  state = next
  states.call()
}
export const useLiveState = () =>
  useSyncExternalStore(
    (listener) => states.add(listener),
    () => state,
  )

/** Told when the log of an attempt has grown. */
export const logNotices = new Listeners<LogNotice>()

/** The queries that an event makes stale. Pure. */
export function staleKeys({ type, runId, data }: EventView): QueryKey[] {
  const run: QueryKey[] = runId === null ? [] : [['run', runId]]
  switch (type) {
    case 'project':
      return ALL
    case 'delivery':
      return [['deliveries'], ['runs'], ['projects'], ['overview'], ['health']]
    case 'run':
      // A winner's branch is there when its run ends.
      return [...run, ['runs'], ['overview'], ['metric-history'], ['branch']]
    case 'trial':
      return [
        ...run,
        ['runs'],
        ['overview'],
        ['metric-history'],
        ['trial', data.id],
        ...(runId === null ? [] : [['curves', runId]]),
      ]
    case 'attempt':
      return [...run, ['trial', data.trialId]]
    case 'metric':
      return [['trial', data.trialId]]
    case 'mail':
      return [...run, ['mails'], ['health']]
    case 'job':
      return [...run, ['runs'], ['overview']]
    case 'progress':
      return []
  }
}

/** A stream of the API, and the event that the page's data is already true at. */
export interface Stream {
  path: string
  /** 0: unknown, so everything is refreshed once the stream is open. */
  known: number
}

/** Follows a stream until the returned function is called. The browser sends Last-Event-ID when it reconnects. */
function follow({ path, known }: Stream, client: QueryClient): () => void {
  const refresh = new Refresh(client)
  let reopen: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | null = null
  let behind = known === 0

  const onEvent = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as EventView
    if (event.type === 'progress' && event.runId !== null) {
      const progress: Progress = { text: String(event.data.text ?? ''), at: event.at }
      client.setQueryData(['progress', event.runId], progress)
    }
    // A line of progress belongs to the job that wrote it.
    if (event.type === 'job') client.setQueryData(['progress', event.runId], null)
    if (event.id > known) refresh.mark(staleKeys(event))
  }

  const open = () => {
    source = new EventSource(apiPath(path))
    for (const type of EVENT_TYPES) source.addEventListener(type, onEvent)
    source.addEventListener('reset', (message: MessageEvent<string>) => {
      if ((JSON.parse(message.data) as { id: number }).id > known) refresh.mark(ALL)
    })
    source.addEventListener('log', (message) => logNotices.call(JSON.parse(message.data) as LogNotice))
    source.onopen = () => {
      setState('live')
      if (behind) refresh.mark(ALL)
      behind = false
    }
    source.onerror = () => {
      behind = true
      setState('lost')
      if (source?.readyState !== EventSource.CLOSED) return
      // An answer such as a proxy's 502 ends an EventSource for good. It may also be that the session is over: this asks.
      void client.invalidateQueries({ queryKey: ['me'] })
      source.close()
      reopen = setTimeout(open, REOPEN_MS)
    }
  }

  open()
  return () => {
    refresh.stop()
    clearTimeout(reopen)
    source?.close()
  }
}

/**
 * Keeps the queries fresh from a stream of the API while the page can be seen. A hidden page gives its connection
 * back, since browsers allow only six to a server, and refreshes everything when it is shown again.
 * @param path null: not yet known
 */
export function useLive(path: string | null, known = 0): void {
  const client = useQueryClient()
  useEffect(() => {
    if (path === null) return
    let stop: (() => void) | null = null
    let shown = false
    const toggle = () => {
      if (document.hidden) {
        stop?.()
        stop = null
        return
      }
      stop ??= follow({ path, known: shown ? 0 : known }, client)
      shown = true
    }
    toggle()
    document.addEventListener('visibilitychange', toggle)
    return () => {
      document.removeEventListener('visibilitychange', toggle)
      stop?.()
    }
  }, [path, known, client])
}
