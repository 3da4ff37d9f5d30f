import type { StoredEvent } from '../domain/event.ts'
import type { EventLog } from '../store/events.ts'
import { eventView } from './views.ts'

/** Events that are asked of the table at a time. */
export const PAGE = 100
/** What is kept for readers that keep up; who is further behind reads the table. */
const KEPT_EVENTS = 1_000
const KEPT_CHARACTERS = 1024 * 1024

/** One server-sent event, ready to be written. */
interface Frame {
  id: number
  runId: number | null
  text: string
}

export interface FeedPage {
  /** Oldest first. */
  frames: Frame[]
  /** The cursor that the next page starts after. */
  next: number
  /** Nothing was left at the moment of the reading. */
  atEnd: boolean
}

const frameOf = (event: StoredEvent): Frame => ({
  id: event.id,
  runId: event.runId,
  text: `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`,
})

/**
 * The newest events as they are written to live streams: each is read and serialised once, however many readers there
 * are. Bounded in memory; a reader that is further behind is served from the table.
 */
export class EventFeed {
  readonly #events: EventLog
  #recent: Frame[] = []
  #characters = 0
  /** All events after this one are in `#recent`, up to `#last`. */
  #from = 0
  #last = 0
  /** Whether the table may have events after `#last`. */
  #behind = false

  constructor(events: EventLog) {
    this.#events = events
    this.restart()
  }

  /** Forgets what it holds and begins at the end of the table: after a time in which nobody read. */
  restart(): void {
    this.#recent = []
    this.#characters = 0
    this.#from = this.#events.lastId()
    this.#last = this.#from
    this.#behind = false
  }

  /** The table has grown. */
  grown(): void {
    this.#behind = true
  }

  /** At most `limit` of the events that come after a cursor. @param runId only of this run */
  after(cursor: number, runId: number | undefined, limit: number): FeedPage {
    this.#readOn()
    return cursor >= this.#from
      ? this.#fromMemory(cursor, runId, limit)
      : this.#fromTable(cursor, runId, limit)
  }

  #fromMemory(cursor: number, runId: number | undefined, limit: number): FeedPage {
    const frames: Frame[] = []
    for (let at = this.#firstAfter(cursor); at < this.#recent.length; at++) {
      const frame = this.#recent[at] as Frame
      if (runId !== undefined && frame.runId !== runId) continue
      frames.push(frame)
      if (frames.length === limit) return { frames, next: frame.id, atEnd: false }
    }
    return { frames, next: Math.max(cursor, this.#last), atEnd: true }
  }

  #fromTable(cursor: number, runId: number | undefined, limit: number): FeedPage {
    const filter = runId === undefined ? { limit } : { runId, limit }
    const frames = this.#events.after(cursor, filter).map(frameOf)
    const full = frames.length === limit
    const lastId = frames.at(-1)?.id ?? cursor
    return { frames, next: full ? lastId : Math.max(lastId, this.#last), atEnd: !full }
  }

  #readOn(): void {
    while (this.#behind) {
      const page = this.#events.after(this.#last, { limit: PAGE })
      this.#behind = page.length === PAGE
      for (const event of page) {
        const frame = frameOf(event)
        this.#recent.push(frame)
        this.#characters += frame.text.length
        this.#last = frame.id
      }
      this.#trim()
    }
  }

  #trim(): void {
    let dropped = 0
    while (this.#recent.length - dropped > KEPT_EVENTS || this.#characters > KEPT_CHARACTERS) {
      const frame = this.#recent[dropped++] as Frame
      this.#characters -= frame.text.length
      this.#from = frame.id
    }
    if (dropped > 0) this.#recent.splice(0, dropped)
  }

  /** Index of the first frame after a cursor, by bisection. */
  #firstAfter(cursor: number): number {
    let low = 0
    let high = this.#recent.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#recent[middle] as Frame).id <= cursor) low = middle + 1
      else high = middle
    }
    return low
  }
}
