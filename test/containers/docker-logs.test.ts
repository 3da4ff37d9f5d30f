import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { followLogs } from '../../src/containers/docker-logs.ts'
import type { Engine } from '../../src/containers/engine.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'

const status = (state: 'running' | 'exited') => ({ state }) as ContainerStatus

/** What the engine writes of one line of stdout. */
function frame(number: number): Buffer {
  const at = `2026-01-01T00:00:00.${String(number).padStart(9, '0')}Z`
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
