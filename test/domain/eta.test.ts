import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { etaOf, type Pace } from '../../src/domain/eta.ts'

const pace = (change: Partial<Pace>): Pace => ({
  ...{
    took: [100, 100, 100, 100],
    running: [],
    waiting: 10,
    parallel: 1,
    now: 5000,
    deadline: null,
    budgetMs: null,
  },
  ...change,
})

describe('when a run has spent its budget', () => {
  it('is not said before a training has ended, nor when none is left', () => {
    expect(etaOf(pace({ took: [] }))).toBeNull()
    expect(etaOf(pace({ waiting: 0 }))).toBeNull()
  })

  it.each([
    ['one after the other', {}, 6000],
    ['several at a time', { parallel: 5 }, 5200],
    ['no more at a time than are left', { waiting: 2, parallel: 8 }, 5100],
    ['with what one under way still needs', { running: [60] }, 6040],
    ['where only one is under way', { waiting: 0, running: [30] }, 5070],
    ['where that takes longer than the others', { waiting: 0, running: [300] }, 5010],
    ['no sooner than the one that has just begun', { waiting: 0, running: [0, 90], parallel: 2 }, 5100],
  ])('is certain where all take the same: %s', (_, change, at) => {
    expect(etaOf(pace(change))).toEqual({ earliest: at, latest: at })
  })

  it('is a range where they differ, about their mean', () => {
    const eta = etaOf(pace({ took: [50, 150, 80, 120] }))
    expect(eta?.earliest).toBeLessThan(5900)
    expect(eta?.latest).toBeGreaterThan(6100)
    expect(((eta?.earliest ?? 0) + (eta?.latest ?? 0)) / 2).toBeCloseTo(6000, 0)
  })

  it('is a wider range from one training than from many', () => {
    const width = (took: number[]) => {
      const { earliest, latest } = etaOf(pace({ took, waiting: 3 })) ?? { earliest: 0, latest: 0 }
      return latest - earliest
    }
    expect(width([100])).toBeGreaterThan(width([50, 150, 50, 150, 50, 150, 100, 100]))
  })

  it('is not after the deadline, and not before now', () => {
    expect(etaOf(pace({ deadline: 5300 }))).toEqual({ earliest: 5300, latest: 5300 })
    expect(etaOf(pace({ deadline: 4000 }))).toEqual({ earliest: 5000, latest: 5000 })
  })

  it('is not after the training that it may still do, of all that go on at a time', () => {
    expect(etaOf(pace({ budgetMs: 300 }))).toEqual({ earliest: 5300, latest: 5300 })
    expect(etaOf(pace({ budgetMs: 300, parallel: 3 }))).toEqual({ earliest: 5100, latest: 5100 })
    expect(etaOf(pace({ budgetMs: 9000 }))).toEqual({ earliest: 6000, latest: 6000 })
  })

  it('is a range in order, of whole milliseconds, whatever is known', () => {
    const ms = fc.integer({ min: 0, max: 1e9 })
    const some = fc.record({
      took: fc.array(ms, { minLength: 1, maxLength: 50 }),
      running: fc.array(ms, { maxLength: 8 }),
      ...{ waiting: fc.nat(1000), parallel: fc.integer({ min: 1, max: 64 }), now: ms },
      deadline: fc.option(ms),
      budgetMs: fc.option(ms),
    })
    fc.assert(
      fc.property(some, (given) => {
        const eta = etaOf(given)
        if (given.waiting + given.running.length === 0) return eta === null
        return (
          eta !== null &&
          eta.earliest >= given.now &&
          eta.latest >= eta.earliest &&
          Number.isSafeInteger(eta.latest)
        )
      }),
    )
  })
})
