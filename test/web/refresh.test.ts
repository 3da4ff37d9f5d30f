import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Refresh } from '../../web/src/refresh.ts'

const client = new QueryClient()
let refresh: Refresh

beforeEach(() => {
  vi.useFakeTimers()
  refresh = new Refresh(client)
})
afterEach(() => {
  refresh.stop()
  client.clear()
  vi.useRealTimers()
})

/** A query that is shown, each answer of which takes `ms`. */
function watched(key: string, ms: number) {
  const seen = { asked: 0, answered: 0, aborted: 0 }
  const observer = new QueryObserver(client, {
    queryKey: ['run', key],
    retry: false,
    queryFn: ({ signal }) => {
      seen.asked += 1
      signal.addEventListener('abort', () => {
        seen.aborted += 1
      })
      return new Promise<number>((resolve) => {
        setTimeout(() => {
          seen.answered += 1
          resolve(seen.answered)
        }, ms)
      })
    },
  })
  observer.subscribe(() => {})
  return seen
}

it('lets a slow answer come while events do, and asks once more for what came meanwhile', async () => {
  const slow = watched('slow', 700)
  for (let at = 0; at < 6000; at += 150) {
    refresh.mark([['run', 'slow']])
    await vi.advanceTimersByTimeAsync(150)
  }
  expect(slow).toMatchObject({ aborted: 0, answered: 6 })
  const before = slow.asked
  await vi.advanceTimersByTimeAsync(5000)
  expect(slow).toMatchObject({ asked: before + 1, answered: before + 1 })
})

it('asks once for events that come together, and does not let a quick query wait for a slow one', async () => {
  const slow = watched('slow', 10_000)
  const quick = watched('quick', 1)
  await vi.advanceTimersByTimeAsync(10)
  refresh.mark([['run'], ['run', 'quick']])
  refresh.mark([[]])
  await vi.advanceTimersByTimeAsync(300)
  expect([slow.asked, quick.asked]).toEqual([1, 2])
  refresh.mark([])
  await vi.advanceTimersByTimeAsync(300)
  expect([slow.asked, quick.asked]).toEqual([1, 2])
})

it('asks for nothing once it has been stopped', async () => {
  const slow = watched('slow', 400)
  refresh.mark([['run']])
  await vi.advanceTimersByTimeAsync(300)
  refresh.stop()
  await vi.advanceTimersByTimeAsync(1000)
  expect(slow).toEqual({ asked: 1, answered: 1, aborted: 0 })
})
