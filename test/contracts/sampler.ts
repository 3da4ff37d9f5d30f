import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PastTrial, Sampler, SearchSpace, Study, Values } from '../../src/search/sampler.ts'
import { random } from '../../src/search/samplers/random.ts'
import { anySpace, CONDITIONAL, choice, FINITE, float, int, MIXED, SPACES } from './sampler/spaces.ts'
import { completed, deepFrozen, drawn, failed, OUTCOMES, running, search, trial } from './sampler/studies.ts'
import { isAllowed, isInside, signatureOf } from './sampler/values.ts'

export interface Traits {
  /** Ends before every combination has been tried. */
  early?: boolean
  /** Another seed changes nothing. */
  seedless?: boolean
  /** Takes its time over a suggestion: the searches are shorter. */
  slow?: boolean
}

/** Every name in order, each value inside, nothing forbidden. */
function expectValid({ space, forbidden = [] }: Pick<Study, 'space' | 'forbidden'>, values: Values) {
  expect(Object.keys(values)).toEqual(Object.keys(space))
  for (const [name, dimension] of Object.entries(space)) {
    expect(isInside(values[name], dimension), `${name} = ${values[name]}`).toBe(true)
  }
  expect(isAllowed(space, forbidden, values), `forbidden: ${JSON.stringify(values)}`).toBe(true)
}

const signatures = (space: SearchSpace, trials: readonly PastTrial[]) =>
  new Set(trials.map(({ values }) => signatureOf(space, values)))

/** What every sampler keeps to; run on each of them. */
export function samplerContract(name: string, sampler: Sampler, traits: Traits = {}): void {
  const { early = false, seedless = false, slow = false } = traits
  const many = slow ? 8 : 40
  const few = slow ? 6 : 10
  const more = slow ? 8 : 10
  const suggest = (study: Partial<Study> & Pick<Study, 'space'>, seed = 0) =>
    sampler.suggest({ direction: 'maximize', trials: [], ...study }, seed)

  describe(`${name} keeps the contract of samplers`, () => {
    test.each(Object.entries(SPACES))('%s: inside its bounds, every name, no repeats', (_, space) => {
      const trials = search(sampler, space, many)
      if (!early) expect(trials).toHaveLength(many)
      expect(trials.length).toBeGreaterThan(0)
      expect(signatures(space, trials).size).toBe(trials.length)
      for (const { values } of trials) expectValid({ space }, values)
    })

    test('equal arguments give equal values', () => {
      for (const space of [MIXED, CONDITIONAL]) {
        expect(search(sampler, space, few, { seed: 3 })).toEqual(search(sampler, space, few, { seed: 3 }))
      }
    })

    test(`another seed gives ${seedless ? 'the same' : 'other'} values`, () => {
      const [one, other] = [3, 4].map((seed) => search(sampler, MIXED, few, { seed }))
      if (seedless) expect(one).toEqual(other)
      else expect(one).not.toEqual(other)
    })

    test('changes nothing that it is given', () => {
      const trials = search(sampler, CONDITIONAL, 6)
      const related = [{ space: MIXED, trials: search(random, MIXED, 6) }]
      const study: Study = {
        space: CONDITIONAL,
        direction: 'minimize',
        trials,
        related,
        forbidden: [{ lr: 1 }],
      }
      const values = sampler.suggest(structuredClone(study), 0)
      expect(sampler.suggest(deepFrozen(structuredClone(study)), 0)).toEqual(values)
    })

    test("does not propose the user's own values again, and takes them from outside of the bounds", () => {
      const space = { n: int(1, 2) }
      expect(suggest({ space, trials: [trial(0, { n: 2 }, completed(0.5))] })).toEqual({ n: 1 })
      expect(suggest({ space, trials: [trial(0, { n: 99 }, failed)] })).not.toBeNull()
    })

    test.each(FINITE)('%s: every combination once, then ends', (_, space, size, forbidden) => {
      const trials = search(sampler, space, size + 5, { study: { forbidden } })
      for (const { values } of trials) expectValid({ space, forbidden }, values)
      expect(signatures(space, trials).size).toBe(trials.length)
      if (early) expect(trials.length).toBeLessThanOrEqual(size)
      else expect(trials).toHaveLength(size)
    })

    if (!early && !slow) {
      test('hundreds of combinations: every one once, then ends', () => {
        const space = { a: int(0, 19), b: int(0, 19) }
        expect(signatures(space, search(sampler, space, 405)).size).toBe(400)
      })
    }

    test('has nothing to propose for no hyperparameters, or where all is forbidden', () => {
      expect(suggest({ space: {} })).toBeNull()
      const forbidden = [{ kernel: 'a' }, { kernel: 'b' }]
      expect(suggest({ space: MIXED, forbidden })).toBeNull()
    })

    if (!early) {
      test('finds the only combination that is left of many', () => {
        const space = { a: int(1, 500), b: choice('x', 'y'), c: int(1, 500) }
        const forbidden = Array.from({ length: 500 }, (_, index) => ({ a: index + 1 })).filter(
          ({ a }) => a !== 77,
        )
        const left = suggest({ space, forbidden: [...forbidden, { b: 'x' }] })
        expect(left).toMatchObject({ a: 77, b: 'y' })
      })

      test('reaches both ends of a range', () => {
        const found = search(sampler, { n: int(1, 4), x: float(0, 1) }, slow ? 30 : 60)
        const xs = found.map(({ values }) => Number(values.x))
        expect(new Set(found.map(({ values }) => values.n))).toEqual(new Set([1, 2, 3, 4]))
        expect(Math.min(...xs)).toBeLessThan(0.2)
        expect(Math.max(...xs)).toBeGreaterThan(0.8)
      })
    }

    describe.each(['maximize', 'minimize'] as const)('%s', (direction) => {
      test.each(Object.entries(OUTCOMES))('goes on after trials with %s', (_, outcome) => {
        for (const space of [MIXED, CONDITIONAL]) {
          const before = search(random, space, 6, { outcome })
          const trials = search(sampler, space, more, { outcome, study: { direction, trials: before } })
          if (!early) expect(trials).toHaveLength(more)
          expect(signatures(space, trials).size).toBe(trials.length)
          for (const { values } of trials) expectValid({ space }, values)
        }
      })
    })

    test('proposes something else while others still run', () => {
      const before = search(random, MIXED, 5, { outcome: (number) => completed(number) })
      const trials = search(sampler, MIXED, 9, { outcome: () => running, study: { trials: before } })
      expect(signatures(MIXED, trials).size).toBe(trials.length)
      if (!early) expect(trials).toHaveLength(9)
    })

    test('takes trials of another space: names that are missing, unknown, of another type or out of bounds', () => {
      const odd: Values[] = [
        {},
        { lr: 0.01, gone: 3, kernel: 'a' },
        { lr: 7, n: -1, p: 0.25, kernel: 'c' },
        { lr: 'high', n: true, p: 'none', kernel: 1 },
        { lr: 0, n: 17.5, p: -0, kernel: 'b' },
        { constructor: 1, toString: 'x' } as Values,
      ]
      const before = odd.map((values, number) => trial(number, values, completed(number / 10)))
      for (const space of [MIXED, CONDITIONAL]) {
        const trials = search(sampler, space, odd.length + 4, { study: { trials: before } })
        for (const { values } of trials.slice(odd.length)) expectValid({ space }, values)
        expect(trials.length).toBeGreaterThan(odd.length)
      }
    })

    test('takes the searches of earlier commits, whatever their space', () => {
      const related = [MIXED, CONDITIONAL, {}, SPACES['one int'] as SearchSpace].map((space) => ({
        space,
        trials: search(random, space, 6),
      }))
      for (const space of [MIXED, CONDITIONAL]) {
        for (const { values } of search(sampler, space, 8, { study: { related } }))
          expectValid({ space }, values)
      }
    })

    test.each<[string, SearchSpace]>([
      ['a few hyperparameters', MIXED],
      ['conditions', CONDITIONAL],
      ['sixty hyperparameters', SPACES['sixty hyperparameters'] as SearchSpace],
    ])('goes on after a thousand trials of %s', (_, space) => {
      const trials = drawn(space, 1000)
      const values = suggest({ space, trials })
      if (!early) expect(values).not.toBeNull()
      if (values === null) return
      expectValid({ space }, values)
      expect(signatures(space, trials)).not.toContain(signatureOf(space, values))
    })

    test('any space, any past', () => {
      const outcomes = fc.constantFrom(...Object.values(OUTCOMES))
      const pasts = fc.integer({ min: 0, max: slow ? 6 : 12 })
      fc.assert(
        fc.property(anySpace, pasts, outcomes, fc.integer({ min: 0 }), (space, past, outcome, seed) => {
          const trials = search(random, space, past, { outcome, seed })
          const values = suggest({ space, trials }, seed)
          if (values === null)
            return early || trials.length < past || search(random, space, past + 1).length === past
          expectValid({ space }, values)
          expect(signatures(space, trials)).not.toContain(signatureOf(space, values))
          return true
        }),
        { numRuns: slow ? 25 : 100, seed: 1 },
      )
    })
  })
}
