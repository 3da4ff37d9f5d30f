import { describe, expect, it } from 'vitest'
import { afterError } from '../../src/chain/retry.ts'
import type { Failure } from '../../src/domain/failure.ts'

const failure = (kind: Failure['kind']): Failure => ({
  kind,
  code: 'x',
  message: 'It broke.',
  remedy: 'Mend it.',
})

const fresh = { failingSince: null }
const run = { deadline: null, patienceMs: null }
const DAYS = 86_400_000

describe('what becomes of a job that threw', () => {
  it('fails at once for what only the user can mend', () => {
    expect(afterError(failure('user'), { ...fresh, tries: 0 }, run, 1000)).toEqual({
      action: 'fail',
      failure: failure('user'),
    })
  })

  it('tries system failures again, each time after twice as long', () => {
    const at = [0, 1, 2, 3, 4].map((tries) => afterError(failure('system'), { ...fresh, tries }, run, 0))
    expect(at.map((next) => next.action === 'retry' && next.at)).toEqual([1000, 2000, 4000, 8000, 16000])
    expect(at.every((next) => next.action === 'retry' && next.countTry)).toBe(true)
  })

  it('gives system failures up after six tries and says so', () => {
    const last = afterError(failure('system'), { ...fresh, tries: 5 }, run, 0)
    const words = {
      message: expect.stringContaining('6 times'),
      remedy: expect.stringMatching(/^Mend it\. /),
    }
    expect(last).toMatchObject({ action: 'fail', failure: words })
  })

  it('waits for what is unavailable without counting', () => {
    const next = afterError(failure('unavailable'), { ...fresh, tries: 5 }, run, 1000)
    expect(next).toMatchObject({ action: 'retry', countTry: false })
  })

  it('waits no longer than the deadline', () => {
    const next = afterError(failure('unavailable'), { ...fresh, tries: 0 }, { ...run, deadline: 500 }, 1000)
    expect(next).toMatchObject({
      action: 'fail',
      failure: { message: expect.stringContaining('time is over') },
    })
  })

  describe('of one that tells of the end of a run', () => {
    const patient = { deadline: 500, patienceMs: 5 * DAYS }
    const since = (failingSince: number) => ({ failingSince, tries: 40 })

    it("is tried again after the run's time and after any number of tries, five minutes apart at last", () => {
      expect(afterError(failure('system'), since(1000), patient, 2 * DAYS)).toEqual({
        ...{ action: 'retry', at: 2 * DAYS + 300_000, countTry: true },
      })
    })

    it('is given up when it has failed for days', () => {
      expect(afterError(failure('system'), since(1000), patient, 1000 + 5 * DAYS)).toMatchObject({
        ...{ action: 'fail', failure: { message: 'It broke. (tried for 5 days)' } },
      })
    })

    it('waits for what is unavailable without an end', () => {
      const next = afterError(failure('unavailable'), since(1000), patient, 9 * DAYS)
      expect(next.action).toBe('retry')
    })
  })
})
