import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LogLinesView, LogSearchView } from '../../src/http/contract.ts'
import { ApiError } from '../../web/src/api.ts'
import { LogCache } from '../../web/src/log/cache.ts'
import { metricsByLine } from '../../web/src/log/evidence.ts'
import { firstFrom, lineOf, rowsOf } from '../../web/src/log/rows.ts'
import { LogSearch, PAGE } from '../../web/src/log/search.ts'
import { plainOf, spansOf, withFound } from '../../web/src/log/spans.ts'
import { outcomeOf } from '../../web/src/log/use-steps.ts'
import { MOST_ROWS, skipAround, skipForEnd } from '../../web/src/log/window.ts'
import { aMetric } from './metric.ts'

describe('rows', () => {
  test('of one attempt are its lines; of several each has a mark above', () => {
    const one = rowsOf([{ id: 7, total: 3 }])
    expect([one.count, one.at(0), one.indexOf(0, 3)]).toEqual([3, { kind: 'line', part: 0, line: 1 }, 2])
    const rows = rowsOf([
      { id: 7, total: 2 },
      { id: 8, total: 0 },
      { id: 9, total: 1 },
    ])
    const all = Array.from({ length: rows.count }, (_, index) => rows.at(index))
    expect(all).toEqual([
      { kind: 'mark', part: 0 },
      { kind: 'line', part: 0, line: 1 },
      { kind: 'line', part: 0, line: 2 },
      { kind: 'mark', part: 1 },
      { kind: 'mark', part: 2 },
      { kind: 'line', part: 2, line: 1 },
    ])
    for (const [index, row] of all.entries()) {
      expect(rows.indexOf(row.part, row.kind === 'line' ? row.line : 0)).toBe(index)
      expect(rows.isMark(index)).toBe(row.kind === 'mark')
    }
    expect(rows.indexOf(0, 99)).toBe(2)
  })

  test('an address names a line', () => {
    expect(['#L120', '#L', '#l1', '#L1x', '', '#token=1'].map(lineOf)).toEqual([120, ...Array(5).fill(null)])
  })

  test('the next of some places', () => {
    const places = [3, 5, 5].map((line, part) => ({ part, line }))
    const from = (part: number, line: number) => firstFrom(places, { part, line })
    expect([from(0, 1), from(0, 3), from(0, 4), from(1, 6), from(2, 6)]).toEqual([0, 0, 1, 2, 3])
  })
})

describe('a line', () => {
  test('is pieces of text with the colours of a terminal', () => {
    expect(spansOf('')).toEqual([])
    expect(spansOf('a\u001b[1;31mb\u001b[0mc')).toEqual([
      { text: 'a', classes: [] },
      { text: 'b', classes: ['ansi-bold', 'ansi-red'] },
      { text: 'c', classes: [] },
    ])
    expect(spansOf('\u001b[38;5;208;48;5;244mx')).toEqual([
      { text: 'x', classes: [], color: '255, 135, 0', background: '128, 128, 128' },
    ])
    expect(spansOf('\u001b[38;2;1;2;3;8mx')).toEqual([{ text: 'x', classes: [], color: '1, 2, 3' }])
    expect(spansOf('\u001b[94;42mx')).toEqual([
      { text: 'x', classes: ['ansi-bright-blue', 'ansi-green-behind'] },
    ])
  })

  test('shows control characters, and those that hide or turn text', () => {
    expect(plainOf(spansOf('a\u0000\u0007\u007f\u009b\u202eb\tc'))).toBe(
      'a\u2400\u2407\u2421<U+009B><U+202E>b\tc',
    )
    expect(plainOf(spansOf('a\u001bb \u001b[31mc'))).toBe('a\u241bb c')
  })

  test('is marked where it shows what is searched for, across colours', () => {
    const found = (text: string, wanted: string) =>
      withFound(spansOf(text), wanted).map(({ text, found }) => (found ? `[${text}]` : text))
    expect(found('Loss loss', 'LOSS')).toEqual(['[Loss]', ' ', '[loss]'])
    expect(found('xlo\u001b[31mss\u001b[0my', 'loss')).toEqual(['x', '[lo]', '[ss]', 'y'])
    expect(found('aaa', 'aa')).toEqual(['[aa]', 'a'])
    expect(found('abc', 'x')).toEqual(['abc'])
    expect(found('abc', '')).toEqual(['abc'])
  })
})

/** A log of `total` lines that notes what is asked of it. */
function aServer(total: number) {
  const server = {
    total,
    asked: [] as string[],
    away: false,
    writing: '',
    read: async (id: number, { from, count }: { from?: number; count: number }): Promise<LogLinesView> => {
      server.asked.push(`${id} ${from ?? 'end'} ${count}`)
      if (server.away) throw new ApiError(0, 'no-answer', 'away')
      const { total, writing } = server
      const first = from ?? Math.max(1, total - count + 1)
      const length = Math.max(0, Math.min(count, total - first + 1))
      const lines = Array.from({ length }, (_, index) => ({
        text: `${id}:${writing}${first + index}`,
        at: null,
      }))
      return { from: first, lines, total }
    },
  }
  return server
}

/** Until all that was asked for has come. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('the lines that are kept', () => {
  test('are asked for where they are wanted, once, and only new ones when the log has grown', async () => {
    const server = aServer(10_000)
    const cache = new LogCache(server.read)
    expect(cache.total(1)).toBeNull()
    await cache.grow(1)
    expect([cache.total(1), cache.line(1, 10_000)?.text, cache.line(1, 1)]).toEqual([
      10_000,
      '1:10000',
      undefined,
    ])
    cache.want([{ attemptId: 1, from: 480, to: 520 }])
    cache.want([{ attemptId: 1, from: 481, to: 521 }])
    await settled()
    expect([cache.line(1, 480)?.text, cache.line(1, 521)?.text]).toEqual(['1:480', '1:521'])
    server.total = 10_020
    await cache.grow(1)
    expect(cache.line(1, 10_020)?.text).toBe('1:10020')
    expect(server.asked).toEqual(['1 end 500', '1 1 500', '1 501 500', '1 10000 500'])
  })

  test('are bounded: those that were looked at longest ago are let go', async () => {
    const cache = new LogCache(aServer(100_000).read)
    await cache.grow(1)
    for (let line = 1; line <= 50_000; line += 500) {
      cache.want([{ attemptId: 1, from: line, to: line + 10 }])
      await settled()
    }
    expect(cache.line(1, 1)).toBeUndefined()
    expect(cache.line(1, 49_501)?.text).toBe('1:49501')
    expect(cache.line(1, 15_001)?.text).toBe('1:15001')
  })

  test('of a log that was written anew are forgotten', async () => {
    const server = aServer(900)
    const cache = new LogCache(server.read)
    await cache.grow(1)
    server.total = 300
    await cache.grow(1)
    expect([cache.total(1), cache.line(1, 900)]).toEqual([300, undefined])
  })

  test('of a log that was written anew and is longer now are forgotten', async () => {
    const server = aServer(900)
    const cache = new LogCache(server.read)
    await cache.grow(1)
    server.writing = 'anew '
    server.total = 2000
    await cache.grow(1)
    expect([cache.total(1), cache.line(1, 890), cache.line(1, 900)?.text]).toEqual([
      2000,
      undefined,
      '1:anew 900',
    ])
  })

  test('are asked for again where the log has grown while an answer was on its way', async () => {
    const server = aServer(3)
    const cache = new LogCache(server.read)
    const first = cache.grow(1)
    server.total = 4
    await Promise.all([first, cache.grow(1), cache.grow(1)])
    expect([cache.total(1), cache.line(1, 4)?.text]).toEqual([4, '1:4'])
    expect(server.asked).toHaveLength(2)
  })

  describe('while the server is away', () => {
    beforeEach(() => {
      vi.useFakeTimers()
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    test('are asked for again, the first of a log too', async () => {
      const server = aServer(3)
      server.away = true
      const cache = new LogCache(server.read)
      await cache.grow(1)
      expect([cache.total(1), cache.error?.message]).toEqual([null, 'away'])
      server.away = false
      await vi.advanceTimersByTimeAsync(2000)
      expect([cache.total(1), cache.line(1, 3)?.text, cache.error]).toEqual([3, '1:3', null])
    })

    test('are not asked for again where nobody looks any more', async () => {
      const server = aServer(3)
      server.away = true
      const cache = new LogCache(server.read)
      await cache.grow(1)
      cache.end()
      await vi.advanceTimersByTimeAsync(10_000)
      expect(server.asked).toHaveLength(1)
    })
  })

  test('are not asked for again and again while the server is away', async () => {
    const server = aServer(2000)
    const cache = new LogCache(server.read)
    await cache.grow(1)
    server.away = true
    for (let render = 0; render < 5; render++) {
      cache.want([{ attemptId: 1, from: 1, to: 40 }])
      await settled()
    }
    expect(cache.error?.message).toBe('away')
    expect(server.asked).toEqual(['1 end 500', '1 1 500'])
  })
})

describe('a search', () => {
  /** A hit on each line up to the log's end. */
  const everyLine = (totals: Record<number, number>) => async (id: number, from: number, limit: number) => {
    const last = Math.min(totals[id] ?? 0, from + limit - 1)
    const hits = Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index)
    const view: LogSearchView = { hits, next: last < (totals[id] ?? 0) ? last + 1 : null, through: last }
    return view
  }

  test('goes through the attempts in order, and on where the last has grown', async () => {
    const totals = { 1: 2, 2: 1 }
    const search = new LogSearch(everyLine(totals))
    await search.goOn([1, 2])
    expect(search.hits.map(({ part, line }) => `${part}:${line}`)).toEqual(['0:1', '0:2', '1:1'])
    totals[2] = 2
    await search.goOn([1, 2])
    expect(search.hits.at(-1)).toEqual({ part: 1, line: 2 })
    expect(search.hits).toHaveLength(4)
  })

  test('sees what came while it went on', async () => {
    const totals = { 1: 1 }
    const search = new LogSearch(everyLine(totals))
    const first = search.goOn([1])
    totals[1] = 2
    await Promise.all([first, search.goOn([1])])
    expect(search.hits).toHaveLength(2)
  })

  test('stops after a page of hits until more is asked for', async () => {
    const search = new LogSearch(everyLine({ 1: PAGE + 5, 2: 3 }))
    await search.goOn([1, 2])
    await search.goOn([1, 2])
    expect([search.hits.length, search.unfinished, outcomeOf(search, 2)]).toEqual([
      PAGE,
      true,
      '3 of 10,000+',
    ])
    await search.more()
    expect([search.hits.length, search.unfinished, search.hits.at(-1)]).toEqual([
      PAGE + 8,
      false,
      { part: 1, line: 3 },
    ])
  })

  test('goes on where there was no answer: after a while, and at once where somebody asks', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const find = everyLine({ 1: 2 })
    let away = true
    const search = new LogSearch(async (id, from, limit) => {
      if (away) throw new ApiError(502, 'http', 'away')
      return find(id, from, limit)
    })
    await search.goOn([1])
    await search.again()
    expect([search.error?.message, search.hits.length]).toEqual(['away', 0])
    away = false
    await vi.advanceTimersByTimeAsync(2000)
    expect([search.error, search.hits.length]).toEqual([null, 2])

    const other = new LogSearch(async (id, from, limit) => {
      if (away) throw new ApiError(502, 'http', 'away')
      return find(id, from, limit)
    })
    away = true
    await other.goOn([1])
    away = false
    await other.again()
    expect([other.error, other.hits.length]).toEqual([null, 2])
  })

  test('gives its request up when nobody waits for it, and begins anew for who comes back', async () => {
    const signals: AbortSignal[] = []
    const find = everyLine({ 1: 2 })
    const search = new LogSearch((id, from, limit, signal) => {
      signals.push(signal)
      if (signals.length > 1) return find(id, from, limit)
      return new Promise((_, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason))
      })
    })
    const first = search.goOn([1])
    search.end()
    expect(signals[0]?.aborted).toBe(true)
    void search.goOn([1])
    await first
    await settled()
    expect([search.hits.length, search.error, search.searching]).toEqual([2, null, false])
  })

  test('says what hinders it', async () => {
    const search = new LogSearch(async () => {
      throw new ApiError(0, 'no-answer', 'The server does not answer.')
    })
    await search.goOn([1])
    expect(outcomeOf(search, 0)).toBe('The server does not answer.')
    expect(outcomeOf({ hits: [], searching: true, unfinished: false, error: null }, 0)).toBe('searching …')
    expect(outcomeOf({ hits: [], searching: false, unfinished: false, error: null }, 0)).toBe('none')
  })
})

test('of several metrics of a line the decisive one counts', () => {
  const decisive = aMetric({ decisive: true })
  const found = metricsByLine([
    aMetric({}),
    decisive,
    aMetric({}),
    aMetric({ line: null }),
    aMetric({ source: 'event' }),
  ])
  expect([...found]).toEqual([['1 3', decisive]])
})

test('a log of more rows than can be scrolled is a list that moves along it', () => {
  expect([0, 5, MOST_ROWS].map(skipForEnd)).toEqual([0, 0, 0])
  for (const count of [MOST_ROWS + 1, 1_400_000, 5_000_000]) {
    const skip = skipForEnd(count)
    expect(skip + MOST_ROWS).toBeGreaterThanOrEqual(count)
    expect(skip).toBeLessThan(count)
    for (const index of [0, 700_000, count >> 1, count - 1]) {
      const around = skipAround(index, count)
      expect(around).toBeGreaterThanOrEqual(0)
      expect(around).toBeLessThanOrEqual(skip)
      expect(index - around).toBeGreaterThanOrEqual(0)
      expect(index - around).toBeLessThan(MOST_ROWS)
    }
  }
})
