import { describe, expect, it } from 'vitest'
import { afterError } from '../../src/chain/retry.ts'
import type { Failure } from '../../src/domain/failure.ts'

const failure = (kind: Failure['kind']): Failure => ({
  kind,
  code: 'x',
  message: 'It broke.',
  remedy: 'Mend it.',
})

describe('what becomes of a job that threw', () => {
  it('fails at once for what only the user can mend', () => {
    expect(afterError(failure('user'), { tries: 0 }, null, 1000)).toEqual({
      action: 'fail',
      failure: failure('user'),
    })
  })

  it('tries system failures again, each time after twice as long', () => {
    const at = [0, 1, 2, 3, 4].map((tries) => afterError(failure('system'), { tries }, null, 0))
    expect(at.map((next) => next.action === 'retry' && next.at)).toEqual([1000, 2000, 4000, 8000, 16000])
    expect(at.every((next) => next.action === 'retry' && next.countTry)).toBe(true)
  })

  it('gives system failures up after six tries and says so', () => {
    const last = afterError(failure('system'), { tries: 5 }, null, 0)
    const words = {
      message: expect.stringContaining('6 times'),
      remedy: expect.stringMatching(/^Mend it\. /),
    }
    expect(last).toMatchObject({ action: 'fail', failure: words })
  })

  it('waits for what is unavailable without counting', () => {
    const next = afterError(failure('unavailable'), { tries: 5 }, null, 1000)
    expect(next).toMatchObject({ action: 'retry', countTry: false })
  })

  it('waits no longer than the deadline', () => {
    const next = afterError(failure('unavailable'), { tries: 0 }, 500, 1000)
    expect(next).toMatchObject({
      action: 'fail',
      failure: { message: expect.stringContaining('time is over') },
    })
  })
})
