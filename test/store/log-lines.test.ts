import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LineIndex } from '../../src/store/line-index.ts'
import { compressLog } from '../../src/store/log-gzip.ts'
import { LogLines } from '../../src/store/log-lines.ts'

const AT = '2026-01-02T03:04:05.000000006Z'
let folder: string
let path: string
let logs: LogLines

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-lines-'))
  path = join(folder, '1.log')
  logs = new LogLines()
})
afterEach(() => rmSync(folder, { recursive: true }))

const stored = (texts: string[]) => texts.map((text) => `${AT} ${text}\n`).join('')
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)
const textsOf = async (window: { from?: number; count: number }) =>
  (await logs.read(path, window)).lines.map(({ text }) => text)
const containing = (part: string) => ({
  mayHold: (text: string) => text.includes(part),
  isHit: (text: string) => text.includes(part),
})
const find = (part: string, { from = 1, limit = 1000 } = {}) =>
  logs.search(path, { ...containing(part), from, limit })

describe('the index', () => {
  test('is the same for pieces of any size, and its blocks hold the lines they say', () => {
    const lines = fc.array(fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'ä', '🙂', ' ') }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 1, max: 40 }),
        fc.string({ maxLength: 5 }),
        (texts, size, half) => {
          const whole = Buffer.from(texts.map((text) => `${text}\n`).join(''))
          const data = Buffer.concat([whole, Buffer.from(half.replaceAll('\n', ''))])
          const index = new LineIndex()
          for (let at = 0; at < data.length; at += size) index.add(data.subarray(at, at + size), at)
          expect(index.lines).toBe(texts.length)
          expect(index.bytes).toBe(whole.length)
          const [block] = index.blocksFrom(Math.max(1, texts.length))
          if (texts.length > 0) expect(block).toEqual({ line: 1, start: 0, end: whole.length })
        },
      ),
    )
  })

  test('begins a block after a thousand lines, and earlier where they are long', () => {
    const index = new LineIndex()
    index.add(Buffer.from('x\n'.repeat(2500)), 0)
    expect([...index.blocksFrom(1001)]).toEqual([
      { line: 1001, start: 2000, end: 4000 },
      { line: 2001, start: 4000, end: 5000 },
    ])
    index.add(Buffer.from(`${'y'.repeat(299_999)}\nz\n`), 5000)
    expect([...index.blocksFrom(2502)]).toEqual([{ line: 2502, start: 305_000, end: 305_002 }])
    expect([...index.blocksFrom(2503)]).toEqual([])
  })

  test('gives blocks that stay as they are while it grows', () => {
    const index = new LineIndex()
    index.add(Buffer.from('x\n'.repeat(1500)), 0)
    const blocks = index.blocksFrom(1)
    index.add(Buffer.from('y\n'.repeat(1500)), 3000)
    expect([...blocks]).toEqual([
      { line: 1, start: 0, end: 2000 },
      { line: 1001, start: 2000, end: 3000 },
    ])
  })
})

describe('lines by number', () => {
  test('come from anywhere in the log, with their times; none after its end', async () => {
    writeFileSync(path, stored(numbered(1, 3500)))
    expect(await textsOf({ from: 1999, count: 4 })).toEqual(numbered(1999, 2002))
    expect(await textsOf({ from: 3499, count: 10 })).toEqual(numbered(3499, 3500))
    expect(await textsOf({ from: 3501, count: 10 })).toEqual([])
    expect(await textsOf({ from: 0, count: 1 })).toEqual(['line 1'])
    expect(await logs.read(path, { count: 2 })).toEqual({
      from: 3499,
      lines: numbered(3499, 3500).map((text) => ({ at: AT, text })),
      total: 3500,
    })
  })

  test('a line that is half written counts when it is whole', async () => {
    const line = Buffer.from(stored(['größer 🙂']))
    writeFileSync(path, stored(['first']))
    for (const part of [line.subarray(0, 33), line.subarray(33, 36)]) {
      appendFileSync(path, part)
      expect(await logs.read(path, { from: 1, count: 9 })).toMatchObject({ total: 1 })
    }
    appendFileSync(path, line.subarray(36))
    expect(await textsOf({ from: 2, count: 9 })).toEqual(['größer 🙂'])
  })

  test('a log that grows is read on; one that was written anew is read anew', async () => {
    writeFileSync(path, stored(numbered(1, 1500)))
    expect(await logs.read(path, { count: 1 })).toMatchObject({ total: 1500 })
    appendFileSync(path, stored(numbered(1501, 2600)))
    expect(await textsOf({ count: 1 })).toEqual(['line 2600'])
    truncateSync(path, stored(numbered(1, 5)).length)
    expect(await textsOf({ from: 5, count: 3 })).toEqual(['line 5'])
    writeFileSync(path, stored(numbered(10_001, 12_000)))
    expect(await logs.read(path, { from: 1500, count: 1 })).toMatchObject({
      lines: [{ text: 'line 11500' }],
      total: 2000,
    })
  })

  test('many readers of a log that grows see whole lines of it', async () => {
    writeFileSync(path, stored(numbered(1, 900)))
    const readers = Array.from({ length: 20 }, (_, reader) => {
      appendFileSync(path, stored(numbered(901 + 100 * reader, 1000 + 100 * reader)))
      return logs.read(path, { from: 900, count: 3 })
    })
    for (const { lines } of await Promise.all(readers)) {
      expect(numbered(900, 902)).toEqual(expect.arrayContaining(lines.map(({ text }) => text)))
    }
    expect(await logs.read(path, { count: 1 })).toMatchObject({ total: 2900 })
  })

  test('without a log there are none, and none are found', async () => {
    expect(await logs.read(path, { count: 5 })).toEqual({ from: 1, lines: [], total: 0 })
    expect(await find('x')).toEqual({ hits: [], next: null, through: 0 })
  })

  test('of a log that is compressed at its end are the same', async () => {
    writeFileSync(path, stored(numbered(1, 9000)))
    const before = await logs.read(path, { from: 4321, count: 700 })
    await compressLog(path)
    expect(await logs.read(path, { from: 4321, count: 700 })).toEqual(before)
    expect(await new LogLines().read(path, { from: 4321, count: 700 })).toEqual(before)
    expect((await find('line 8999')).hits).toEqual([8999])
  })

  test('of more logs than are remembered each is read right', async () => {
    for (let log = 0; log < 40; log++) writeFileSync(join(folder, `${log}.log`), stored([`log ${log}`]))
    for (const log of [0, 39, 0, ...Array(40).keys()]) {
      const { lines } = await logs.read(join(folder, `${log}.log`), { count: 1 })
      expect(lines[0]?.text).toBe(`log ${log}`)
    }
  })
})

describe('a search', () => {
  test('finds lines in every block, a bounded number at a time, and says where to go on', async () => {
    writeFileSync(path, stored(numbered(1, 2500)))
    expect(await find('line 24')).toMatchObject({
      hits: [24, ...Array.from({ length: 10 }, (_, index) => 240 + index), ...hundred(2400)],
      next: null,
      through: 2500,
    })
    const first = await find('line 24', { limit: 12 })
    expect(first).toEqual({ hits: [24, ...ten(240), 2400], next: 2401, through: 2400 })
    expect((await find('line 24', { from: first.next ?? 0 })).hits).toEqual(hundred(2400).slice(1))
    expect(await find('line 2500', { limit: 1 })).toEqual({ hits: [2500], next: null, through: 2500 })
  })

  test('goes on with what has come since, and leaves a half line for later', async () => {
    writeFileSync(path, `${stored(['one äöü', 'two'])}${AT} thr`)
    expect(await find('äö')).toEqual({ hits: [1], next: null, through: 2 })
    expect(await find('thr')).toMatchObject({ hits: [] })
    appendFileSync(path, 'ee äö\n')
    expect(await find('äö', { from: 3 })).toEqual({ hits: [3], next: null, through: 3 })
  })

  test('claims no line that another reader learnt of meanwhile', async () => {
    writeFileSync(path, stored(numbered(1, 100_000)))
    let other: Promise<unknown> | undefined
    const goOn = () => {
      if (other) return true
      appendFileSync(path, stored(['needle']))
      other = logs.read(path, { count: 1 })
      return true
    }
    const found = await logs.search(path, { ...containing('needle'), from: 1, limit: 9, goOn })
    expect(await other).toMatchObject({ total: 100_001 })
    expect(found).toEqual({ hits: [], next: null, through: 100_000 })
    expect((await find('needle', { from: 100_001 })).hits).toEqual([100_001])
  })

  test('does not look at the times of lines', async () => {
    writeFileSync(path, stored(['one', 'two 2026']))
    expect((await find('2026')).hits).toEqual([2])
  })

  test('that nobody waits for ends', async () => {
    writeFileSync(path, stored(numbered(1, 3000)))
    let asked = 0
    const goOn = () => ++asked < 2
    const { through } = await logs.search(path, { ...containing('line'), from: 1, limit: 5000, goOn })
    expect(through).toBe(1000)
    asked = 1
    expect(
      await logs.search(path, { ...containing('line'), from: 1500, before: 900, limit: 9, goOn }),
    ).toEqual({ hits: [], next: 1500, through: 1499 })
  })
})

const ten = (from: number) => Array.from({ length: 10 }, (_, index) => from + index)
const hundred = (from: number) => Array.from({ length: 100 }, (_, index) => from + index)
