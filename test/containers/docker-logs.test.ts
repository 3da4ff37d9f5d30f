import { Readable } from 'node:stream'
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

it('loses no line of an engine whose clock is set back', async () => {
  const after = '2025-12-31T21:00:00'
  const all = [frame(1), frame(2), frame(3, after), frame(4, after)]
  let breakOff = () => {}
  const broken = new Promise<void>((resolve) => {
    breakOff = resolve
  })
  const asked: string[] = []
  const engine = {
    async open(_: string, { query }: { query: { since: string } }) {
      asked.push(query.since)
      // The first stream breaks off; the engine leaves out what is stamped before `since`.
      if (asked.length === 1) return Readable.from([...all.slice(0, 3)]).once('end', breakOff)
      return Readable.from(query.since === '0' ? all : [])
    },
  } as unknown as Engine
  const states = [status('running'), status('exited')]
  const container = {
    id: 'c',
    inspect: async () => states.shift() ?? null,
    ended: () => broken,
  }
  const lines: string[] = []
  for await (const { text } of followLogs(engine, container, null, new AbortController().signal)) {
    lines.push(text)
  }
  expect(lines).toEqual(['line 1', 'line 2', 'line 3', 'line 4'])
  expect(asked).toEqual(['0', '0'])
})

it('reads on from shortly before the last line where the clock went its way', async () => {
  const asked: string[] = []
  let breakOff = () => {}
  const broken = new Promise<void>((resolve) => {
    breakOff = resolve
  })
  const engine = {
    async open(_: string, { query }: { query: { since: string } }) {
      asked.push(query.since)
      return Readable.from([frame(1), frame(2)].slice(0, asked.length)).once('end', breakOff)
    },
  } as unknown as Engine
  const states = [status('running'), status('exited')]
  const container = { id: 'c', inspect: async () => states.shift() ?? null, ended: () => broken }
  const lines: string[] = []
  for await (const { text } of followLogs(engine, container, null, new AbortController().signal)) {
    lines.push(text)
  }
  expect(lines).toEqual(['line 1', 'line 2'])
  expect(asked).toEqual(['0', String(Date.parse('2026-01-01T00:00:00Z') / 1000 - 10)])
})
