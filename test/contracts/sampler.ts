import { describe, expect, test } from 'vitest'
import type { Distribution } from '../../src/domain/detection.ts'
import type { ParameterValue } from '../../src/domain/trial.ts'
import type { PastTrial, Sampler, SearchSpace } from '../../src/search/sampler.ts'

const float = (low: number, high: number, log = false): Distribution => ({ type: 'float', low, high, log })
const int = (low: number, high: number, log = false): Distribution => ({ type: 'int', low, high, log })
const choice = (...choices: (string | number)[]): Distribution => ({ type: 'categorical', choices })

const SPACES: Record<string, SearchSpace> = {
  'one float': { lr: float(0, 1) },
  'one logarithmic float': { lr: float(1e-6, 1, true) },
  'a negative range': { x: float(-5, -1), n: int(-3, 3) },
  'one int': { n: int(1, 1000) },
  'one logarithmic int': { n: int(1, 4096, true) },
  'one choice': {
    kernel: choice('rbf', 'poly', 3, ...Array.from({ length: 60 }, (_, index) => `k${index}`)),
  },
  mixed: { lr: float(1e-5, 1e-1, true), n: int(16, 264, true), p: float(0, 0.5), kernel: choice('a', 'b') },
  'sixty hyperparameters': Object.fromEntries(
    Array.from({ length: 60 }, (_, index): [string, Distribution] => [`x${index}`, float(0, 1)]),
  ),
}

const isInside = (value: ParameterValue | undefined, distribution: Distribution) => {
  if (distribution.type === 'categorical') return distribution.choices.includes(value as string)
  const whole = distribution.type === 'float' || Number.isInteger(value)
  return typeof value === 'number' && whole && value >= distribution.low && value <= distribution.high
}

/** Runs a search; the metric says nothing, some trials fail. */
function search(sampler: Sampler, space: SearchSpace, count: number, seed = 1): PastTrial[] {
  const trials: PastTrial[] = []
  while (trials.length < count) {
    const values = sampler.suggest({ space, direction: 'maximize', trials }, seed)
    if (values === null) break
    const number = trials.length
    const metric = number % 3 === 0 ? null : (number * 7919) % 101
    trials.push({ number, values, state: metric === null ? 'failed' : 'completed', metric })
  }
  return trials
}

const keys = (trials: PastTrial[]) => new Set(trials.map(({ values }) => JSON.stringify(values)))

/** What every sampler keeps to; run on each of them. */
export function samplerContract(name: string, sampler: Sampler): void {
  describe(`${name} keeps the contract of samplers`, () => {
    test.each(Object.entries(SPACES))('%s: inside its bounds, every name, no repeats', (_, space) => {
      const trials = search(sampler, space, 40)
      expect(trials).toHaveLength(40)
      expect(keys(trials).size).toBe(40)
      for (const { values } of trials) {
        expect(Object.keys(values)).toEqual(Object.keys(space))
        for (const [name, distribution] of Object.entries(space)) {
          expect(isInside(values[name], distribution), `${name} = ${values[name]}`).toBe(true)
        }
      }
    })

    test('equal arguments give equal values; another seed gives others', () => {
      const space = SPACES.mixed as SearchSpace
      expect(search(sampler, space, 10, 3)).toEqual(search(sampler, space, 10, 3))
      expect(search(sampler, space, 10, 3)).not.toEqual(search(sampler, space, 10, 4))
    })

    test('changes neither the space nor the trials', () => {
      const space = structuredClone(SPACES.mixed as SearchSpace)
      const trials = search(sampler, space, 5)
      const before = structuredClone({ space, trials })
      Object.freeze(trials)
      sampler.suggest({ space, direction: 'maximize', trials }, 0)
      expect({ space, trials }).toEqual(before)
    })

    test("does not propose the user's own values again, and takes them from outside of the bounds", () => {
      const space = { n: int(1, 2) }
      const after = (own: PastTrial) => sampler.suggest({ space, direction: 'maximize', trials: [own] }, 0)
      expect(after({ number: 0, values: { n: 2 }, state: 'completed', metric: 0.5 })).toEqual({ n: 1 })
      expect(after({ number: 0, values: { n: 99 }, state: 'failed', metric: null })).not.toBeNull()
    })

    test.each<[string, SearchSpace, number]>([
      ['ints and choices', { n: int(1, 5), k: choice('a', 'b', 'c') }, 15],
      ['one value', { n: int(3, 3), p: float(0.5, 0.5), k: choice('a') }, 1],
      ['many', { a: int(0, 19), b: int(0, 19) }, 400],
      ['a logarithmic int', { n: int(1, 32, true) }, 32],
    ])('tries every combination of %s once, then ends', (_, space, size) => {
      const trials = search(sampler, space, size + 5)
      expect(keys(trials).size).toBe(size)
      expect(trials).toHaveLength(size)
    })

    test('has nothing to propose for no hyperparameters', () => {
      expect(sampler.suggest({ space: {}, direction: 'maximize', trials: [] }, 0)).toBeNull()
    })

    test('reaches both ends of a range', () => {
      const found = search(sampler, { n: int(1, 4), x: float(0, 1) }, 60).map(({ values }) => values)
      expect(new Set(found.map(({ n }) => n))).toEqual(new Set([1, 2, 3, 4]))
      expect(Math.min(...found.map(({ x }) => Number(x)))).toBeLessThan(0.2)
      expect(Math.max(...found.map(({ x }) => Number(x)))).toBeGreaterThan(0.8)
    })
  })
}
