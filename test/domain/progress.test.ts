import { describe, expect, it } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt-report.ts'
import { crashesWithoutProgress, sinceAnew, timeKept, trainedMs } from '../../src/domain/progress.ts'
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

it('begins anew after checkpoints that were lost', () => {
  const failed = (code: string, number: number) => {
    return { number, failure: { kind: 'system' as const, code, message: '', remedy: '' } }
  }
  const all = [failed('killed', 1), failed('checkpoints-lost', 2), failed('container-lost', 3)]
  expect(sinceAnew(all).map(({ number }) => number)).toEqual([3])
  expect(sinceAnew(all.slice(0, 2))).toEqual([])
  expect(sinceAnew(all.slice(0, 1))).toHaveLength(1)
})

describe('the time that a training keeps from its earlier attempts', () => {
  const saved = (at: number) => {
    const report = told(3, null)
    return { ...report, checkpoint: { ...(report.checkpoint as object), at } } as AttemptReport
  }

  it('is that up to their last checkpoints', () => {
    const earlier = [
      { startedAt: 1000, endedAt: 9000, engineEndedAt: null, report: saved(7000) },
      { startedAt: 10_000, endedAt: 30_000, engineEndedAt: null, report: saved(25_000) },
      { startedAt: 31_000, endedAt: 32_000, engineEndedAt: null, report: null },
    ]
    expect(timeKept(earlier, 3)).toBe(6000 + 15_000)
  })

  it('is told by the clock of its engine, however far that is from the own one, and whoever sets it meanwhile', () => {
    const hour = 3_600_000
    const attempt = { startedAt: 1000, endedAt: 9000, engineEndedAt: 9000 + hour, report: saved(7000 + hour) }
    expect(timeKept([attempt], 3)).toBe(6000)
    expect(timeKept([{ ...attempt, report: saved(7000) }], 3)).toBe(0)
    expect(timeKept([{ ...attempt, engineEndedAt: 9000 - hour }], 3)).toBe(8000)
  })

  it('is in whole milliseconds, however exactly the training told', () => {
    expect(
      timeKept([{ startedAt: 1000, endedAt: 9000, engineEndedAt: null, report: saved(7000.4321) }], 3),
    ).toBe(6000)
  })

  it('is none where the next begins anew, or never started', () => {
    expect(
      timeKept([{ startedAt: 1000, endedAt: 9000, engineEndedAt: null, report: saved(7000) }], null),
    ).toBe(0)
    expect(timeKept([{ startedAt: null, endedAt: 9000, engineEndedAt: null, report: saved(7000) }], 3)).toBe(
      0,
    )
  })
})

describe('how long a training took', () => {
  it.each([
    ['seen: by the own clock', 8000, { startedAt: 0, endedAt: 3_600_000 }, true, 8000],
    ['unseen: by its engine', 8000, { startedAt: 1000, endedAt: 4000 }, false, 3000],
    [
      'unseen, and the clock was set ahead: no longer than it can be',
      8000,
      { startedAt: 0, endedAt: 90_000 },
      false,
      8000,
    ],
    ['unseen, and the clock was set back', 8000, { startedAt: 5000, endedAt: 1000 }, false, 0],
    ['never started', 8000, { startedAt: null, endedAt: null }, false, 8000],
  ])('%s', (_, sinceStart, container, isSeen, expected) => {
    expect(trainedMs(sinceStart, container, isSeen)).toBe(expected)
  })
})
