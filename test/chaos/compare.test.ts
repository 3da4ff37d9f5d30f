import { describe, expect, it } from 'vitest'
import type { AttemptView, TrialView } from '../../src/http/contract.ts'
import { logLosses, losses, missingLogs } from './compare.ts'
import { type Outcome, printedBy } from './outcome.ts'

const WHOLE = ['Epoch 1/2', 'Epoch 2/2', 'Test accuracy']

const outcome = (attempts: string[][], printed: number[]): Outcome => ({
  ...{ end: {}, trials: [], jobs: [], metrics: [[]], traces: [], mails: ['<run-1>'], restarts: 1 },
  logs: [attempts],
  printed: [printed],
})
const calm = outcome([WHOLE], [3])

describe('the logs of a run that was disturbed', () => {
  it('may be in pieces, with an epoch twice', () => {
    expect(losses(calm, outcome([WHOLE.slice(0, 2), WHOLE.slice(1)], [2, 2]), true)).toEqual([])
  })

  it('lack what is between two pieces, or comes after the last', () => {
    expect(logLosses(WHOLE, [WHOLE.slice(0, 1), WHOLE.slice(2)], 1)).toEqual(['the lines 2 to 2 are missing'])
    expect(logLosses(WHOLE, [WHOLE.slice(0, 2)], 1)).toEqual(['the lines from 3 on are missing'])
  })

  it('may lack that of an attempt which was killed before it printed anything', () => {
    expect(losses(calm, outcome([[], WHOLE], [0, 3]), true)).toEqual([])
  })

  it('may not lack that of an attempt which printed, although the next one began anew', () => {
    const lost = ['log of trial 0: attempt 1 printed at least 2 lines, and 0 are kept']
    expect(losses(calm, outcome([[], WHOLE], [2, 3]), true)).toEqual(lost)
  })

  it('may not lack that of a further attempt after a whole one', () => {
    expect(missingLogs([3, 1], [WHOLE])).toEqual(['attempt 2 printed at least 1 lines, and 0 are kept'])
  })
})

describe('what an attempt is known to have printed', () => {
  const trial = (lines: (number | null)[]) => {
    return { metrics: lines.map((line) => ({ attemptId: 7, source: 'log', line })) } as Pick<
      TrialView,
      'metrics'
    >
  }
  const attempt = (step: number | null, resumed: number | null) => {
    return { id: 7, report: { checkpoint: { step }, resumed: { step: resumed } } } as AttemptView
  }

  it('is the line of its last metric', () => {
    expect(printedBy({ id: 7, report: null }, trial([1, 3, null, 2]))).toBe(3)
  })

  it('is not what another attempt of its trial printed', () => {
    expect(printedBy({ id: 8, report: null }, trial([1, 3]))).toBe(0)
  })

  it('is a line for each epoch of its checkpoints beyond the one that it went on from', () => {
    expect(printedBy(attempt(4, 1), trial([]))).toBe(3)
    expect(printedBy(attempt(null, 1), trial([]))).toBe(0)
  })
})
