import { describe, expect, it } from 'vitest'
import { propose } from '../../src/search/propose.ts'
import type { Curve } from '../../src/search/pruner.ts'
import type {
  PastTrial,
  RelatedStudy,
  Sampler,
  SearchSpace,
  Study,
  Values,
} from '../../src/search/sampler.ts'
import { parentBest } from '../../src/search/transfer/parent-best.ts'

const space: SearchSpace = {
  lr: { type: 'float', low: 1e-4, high: 1, log: true },
  units: { type: 'int', low: 8, high: 512, log: true },
}
const own = { lr: 0.5, units: 16 }
const trial = (
  number: number,
  values: Values,
  metric: number | null,
  rest: Partial<PastTrial> = {},
): PastTrial => ({
  number,
  values,
  state: metric === null ? 'failed' : 'completed',
  metric,
  ...rest,
})
const earlier: RelatedStudy = {
  space,
  trials: [trial(0, own, 0.6), trial(1, { lr: 0.01, units: 64 }, 0.9), trial(2, { lr: 0.1, units: 64 }, 0.8)],
}
const start: Study = {
  space,
  direction: 'maximize',
  trials: [{ number: 0, values: own, state: 'running', metric: null }],
  related: [earlier],
}
const sampler: Sampler = { name: 'fixed', suggest: () => ({ lr: 0.3, units: 8 }) }
const best = (study: Partial<Study>) => parentBest({ ...start, ...study })?.values ?? null

describe('the best of an earlier commit', () => {
  it('is its best completed trial, in either direction', () => {
    expect(parentBest(start)).toEqual({ values: { lr: 0.01, units: 64 }, related: 0, trial: 1 })
    const lower = earlier.trials.map((each) => ({ ...each, metric: -(each.metric ?? 0) }))
    expect(best({ direction: 'minimize', related: [{ space, trials: lower }] })).toEqual({
      lr: 0.01,
      units: 64,
    })
  })

  it('counts repeats in, and neither NaN nor what was given up', () => {
    const trials = [
      trial(0, own, 0.6),
      trial(1, { lr: 0.01, units: 64 }, 0.9, { repeats: [0.5, 0.5] }),
      trial(2, { lr: 0.02, units: 64 }, 0.7),
      trial(3, { lr: 0.03, units: 64 }, Number.NaN),
      trial(4, { lr: 0.04, units: 64 }, 0.99, { state: 'pruned' }),
    ]
    expect(best({ related: [{ space, trials }] })).toEqual({ lr: 0.02, units: 64 })
  })

  it('is that of the nearest one that has tried anything', () => {
    const broken = { space, trials: [trial(0, own, 0.6), trial(1, { lr: 1, units: 8 }, null)] }
    expect(parentBest({ ...start, related: [broken, earlier] })?.related).toBe(1)
  })

  it('is none where it would be nothing new', () => {
    const first = [trial(0, own, 0.9), trial(1, { lr: 0.01, units: 64 }, 0.8)]
    expect(best({ related: [{ space, trials: first }] })).toBeNull()
    const equal = [trial(0, own, 0.9), trial(1, { lr: 0.01, units: 64 }, 0.9)]
    expect(best({ related: [{ space, trials: equal }] })).toBeNull()
    expect(best({ trials: [trial(0, { lr: 0.01, units: 64 }, 0.9)] })).toBeNull()
    expect(best({ related: [] })).toBeNull()
    expect(best({ related: undefined })).toBeNull()
  })

  it('is none where the space is another, or the values are forbidden', () => {
    const other: SearchSpace = { depth: { type: 'int', low: 1, high: 9, log: false } }
    expect(
      best({
        related: [{ space: other, trials: [trial(0, { depth: 1 }, 0.1), trial(1, { depth: 2 }, 0.9)] }],
      }),
    ).toBeNull()
    expect(best({ forbidden: [{ units: 64 }] })).toBeNull()
  })

  it('takes the values into the present space', () => {
    const narrow: SearchSpace = {
      'lr@9': { type: 'float', low: 0.05, high: 1, log: true },
      units: { type: 'categorical', choices: [16, 48, 256] },
      momentum: { type: 'float', low: 0, high: 1, log: false },
    }
    const trials = [trial(0, { 'lr@9': 0.5, units: 16, momentum: 0.3 }, 0.5)]
    expect(best({ space: narrow, trials })).toEqual({ 'lr@9': 0.05, units: 48, momentum: 0.3 })
  })
})

describe('a proposal', () => {
  const after = (count: number): PastTrial[] =>
    Array.from({ length: count }, (_, number) => trial(number, { lr: 0.5, units: 16 + number }, 0.5))

  it('is the best of the earlier commit first, then what the sampler says', () => {
    const first = propose(start, sampler, 1, { parent: '#12' })
    expect(first).toEqual({ values: { lr: 0.01, units: 64 }, origin: 'the best of run #12, its trial 1' })
    const trials = [...start.trials, trial(1, { lr: 0.01, units: 64 }, 0.5)]
    expect(propose({ ...start, trials }, sampler, 1)).toEqual({
      values: { lr: 0.3, units: 8 },
      origin: 'the fixed sampler',
    })
  })

  it('does not give the values of the earlier commit twice where they were passed over', () => {
    const trials = [...start.trials, trial(1, { lr: 0.01, units: 64 }, null)]
    expect(propose({ ...start, trials }, sampler, 1)?.origin).toBe('the fixed sampler')
  })

  it('is more epochs where the curve of the best still rises', () => {
    const longer: SearchSpace = { ...space, epochs: { type: 'int', low: 1, high: 100, log: true } }
    const values = { lr: 0.1, units: 16, epochs: 20 }
    const points = Array.from({ length: 20 }, (_, index) => ({ step: index + 1, value: 0.4 + 0.02 * index }))
    const curves: Curve[] = [{ number: 0, state: 'completed', points }]
    const study: Study = { space: longer, direction: 'maximize', trials: [trial(0, values, 0.78)] }
    const extras = { curves, epochs: 'epochs', target: 0.9 }
    const proposal = propose(study, sampler, 1, extras)
    expect(proposal?.values).toEqual({ ...values, epochs: 40 })
    expect(proposal?.origin).toMatch(/^more epochs: trial 0 still rises/)
    const forbidden = [{ epochs: 40 }]
    expect(propose({ ...study, forbidden }, sampler, 1, extras)?.origin).toBe('the fixed sampler')
  })

  it('is none when the sampler has none', () => {
    expect(propose({ ...start, trials: after(4) }, { name: 'spent', suggest: () => null }, 1)).toBeNull()
  })
})
