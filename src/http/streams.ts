import type { Request, Response } from 'express'
import type { Access } from './access.ts'
import type { HttpDeps } from './deps.ts'
import { badRequest, HttpError } from './errors.ts'
import { EventFeed } from './event-feed.ts'
import { LiveStream } from './live-stream.ts'
import type { Notice } from './log-notices.ts'

const MAX_STREAMS = 1_000
const HEARTBEAT_MS = 15_000
/** Streams are served at most this often, so that many events cost each reader one write. */
const SERVE_EVERY_MS = 50

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
 * The live streams (server-sent events): first what the reader missed, then all that happens, in order and each event
 * once. Nothing piles up for a slow reader: it is served only as fast as it takes, and cut off when it takes nothing
 * at all; when it comes back with its last event id, it is given what it missed, or told that some of it was let go
 * since, so that it asks for everything anew.
 */
export class Streams {
  readonly #deps: HttpDeps
  readonly #feed: EventFeed
  readonly #open = new Set<LiveStream>()
  #closing = false
  #nextTurn: NodeJS.Timeout | null = null
  #grownSince = false

  readonly #access: Access

  constructor(deps: HttpDeps, access: Access) {
    this.#deps = deps
    this.#access = access
    this.#feed = new EventFeed(deps.store.events)
    deps.store.events.subscribe(() => this.#grown())
    deps.notices.subscribe((notice) => this.#tellOfLog(notice))
  }

  get count(): number {
    return this.#open.size
  }

  /** Serves until the reader leaves or the server closes. @param runId only this run's events */
  open(request: Request, response: Response, runId?: number): void {
    if (this.#closing || this.#open.size >= MAX_STREAMS) {
      throw new HttpError(503, 'too-many-streams', 'No more live streams now.', 'Try again in a moment.')
    }
    const { store, heartbeatMs = HEARTBEAT_MS, logger } = this.#deps
    const cursor = cursorOf(request, store.events.lastId())
    if (this.#open.size === 0) this.#feed.restart()
    const stream = new LiveStream(response, this.#feed, {
      ...{ runId, cursor, heartbeatMs, logger },
      // A token may be revoked, or come to its end, while somebody reads.
      mayRead: () => this.#access.of(request) !== null,
    })
    this.#open.add(stream)
    response.on('close', () => {
      this.#open.delete(stream)
      stream.close()
    })
    const pruned = store.events.prunedTo()
    // Without an id of its own, so that a reader who leaves now is told again.
    if (cursor < pruned) stream.tell(`event: reset\ndata: ${JSON.stringify({ id: pruned })}\n\n`)
    stream.serve()
  }

  /** Ends the streams of those whose token or session is gone. */
  recheck(): void {
    for (const stream of this.#open) stream.check()
  }

  /** Ends every stream and takes no new one. */
  closeAll(): void {
    this.#closing = true
    if (this.#nextTurn) clearTimeout(this.#nextTurn)
    for (const stream of this.#open) stream.close()
    this.#open.clear()
  }

  /** The first time at once, then once in a while. */
  #grown(): void {
    this.#feed.grown()
    if (this.#open.size === 0 || this.#closing) return
    if (this.#nextTurn) {
      this.#grownSince = true
      return
    }
    for (const stream of this.#open) stream.serve()
    this.#nextTurn = setTimeout(() => {
      this.#nextTurn = null
      if (!this.#grownSince) return
      this.#grownSince = false
      this.#grown()
    }, SERVE_EVERY_MS).unref()
  }

  #tellOfLog({ runId, ...notice }: Notice): void {
    const text = `event: log\ndata: ${JSON.stringify(notice)}\n\n`
    for (const stream of this.#open) if (stream.isOf(runId)) stream.tell(text)
  }
}
