import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Engine, StreamRequest } from '../../src/containers/engine.ts'
import { OutputPace, openPace, sizeInLog } from '../../src/containers/output-pace.ts'

const LINE = 'x'.repeat(99)
const LINE_IN_LOG = sizeInLog(100, 1)
const WINDOW = 10 * LINE_IN_LOG
const IDLE_MS = 2000

let output: PassThrough
let pace: OutputPace

/** What the engine sends of lines that were printed. */
function print(lines: number) {
  const payload = Buffer.from(`${LINE}\n`.repeat(lines))
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(payload.length, 4)
  output.write(Buffer.concat([header, payload]))
}
/** Until the stream has handed on what was written to it. */
const settle = () => new Promise((resolve) => setImmediate(resolve))
const isHeld = async () => {
  await settle()
  return output.isPaused()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  output = new PassThrough()
  pace = new OutputPace(output, { windowBytes: WINDOW, idleMs: IDLE_MS })
})
afterEach(() => {
  pace.close()
  vi.useRealTimers()
})

it('lets a container print while its log is not further behind than the window', async () => {
  print(10)
  expect(await isHeld()).toBe(false)
  pace.read(5 * LINE_IN_LOG)
  print(5)
  expect(await isHeld()).toBe(false)
})

it('holds a container that prints faster than its log is read, until the log has caught up', async () => {
  print(11)
  expect(await isHeld()).toBe(true)
  pace.read(LINE_IN_LOG)
  expect(output.isPaused()).toBe(true)
  pace.read(2 * LINE_IN_LOG)
  expect(output.isPaused()).toBe(false)
})

it('counts many short lines as what they need in the log', async () => {
  const newlines = Buffer.alloc(Math.ceil(WINDOW / sizeInLog(1, 1)) + 1, '\n')
  const header = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(newlines.length, 4)
  output.write(Buffer.concat([header, newlines]))
  expect(await isHeld()).toBe(true)
})

it('goes on when nothing more comes from the log, whatever was counted', async () => {
  print(50)
  expect(await isHeld()).toBe(true)
  vi.advanceTimersByTime(IDLE_MS - 1)
  pace.read(LINE_IN_LOG)
  vi.advanceTimersByTime(IDLE_MS - 1)
  expect(output.isPaused()).toBe(true)
  vi.advanceTimersByTime(1)
  expect(output.isPaused()).toBe(false)
})

it('takes more from the log than was counted for nothing', async () => {
  pace.read(100 * LINE_IN_LOG)
  print(11)
  expect(await isHeld()).toBe(true)
})

it('outlives the end and the loss of the output', async () => {
  print(11)
  expect(await isHeld()).toBe(true)
  output.destroy(new Error('socket hang up'))
  await settle()
  expect(output.closed).toBe(true)
  pace.read(11 * LINE_IN_LOG)
  vi.advanceTimersByTime(IDLE_MS)
})

it('is left out where the engine does not let one attach', async () => {
  const asked: StreamRequest[] = []
  const engine = {
    open: async (_doing: string, request: StreamRequest) => {
      asked.push(request)
      throw new Error('not allowed')
    },
  } as unknown as Engine
  expect(await openPace(engine, 'a/b', new AbortController().signal)).toBeNull()
  expect(asked).toMatchObject([{ method: 'POST', path: '/containers/a%2Fb/attach' }])
})
