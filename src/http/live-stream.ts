import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type EventFeed, PAGE } from './event-feed.ts'

/** Events are written together up to this length, so that a reader's buffer stays small. */
const WRITE_CHARACTERS = 16 * 1024
/** A reader that took nothing for so many heartbeats is cut off. */
const STUCK_BEATS = 4

export interface LiveStreamOptions {
  /** Only events of this run. */
  runId: number | undefined
  /** The last event that the reader has. */
  cursor: number
  heartbeatMs: number
  logger: Logger
  /** Asked at each heartbeat; a reader who may no longer is cut off. */
  mayRead?: () => boolean
}

/** One reader of server-sent events: a cursor in the feed, moved on as fast as the reader takes what is written. */
export class LiveStream {
  readonly #response: ServerResponse
  readonly #feed: EventFeed
  readonly #options: LiveStreamOptions
  readonly #heartbeat: NodeJS.Timeout
  #cursor: number
  /** How many events to ask for: of long ones the reader takes few at a time. */
  #limit = PAGE
  #beatsWithoutDrain = 0
  #closed = false

  constructor(response: ServerResponse, feed: EventFeed, options: LiveStreamOptions) {
    this.#response = response
    this.#feed = feed
    this.#options = options
    this.#cursor = options.cursor
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.write('retry: 2000\n\n')
    response.on('drain', () => {
      this.#beatsWithoutDrain = 0
      this.serve()
    })
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs)
  }

  isOf(runId: number): boolean {
    return this.#options.runId === undefined || this.#options.runId === runId
  }

  /** Writes what the reader has not got yet, until its buffer is full; the rest when it has drained. */
  serve(): void {
    try {
      while (!this.#closed && !this.#response.writableNeedDrain && this.#writeSome());
    } catch (error) {
      this.#options.logger.error({ err: error }, 'live stream ended')
      this.close()
    }
  }

  /** Something that is true only now: not for a reader that is behind. */
  tell(text: string): void {
    if (!this.#closed && !this.#response.writableNeedDrain) this.#response.write(text)
  }

  /** Ends it when the reader may no longer read. */
  check(): void {
    if (this.#options.mayRead?.() === false) this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#heartbeat)
    this.#response.end()
  }

  /** @returns whether there may be more */
  #writeSome(): boolean {
    const { frames, next, atEnd } = this.#feed.after(this.#cursor, this.#options.runId, this.#limit)
    let text = ''
    for (const [index, frame] of frames.entries()) {
      text += frame.text
      if (text.length < WRITE_CHARACTERS) continue
      this.#cursor = frame.id
      this.#limit = index + 1
      this.#response.write(text)
      return true
    }
    this.#cursor = next
    this.#limit = Math.min(PAGE, 2 * this.#limit)
    if (text !== '') this.#response.write(text)
    return !atEnd
  }

  #beat(): void {
    this.check()
    this.tell(': still here\n\n')
    if (!this.#response.writableNeedDrain) return
    this.#beatsWithoutDrain++
    // Reset, not ended: an end would wait behind what the reader does not take.
    if (this.#beatsWithoutDrain >= STUCK_BEATS) this.#response.destroy()
  }
}
