import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { onSecond, secondNow } from '../../web/src/clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_250 })
})
afterEach(() => {
  vi.useRealTimers()
})

it('has one timer however many times are shown, and none when none is', () => {
  const told: string[] = []
  const first = onSecond(() => told.push(`first ${secondNow()}`))
  vi.advanceTimersByTime(500)
  const second = onSecond(() => told.push(`second ${secondNow()}`))
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(500)
  expect(told).toEqual(['first 1001000', 'second 1001000'])
  first()
  expect(vi.getTimerCount()).toBe(1)
  second()
  expect(vi.getTimerCount()).toBe(0)
  const again = onSecond(() => told.push('again'))
  vi.advanceTimersByTime(1000)
  expect(told.slice(2)).toEqual(['again'])
  again()
})
