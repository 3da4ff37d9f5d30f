import { EventEmitter, once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { followLogs } from '../../src/containers/docker-logs.ts'
import type { Engine } from '../../src/containers/engine.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'

const status = (state: 'running' | 'exited') => ({ state }) as ContainerStatus

/** What the engine writes of one line of stdout. */
function frame(number: number, second = '2026-01-01T00:00:00'): Buffer {
  const at = `${second}.${String(number).padStart(9, '0')}Z`
  const payload = Buffer.from(`${at} line ${number}\n`)
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

it('lets all else have its turn while a container prints without a pause', async () => {
  const CHUNKS = 50
  // Always readable: no read of it ever waits.
  const chunks = Array.from({ length: CHUNKS }, (_, at) => Buffer.concat([frame(2 * at), frame(2 * at + 1)]))
  const engine = { open: async () => Readable.from(chunks) } as unknown as Engine
  const container = { id: 'c', inspect: async () => status('exited'), ended: async () => {} }
  let turns = 0
  const turn = () => {
    turns++
    timer = setImmediate(turn)
  }
  let timer = setImmediate(turn)
  const lines: string[] = []
  for await (const { text } of followLogs(engine, container, null, new AbortController().signal)) {
    lines.push(text)
  }
  clearImmediate(timer)
  expect(lines).toEqual(Array.from({ length: 2 * CHUNKS }, (_, number) => `line ${number}`))
  expect(turns).toBeGreaterThanOrEqual(CHUNKS - 1)
})

/** What an engine sends, one stream after the other; the container has ended when the last of them is asked for. */
async function followed(log: Buffer[], streams: Buffer[][]) {
  const broken = new EventEmitter()
  const ended = once(broken, 'end')
  const since: number[] = []
  const stamp = (entry: Buffer) => Date.parse(entry.toString('latin1', 8, entry.indexOf(' ', 8))) / 1000
  const engine = {
    async open(_: string, { method, query }: { method: string; query: { since: string } }) {
      if (method === 'POST') return null
      since.push(Number(query.since))
      const sent = streams[since.length - 1]
      if (sent) return Readable.from(sent).once('end', () => broken.emit('end'))
      return Readable.from(log.filter((entry) => stamp(entry) >= Number(query.since)))
    },
  } as unknown as Engine
  const states = [...streams.map(() => status('running')), status('exited')]
  const container = {
    id: 'c',
    inspect: async () => states.shift() ?? null,
    ended: async () => void (await ended),
  }
  const lines: string[] = []
  for await (const { text } of followLogs(engine, container, null, new AbortController().signal)) {
    lines.push(text)
  }
  return { lines, since }
}

it('loses no line of an engine whose clock is set back', async () => {
  const after = '2025-12-31T21:00:00'
  const all = [frame(1), frame(2), frame(3, after), frame(4, after)]
  const { lines, since } = await followed(all, [all.slice(0, 3)])
  expect(lines).toEqual(['line 1', 'line 2', 'line 3', 'line 4'])
  expect(since).toEqual([0, Date.parse(`${after}Z`) / 1000 - 10])
})

it('reads all again after the clock was set back more than once', async () => {
  const log = [frame(1), frame(2, '2025-12-31T21:00:00'), frame(3, '2025-12-31T20:00:00'), frame(4)]
  const { lines, since } = await followed(log, [log.slice(0, 2), log.slice(0, 3), log])
  expect(lines).toEqual(['line 1', 'line 2', 'line 3', 'line 4'])
  expect(since.slice(1)).toEqual([Date.parse('2025-12-31T21:00:00Z') / 1000 - 10, 0, 0])
})

it('takes no line twice where the engine follows a new log file from its beginning once more', async () => {
  const log = Array.from({ length: 6 }, (_, number) => frame(number + 1))
  const again = [...log.slice(0, 4), ...log.slice(2, 4)]
  const { lines } = await followed(log, [again, log])
  expect(lines).toEqual([1, 2, 3, 4, 5, 6].map((number) => `line ${number}`))
})

it('takes the one line of a new log file once', async () => {
  const log = [frame(1), frame(2), frame(3)]
  const { lines } = await followed(log, [[frame(1), frame(2), frame(2)], log])
  expect(lines).toEqual(['line 1', 'line 2', 'line 3'])
})

it('takes as many lines as were printed by a clock that cannot tell them apart', async () => {
  const log = [frame(1), frame(1), frame(1), frame(2), frame(2)]
  const { lines } = await followed(log, [log, log])
  expect(lines).toEqual(['line 1', 'line 1', 'line 1', 'line 2', 'line 2'])
})

it('takes what is printed after a repetition, and a line whose repetition cuts it', async () => {
  const part = Buffer.from(frame(3))
  part.writeUInt8('.'.charCodeAt(0), part.length - 1)
  const log = [frame(1), frame(2), part, frame(4)]
  const { lines } = await followed(log, [[frame(1), frame(2), part, frame(2)]])
  expect(lines).toEqual(['line 1', 'line 2', 'line 3.line 4'])
})

it('reads on from shortly before the last line where the clock went its way', async () => {
  const { lines, since } = await followed([frame(1), frame(2)], [[frame(1)]])
  expect(lines).toEqual(['line 1', 'line 2'])
  expect(since).toEqual([0, Date.parse('2026-01-01T00:00:00Z') / 1000 - 10])
})

it('holds a container back until what it printed before has been read', async () => {
  const output = new PassThrough()
  const PRINTED = 9 * 1024 ** 2
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(PRINTED, 4)
  output.write(Buffer.concat([header, Buffer.alloc(PRINTED)]))
  const text = 'x'.repeat(60_000)
  const long = (number: number, second: string) => {
    const payload = Buffer.from(`${second}.${String(number).padStart(9, '0')}Z ${text}\n`)
    const start = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
    start.writeUInt32BE(payload.length, 4)
    return Buffer.concat([start, payload])
  }
  const of = (second: string) => Array.from({ length: 100 }, (_, number) => long(number, second))
  const states = [status('running'), status('exited')]
  const engine = {
    open: async (_: string, { method }: { method: string }) => {
      if (method === 'POST') return output
      return Readable.from(
        states.length > 0 ? [...of('2026-01-01T00:00:00'), ...of('9999-01-01T00:00:00')] : [],
      )
    },
  } as unknown as Engine
  const container = { id: 'c', inspect: async () => states.shift() ?? null, ended: async () => {} }
  const held: boolean[] = []
  for await (const _ of followLogs(engine, container, null, new AbortController().signal)) {
    held.push(output.isPaused())
  }
  expect(held).toHaveLength(200)
  expect(held[101]).toBe(true)
  expect(held[199]).toBe(false)
})
