import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../src/containers/executor.ts'
import {
  CursorFilter,
  FrameSplitter,
  LineSplitter,
  LogReader,
  MAX_LINE_BYTES,
} from '../../src/containers/log-frames.ts'

const time = (nano: number) => `2026-01-01T00:00:00.${String(nano).padStart(9, '0')}Z`

function frame(stream: 1 | 2 | 3, payload: Buffer | string): Buffer {
  const data = Buffer.from(payload)
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(data.length, 4)
  return Buffer.concat([header, data])
}
const entry = (stream: 1 | 2, at: number, text: Buffer | string) =>
  frame(stream, Buffer.concat([Buffer.from(`${time(at)} `), Buffer.from(text)]))

/** Cuts data into chunks of the given sizes, used over and over. */
function* chunks(data: Buffer, sizes: number[]) {
  for (let at = 0, turn = 0; at < data.length; turn++) {
    const end = at + (sizes[turn % sizes.length] as number)
    yield data.subarray(at, end)
    at = end
  }
}

function readAll(data: Buffer, sizes = [data.length]): LogLine[] {
  const reader = new LogReader()
  return [...[...chunks(data, sizes)].flatMap((chunk) => reader.push(chunk)), ...reader.end()]
}

const texts = (lines: LogLine[]) => lines.map(({ text }) => text)

describe('frames', () => {
  it('are the same however the connection cuts them', () => {
    const payloads = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.uint8Array({ maxLength: 40 })))
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })
    fc.assert(
      fc.property(payloads, sizes, (frames, cut) => {
        const data = Buffer.concat(frames.map(([stream, payload]) => frame(stream, Buffer.from(payload))))
        const splitter = new FrameSplitter()
        const found: [number, number[]][] = []
        for (const chunk of chunks(data, cut)) {
          splitter.push(chunk, (stream, bytes, start, end) =>
            found.push([stream === 'stderr' ? 2 : 1, [...bytes.subarray(start, end)]]),
          )
        }
        expect(found).toEqual(frames.map(([stream, payload]) => [stream, [...payload]]))
      }),
    )
  })
})

describe('lines', () => {
  it('are the same however the output is cut', () => {
    const output = fc.string({ unit: fc.constantFrom('a', 'ü', '漢', '😀', '\n', '\r'), maxLength: 60 })
    fc.assert(
      fc.property(output, fc.integer({ min: 1, max: 7 }), (text, size) => {
        const splitter = new LineSplitter()
        const pushed = [...chunks(Buffer.from(text), [size])].flatMap((chunk) => [...splitter.push(chunk)])
        const lines = text.split('\n')
        const last = lines.pop()
        expect([...pushed, ...splitter.end()]).toEqual(last === '' ? lines : [...lines, last])
      }),
    )
  })

  it('that are too long are cut between characters', () => {
    const text = `a${'漢'.repeat(50_000)}`
    const splitter = new LineSplitter()
    const pieces = [...splitter.push(Buffer.from(`${text}\nnext\n`))]
    expect(pieces.pop()).toBe('next')
    expect(pieces.join('')).toBe(text)
    expect(pieces).toHaveLength(3)
    for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(MAX_LINE_BYTES)
  })

  it('of exactly the longest length come whole', () => {
    const text = 'x'.repeat(MAX_LINE_BYTES)
    expect([...new LineSplitter().push(Buffer.from(`${text}\n`))]).toEqual([text])
  })
})

describe('a log', () => {
  it('has one line for each entry, an empty one too', () => {
    const data = Buffer.concat([entry(1, 1, 'one\n'), entry(1, 2, '\n'), entry(2, 3, 'three\n')])
    expect(readAll(data)).toEqual([
      { at: time(1), text: 'one' },
      { at: time(2), text: '' },
      { at: time(3), text: 'three' },
    ])
    expect(readAll(data, [1])).toEqual(readAll(data))
  })

  it('puts the parts of a long line together, also when the other stream writes in between', () => {
    const data = Buffer.concat([
      entry(1, 1, 'a'.repeat(16_384)),
      entry(2, 2, 'meanwhile\n'),
      entry(1, 1, Buffer.from('ü').subarray(0, 1)),
      entry(1, 1, Buffer.concat([Buffer.from('ü').subarray(1), Buffer.from('\n')])),
    ])
    expect(readAll(data)).toEqual([
      { at: time(2), text: 'meanwhile' },
      // Not before the line that was written before it.
      { at: time(2), text: `${'a'.repeat(16_384)}ü` },
    ])
    const reader = new LogReader()
    reader.push(data)
    expect(reader.sawParts).toBe(true)
  })

  it('says that the engine could not read on', () => {
    const data = Buffer.concat([entry(1, 1, 'one\n'), frame(3, 'Error grabbing logs: bad\n')])
    expect(texts(readAll(data))).toEqual([
      'one',
      '[hone] the engine could not read on in its log: Error grabbing logs: bad',
    ])
  })
})

describe('a cursor', () => {
  it('splits any log in two without loss or repetition', () => {
    const times = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 })
    fc.assert(
      fc.property(times, fc.nat(20), (numbers, position) => {
        const lines = numbers.toSorted().map((at, index) => ({ at: time(at), text: String(index) }))
        const first = new CursorFilter(null)
        const before = lines.slice(0, position).filter((line) => first.passes(line))
        const second = new CursorFilter(first.cursor)
        const after = lines.filter((line) => second.passes(line))
        expect([...before, ...after]).toEqual(lines)
        const at = lines.at(-1)?.at
        const seen = lines.filter((line) => line.at === at).length
        expect(second.cursor).toEqual(at === undefined ? null : { at, seen })
      }),
    )
  })
})
