import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LogNotices, type Notice } from '../../src/http/log-notices.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const listen = (notices: LogNotices) => {
  const heard: Notice[] = []
  const end = notices.subscribe((notice) => heard.push(notice))
  return { heard, end, sizes: () => heard.map(({ bytes }) => bytes) }
}

it('tells the first growth at once and the last one always, five times a second at most', () => {
  const notices = new LogNotices()
  const { sizes } = listen(notices)
  for (let bytes = 1; bytes <= 100; bytes++) {
    notices.grown(1, 2, bytes)
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(1000)
  expect(sizes()).toEqual([1, 20, 40, 60, 80, 100])
})

it('keeps attempts apart', () => {
  const notices = new LogNotices()
  const { heard } = listen(notices)
  notices.grown(1, 2, 10)
  notices.grown(1, 3, 20)
  expect(heard).toEqual([
    { runId: 1, attemptId: 2, bytes: 10, held: false },
    { runId: 1, attemptId: 3, bytes: 20, held: false },
  ])
})

it('tells the same size once, and nothing to who has left', () => {
  const notices = new LogNotices()
  const { heard, sizes, end } = listen(notices)
  notices.grown(1, 2, 10)
  notices.grown(1, 2, 10)
  vi.advanceTimersByTime(1000)
  expect(sizes()).toEqual([10])
  notices.grown(1, 2, 10)
  notices.grown(1, 2, 10, true)
  vi.advanceTimersByTime(1000)
  expect(heard.map(({ held }) => held)).toEqual([false, false, true])
  end()
  notices.grown(1, 2, 11)
  expect(sizes()).toEqual([10, 10, 10])
  expect(vi.getTimerCount()).toBe(1)
})
