import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventFeed } from '../../src/http/event-feed.ts'
import { LiveStream } from '../../src/http/live-stream.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'

const HEARTBEAT_MS = 1000

/** What an answer is written to; it takes a write only when it is told to. */
class Connection extends Writable {
  readonly taken: string[] = []
  #take: (() => void) | null = null
  stuck = false
  constructor() {
    super({ highWaterMark: 16 * 1024, decodeStrings: false })
  }
  writeHead() {
    return this
  }
  override _write(text: string, _encoding: string, done: () => void) {
    const take = () => {
      this.taken.push(text)
      done()
    }
    if (this.stuck) this.#take = take
    else take()
  }
  /** Takes what it did not, and goes on. */
  takeAll() {
    this.stuck = false
    this.#take?.()
    this.#take = null
  }
  ids = () =>
    this.taken
      .join('')
      .split('\n')
      .flatMap((line) => (line.startsWith('id: ') ? [Number(line.slice(4))] : []))
}

let store: Store
let feed: EventFeed
const open: LiveStream[] = []

function reader(cursor = 0, runId?: number) {
  const connection = new Connection()
  const response = connection as unknown as ServerResponse
  const logger = pino({ level: 'silent' })
  const stream = new LiveStream(response, feed, { runId, cursor, heartbeatMs: HEARTBEAT_MS, logger })
  open.push(stream)
  return { connection, stream }
}

function append(count: number, text = '') {
  store.transaction(() => {
    for (let n = 0; n < count; n++) store.events.append('progress', {}, { text })
  })
  feed.grown()
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

beforeEach(() => {
  vi.useFakeTimers()
  store = createStore(openDatabase(':memory:'))
  feed = new EventFeed(store.events)
})
afterEach(() => {
  for (const stream of open.splice(0)) stream.close()
  vi.useRealTimers()
  store.close()
})

describe('readers that keep up', () => {
  it('cost one reading of the table together, however many they are', () => {
    const readers = upTo(50).map(() => reader())
    const reads = vi.spyOn(store.events, 'after')
    append(3)
    for (const { stream } of readers) stream.serve()
    for (const { connection } of readers) expect(connection.ids()).toEqual([1, 2, 3])
    expect(reads).toHaveBeenCalledTimes(1)
  })

  it('of one run do not ask the table about the events of others', () => {
    const { connection, stream } = reader(0, 7)
    append(2500)
    stream.serve()
    const reads = vi.spyOn(store.events, 'after')
    append(1)
    stream.serve()
    expect(connection.ids()).toEqual([])
    expect(reads.mock.calls).toEqual([[2500, { limit: 100 }]])
  })
})

describe('a reader that is further behind than what is kept', () => {
  it('gets all from the table, in order and once', () => {
    append(2500)
    const { connection, stream } = reader()
    stream.serve()
    append(2)
    stream.serve()
    expect(connection.ids()).toEqual(upTo(2502))
  })

  it('gets all after nobody had read for a time', () => {
    append(10)
    feed.restart()
    const { connection, stream } = reader(4)
    append(1)
    stream.serve()
    expect(connection.ids()).toEqual([5, 6, 7, 8, 9, 10, 11])
  })
})

describe('a reader that takes nothing', () => {
  it('has a small buffer, whatever happens, and gets all once it takes again', async () => {
    const { connection, stream } = reader()
    connection.stuck = true
    for (const _ of upTo(200)) {
      append(10, 'x'.repeat(1000))
      stream.serve()
      stream.tell('event: log\n\n')
    }
    expect(connection.writableLength).toBeLessThan(40_000)
    connection.takeAll()
    await vi.waitFor(() => expect(connection.ids()).toEqual(upTo(2000)))
  })

  it('holds no more than one event that is longer than the buffer', () => {
    const { connection, stream } = reader()
    connection.stuck = true
    append(100, 'x'.repeat(100_000))
    stream.serve()
    expect(connection.writableLength).toBeLessThan(120_000)
  })

  it('is cut off after some heartbeats', () => {
    const { connection, stream } = reader()
    connection.stuck = true
    append(100, 'x'.repeat(1000))
    stream.serve()
    vi.advanceTimersByTime(3 * HEARTBEAT_MS)
    expect(connection.destroyed).toBe(false)
    vi.advanceTimersByTime(HEARTBEAT_MS)
    expect(connection.destroyed).toBe(true)
  })

  it('is not cut off while it takes something between two heartbeats', async () => {
    const { connection, stream } = reader()
    for (const _ of upTo(10)) {
      connection.stuck = true
      append(100, 'x'.repeat(1000))
      stream.serve()
      vi.advanceTimersByTime(HEARTBEAT_MS)
      connection.takeAll()
      await new Promise(process.nextTick)
    }
    expect(connection.destroyed).toBe(false)
  })
})

it('ends when the table cannot be read, so that the reader comes back', () => {
  const { connection, stream } = reader()
  vi.spyOn(store.events, 'after').mockImplementation(() => {
    throw new Error('disk I/O error')
  })
  append(1)
  stream.serve()
  expect(connection.writableEnded).toBe(true)
})
