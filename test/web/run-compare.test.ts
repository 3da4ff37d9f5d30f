import { describe, expect, it } from 'vitest'
import type { RunView } from '../../src/http/contract.ts'
import {
  bestSoFar,
  compareAddress,
  outcomeRows,
  runsOf,
  trialsToTarget,
  valueRows,
} from '../../web/src/run-compare.ts'

const trial = (number: number, metric: number | null, values = {}) => ({
  ...{ number, metric, values, repeats: null, state: metric === null ? 'failed' : 'completed' },
})
const aRun = (id: number, metrics: (number | null)[], change: object = {}) => {
  const best = metrics.reduce<number | null>(
    (top, value) => (value !== null && value > (top ?? 0) ? value : top),
    null,
  )
  return {
    ...{
      id,
      number: id,
      direction: 'maximize',
      target: 0.9,
      best,
      bestTrial: best === null ? null : metrics.indexOf(best),
    },
    ...{ trialCount: metrics.length, trialBudget: 20, startedAt: 0, endedAt: 90_000 },
    ...{ met: 'no', metIn: null },
    settings: { sampler: 'grid', seed: 3 },
    trials: metrics.map((metric, number) => trial(number, metric, { lr: 0.1 * id, hidden: 4 })),
    ...change,
  } as unknown as RunView
}

describe('runs that are compared', () => {
  it('stand in the address, each once, as many as can be told apart', () => {
    expect(runsOf('3,1,3,x,-2,,1e3')).toEqual([3, 1])
    expect(runsOf('1,2,3,4,5,6,7')).toHaveLength(6)
    expect(runsOf(null)).toEqual([])
    expect(compareAddress([3, 1])).toBe('/compare?runs=3,1')
  })

  it('needed so many trials until the target was met for certain; another seed is none of them', () => {
    const trials = [trial(0, 0.5), trial(1, 0.95), { ...trial(2, 0.8), repeats: 1 }, trial(3, 0.96)]
    const run = { trials: trials as unknown as RunView['trials'] }
    expect(trialsToTarget({ ...run, met: 'yes', metIn: 3 })).toBe('3')
    expect(trialsToTarget({ ...run, met: 'no', metIn: null })).toBe('not met')
    expect(trialsToTarget({ ...run, met: 'refuted', metIn: null })).toBe('not confirmed')
    expect(trialsToTarget({ ...run, met: 'unconfirmed', metIn: null })).toBe('not confirmed')
  })

  it('came to this, side by side', () => {
    const rows = outcomeRows(
      [aRun(1, [0.5, 0.95], { met: 'yes', metIn: 1 }), aRun(2, [null], { startedAt: null })],
      1,
    )
    expect(Object.fromEntries(rows.map(({ name, values }) => [name, values]))).toEqual({
      best: ['0.95 (trial 1)', '–'],
      target: ['≥ 0.9', '≥ 0.9'],
      'trials to target': ['2', 'not met'],
      trials: ['2 of 20', '1 of 20'],
      time: ['1 min 30 s', '–'],
      sampler: ['grid', 'grid'],
      seed: ['3', '3'],
    })
  })

  it('show the values of their best trials, those that differ apart; none where there is no best', () => {
    const { differing, same } = valueRows([aRun(1, [0.5]), aRun(2, [0.6])])
    expect([differing, same].map((rows) => rows.map(({ name }) => name))).toEqual([['lr'], ['hidden']])
    expect(valueRows([aRun(1, [0.5]), aRun(2, [null])]).differing[0]).toEqual({
      name: 'lr',
      values: [0.1, null],
    })
  })

  it('have their best so far by the number of trials', () => {
    expect(bestSoFar([aRun(1, [0.5, 0.4, 0.7]), aRun(2, [null, 0.6])])).toEqual([
      { trials: 1, r1: 0.5 },
      { trials: 2, r1: 0.5, r2: 0.6 },
      { trials: 3, r1: 0.7 },
    ])
  })
})
