import { once } from 'node:events'
import type { Request, Response } from 'express'
import type { HttpDeps } from './deps.ts'
import { badRequest, HttpError } from './errors.ts'
import { eventView } from './views.ts'

const PAGE = 100
const MAX_STREAMS = 200
const HEARTBEAT_MS = 15_000

/** Where a reader goes on: what the browser saw last, else what the page asks for, else now. */
function cursorOf(request: Request, lastId: number): number {
  const given = request.get('last-event-id') || request.query.after
  if (given === undefined) return lastId
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) {
    throw badRequest(
      'bad-cursor',
      `'${given}' is no event id.`,
      'Use `lastEventId` of a run, or leave it out.',
    )
  }
  return Math.min(Number(given), lastId)
}

/**
 * The live streams (server-sent events): first what the reader missed, then all that happens. The events come from
 * their table, page by page and only as fast as the reader takes them, so that none is lost and nothing piles up.
 */
export class Streams {
  readonly #deps: HttpDeps
  readonly #open = new Map<Response, () => void>()
  #closing = false

  constructor(deps: HttpDeps) {
    this.#deps = deps
  }

  get count(): number {
    return this.#open.size
  }

  /** Serves until the reader leaves or the server closes. @param runId only this run's events */
  open(request: Request, response: Response, runId?: number): void {
    if (this.#closing || this.#open.size >= MAX_STREAMS) {
      throw new HttpError(503, 'too-many-streams', 'No more live streams now.', 'Try again in a moment.')
    }
    const { store, notices, heartbeatMs = HEARTBEAT_MS, logger } = this.#deps
    let cursor = cursorOf(request, store.events.lastId())
    let pumping = false
    let missed = false
    const gone = new AbortController()

    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    response.write('retry: 2000\n\n')

    const catchUp = async () => {
      for (;;) {
        const page = store.events.after(
          cursor,
          runId === undefined ? { limit: PAGE } : { runId, limit: PAGE },
        )
        if (page.length === 0) return
        for (const event of page) {
          if (response.writableNeedDrain) await once(response, 'drain', { signal: gone.signal })
          response.write(
            `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`,
          )
          cursor = event.id
        }
      }
    }
    const pump = async () => {
      missed = true
      if (pumping) return
      pumping = true
      try {
        while (missed && !gone.signal.aborted) {
          missed = false
          await catchUp()
        }
      } catch (error) {
        if (gone.signal.aborted) return
        logger.error({ err: error }, 'live stream ended')
        close()
      } finally {
        pumping = false
      }
    }
    const unsubscribe = [
      store.events.subscribe(() => void pump()),
      notices.subscribe((notice) => {
        if (runId !== undefined && notice.runId !== runId) return
        if (response.writableNeedDrain) return
        const { attemptId, bytes } = notice
        response.write(`event: log\ndata: ${JSON.stringify({ attemptId, bytes })}\n\n`)
      }),
    ]
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(': still here\n\n')
    }, heartbeatMs)
    const close = () => {
      if (!this.#open.delete(response)) return
      gone.abort()
      clearInterval(heartbeat)
      for (const end of unsubscribe) end()
      response.end()
    }
    this.#open.set(response, close)
    response.on('close', close)
    void pump()
  }

  /** Ends every stream and takes no new one. */
  closeAll(): void {
    this.#closing = true
    for (const close of [...this.#open.values()]) close()
  }
}
