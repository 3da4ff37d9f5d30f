import { describe, expect, it } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import { crashesWithoutProgress, timeKept } from '../../src/domain/progress.ts'
import { emptyReport } from '../../src/metrics/report.ts'

const told = (saved: number | null, reported: number | null): AttemptReport => ({
  ...emptyReport(),
  checkpoint: saved === null ? null : { step: saved, at: 0, bytes: 1, seconds: 0, count: 1, totalSeconds: 0 },
  last: reported === null ? null : { name: 'loss', split: 'train', value: 1, step: reported },
})
const attempt = (report: AttemptReport | null, state: 'failed' | 'lost' | 'stopped' = 'failed') => ({
  ...{ state, report, failure: null },
})

describe('crashes without progress', () => {
  it.each([
    ['the first one', [], told(null, 3), 0],
    ['one that never says anything', [attempt(null), attempt(null)], null, 2],
    ['the same epoch again and again', [attempt(told(null, 3)), attempt(told(null, 3))], told(null, 3), 2],
    ['another epoch saved', [attempt(told(3, 9)), attempt(told(3, 9))], told(4, 8), 0],
    ['another step reported', [attempt(told(null, 3)), attempt(told(null, 3))], told(null, 4), 0],
    ['epochs that count from 0', [attempt(null)], told(null, 0), 0],
    ['no further after it once had', [attempt(told(3, null)), attempt(told(5, null))], told(5, null), 1],
    ['what was begun anew and did not come as far', [attempt(told(null, 8))], told(null, 2), 1],
    ['one that the search stopped', [attempt(told(null, 3), 'stopped')], told(null, 3), 0],
  ])('%s: %#', (_, earlier, present, expected) => {
    expect(crashesWithoutProgress(earlier, present)).toBe(expected)
  })
})

describe('the time that a training keeps from its earlier attempts', () => {
  const saved = (at: number) => {
    const report = told(3, null)
    return { ...report, checkpoint: { ...(report.checkpoint as object), at } } as AttemptReport
  }

  it('is that up to their last checkpoints', () => {
    const earlier = [
      { startedAt: 1000, endedAt: 9000, report: saved(7000) },
      { startedAt: 10_000, endedAt: 30_000, report: saved(25_000) },
      { startedAt: 31_000, endedAt: 32_000, report: null },
    ]
    expect(timeKept(earlier, 3)).toBe(6000 + 15_000)
  })

  it('is in whole milliseconds, however exactly the training told', () => {
    expect(timeKept([{ startedAt: 1000, endedAt: 9000, report: saved(7000.4321) }], 3)).toBe(6000)
  })

  it('is none where the next begins anew, or never started', () => {
    expect(timeKept([{ startedAt: 1000, endedAt: 9000, report: saved(7000) }], null)).toBe(0)
    expect(timeKept([{ startedAt: null, endedAt: 9000, report: saved(7000) }], 3)).toBe(0)
  })
})
