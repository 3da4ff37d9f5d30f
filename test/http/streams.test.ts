import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { EventView } from '../../src/http/contract.ts'
import type { LogNotices } from '../../src/http/log-notices.ts'
import { ADMIN_TOKEN, fullRun, type TestServer, testServer } from '../helpers/http.ts'

interface Message {
  id?: string
  event?: string
  data?: string
  comment?: string
}

/** A reader of server-sent events that takes a message when it is asked to. */
class Reader {
  readonly response: IncomingMessage
  readonly #messages: AsyncIterator<Message>
  constructor(response: IncomingMessage) {
    this.response = response
    this.#messages = Reader.#parse(response)
  }

  static async *#parse(response: IncomingMessage): AsyncGenerator<Message> {
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const message: Record<string, string> = {}
        for (const line of lines) {
          const [, field = '', value = ''] = /^(\w*): ?(.*)$/.exec(line) ?? []
          message[field || 'comment'] = value
        }
        if (!('retry' in message)) yield message
      }
    }
  }

  /** The next message; null when the server ended the stream. */
  async next(): Promise<Message | null> {
    const { done, value } = await this.#messages.next()
    return done ? null : value
  }

  async take(count: number): Promise<Message[]> {
    const messages: Message[] = []
    while (messages.length < count) messages.push((await this.next()) as Message)
    return messages
  }
}

let hone: TestServer
const open: Reader[] = []

async function read(path: string, headers: Record<string, string> = {}): Promise<Reader> {
  const request = get(`${hone.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
    agent: false,
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const reader = new Reader(response)
  open.push(reader)
  return reader
}

const newRun = (name: string) => {
  const { project } = hone.project({ name })
  return fullRun(hone.store, project.id, defaultSettings).run
}
const line = (runId: number, text: string) =>
  hone.store.transaction(() => hone.store.runs.progress(runId, text))
const texts = (messages: Message[]) =>
  messages.map(({ data }) => EventView.parse(JSON.parse(data ?? '')).data.text)

beforeEach(async () => {
  hone = await testServer({ heartbeatMs: 20 })
})
afterEach(async () => {
  for (const reader of open.splice(0)) reader.response.destroy()
  await hone.close()
})

/** The messages that are no heartbeats. */
async function events(reader: Reader, count: number): Promise<Message[]> {
  const messages: Message[] = []
  while (messages.length < count) {
    const message = (await reader.next()) as Message
    if (message.comment === undefined) messages.push(message)
  }
  return messages
}

describe('the stream of a run', () => {
  it('replays what came after Last-Event-ID, then goes on live, each event once', async () => {
    const run = newRun('a')
    const all = hone.store.events.after(0, { runId: run.id })
    const seen = all[2]?.id as number
    const reader = await read(`/runs/${run.id}/events`, { 'last-event-id': String(seen) })
    expect(reader.response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/)
    const replayed = await events(reader, all.length - 3)
    expect(replayed.map(({ id }) => Number(id))).toEqual(all.slice(3).map(({ id }) => id))
    expect(replayed.map(({ event }) => event)).toEqual(all.slice(3).map(({ type }) => type))

    line(run.id, 'one')
    line(run.id, 'two')
    expect(texts(await events(reader, 2))).toEqual(['one', 'two'])
  })

  it('starts after `after`, which Last-Event-ID overrides', async () => {
    const run = newRun('a')
    const start = hone.store.events.lastId()
    line(run.id, 'one')
    line(run.id, 'two')
    const first = await read(`/runs/${run.id}/events?after=${start}`)
    const [one] = await events(first, 1)
    const second = await read(`/runs/${run.id}/events?after=${start}`, { 'last-event-id': String(one?.id) })
    expect(texts(await events(second, 1))).toEqual(['two'])
  })

  it('starts now when nothing is asked, and after a cursor from the future', async () => {
    const run = newRun('a')
    const now = await read(`/runs/${run.id}/events`)
    const future = await read(`/runs/${run.id}/events?after=999999`)
    line(run.id, 'one')
    expect(texts(await events(now, 1))).toEqual(['one'])
    expect(texts(await events(future, 1))).toEqual(['one'])
  })

  it('says that the reader missed events which were let go, and goes on with those that are there', async () => {
    const [old, alive] = [newRun('old'), newRun('alive')]
    const first = hone.store.events.after(0, { runId: alive.id })[0]?.id as number
    hone.store.transaction(() => hone.store.compaction.compact(old.id))
    const pruned = hone.store.events.prunedTo()
    expect(pruned).toBeGreaterThan(0)
    const [reset, next] = await events(await read(`/runs/${alive.id}/events?after=${pruned - 1}`), 2)
    expect(reset).toEqual({ event: 'reset', data: JSON.stringify({ id: pruned }) })
    expect(Number(next?.id)).toBe(first)
    const [known] = await events(await read(`/runs/${alive.id}/events?after=${pruned}`), 1)
    expect(Number(known?.id)).toBe(first)
  })

  it('has no events of other runs, which the stream of all has', async () => {
    const [a, b] = [newRun('a'), newRun('b')]
    const own = await read(`/runs/${b.id}/events`)
    const all = await read('/events')
    line(a.id, 'of a')
    line(b.id, 'of b')
    expect(texts(await events(own, 1))).toEqual(['of b'])
    expect(texts(await events(all, 2))).toEqual(['of a', 'of b'])
  })

  it('refuses a cursor that is none', async () => {
    const run = newRun('a')
    expect((await read(`/runs/${run.id}/events`, { 'last-event-id': '1; drop' })).response.statusCode).toBe(
      400,
    )
    expect((await read(`/runs/${run.id}/events?after=-1`)).response.statusCode).toBe(400)
  })

  it('says that it is still there', async () => {
    const reader = await read('/events')
    expect(await reader.take(2)).toEqual([{ comment: 'still here' }, { comment: 'still here' }])
  })

  it('tells of a growing log, without an id', async () => {
    const [a, b] = [newRun('a'), newRun('b')]
    const reader = await read(`/runs/${b.id}/events`)
    hone.deps.notices.grown(a.id, 7, 10)
    hone.deps.notices.grown(b.id, 8, 20)
    expect(await events(reader, 1)).toEqual([
      { event: 'log', data: '{"attemptId":8,"bytes":20,"held":false}' },
    ])
  })
})

describe('readers', () => {
  it('that are slow get every event, from pages of the table', async () => {
    const run = newRun('a')
    const reader = await read(`/runs/${run.id}/events`)
    const pages = vi.spyOn(hone.store.events, 'after')
    // More than the buffers of both sides of a connection hold.
    const text = 'x'.repeat(64 * 1024)
    const count = 400
    hone.store.transaction(() => {
      for (let n = 0; n < count; n++) hone.store.runs.progress(run.id, `${n}:${text}`)
    })
    const got = texts(await events(reader, count)).map((each) => Number(String(each).split(':')[0]))
    expect(got).toEqual(Array.from({ length: count }, (_, n) => n))
    expect(Math.max(...pages.mock.calls.map(([, filter]) => filter?.limit ?? Infinity))).toBe(100)
    expect(pages.mock.calls.length).toBeGreaterThanOrEqual(count / 100)
  })

  it('that leave are forgotten', async () => {
    const reader = await read('/events')
    const { notices } = hone.deps as { notices: LogNotices }
    reader.response.destroy()
    await vi.waitFor(async () => {
      const metrics = await fetch(`${hone.url}/metrics`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      })
      expect(await metrics.text()).toContain('hone_streams 0')
    })
    notices.grown(1, 1, 1)
    hone.store.events.append('progress', {}, { text: 'nobody listens' })
  })

  it('are let go when the server closes, and no new one is taken', async () => {
    const reader = await read('/events')
    const closed = hone.server.close(5_000)
    let message = await reader.next()
    while (message !== null) message = await reader.next()
    await closed
    await expect(read('/events')).rejects.toThrow(/ECONNREFUSED/)
  })
})
