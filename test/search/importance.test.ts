import { describe, expect, it } from 'vitest'
import { encodingOf } from '../../src/search/encode.ts'
import { importanceOf } from '../../src/search/importance.ts'
import { outlookOf } from '../../src/search/outlook.ts'
import { createRandom } from '../../src/search/random.ts'
import type { PastTrial, SearchSpace, Values } from '../../src/search/sampler.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'

const unit = (...names: string[]): SearchSpace =>
  Object.fromEntries(names.map((name) => [name, { type: 'float', low: 0, high: 1, log: false } as const]))

const analysed = (space: SearchSpace, f: (point: readonly number[]) => number, noise = 0) => {
  const { names, snap } = encodingOf(space)
  const surface = { names, snap, noise, meanAt: (points: readonly (readonly number[])[]) => points.map(f) }
  return Object.fromEntries(importanceOf(surface, createRandom(3)).map(({ name, share }) => [name, share]))
}

/** T. Ishigami and T. Homma, 1990, on [-pi, pi]. */
const ishigami = ([a = 0, b = 0, c = 0]: readonly number[]) => {
  const [x, y, z] = [a, b, c].map((value) => Math.PI * (2 * value - 1)) as [number, number, number]
  return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x)
}

describe('total-effect indices of a function', () => {
  it('are those known for the function of Ishigami and Homma: 0.558, 0.442, 0.244', () => {
    const { x, y, z } = analysed(unit('x', 'y', 'z'), ishigami)
    expect(Math.abs((x ?? 0) - 0.558)).toBeLessThan(0.08)
    expect(Math.abs((y ?? 0) - 0.442)).toBeLessThan(0.08)
    expect(Math.abs((z ?? 0) - 0.244)).toBeLessThan(0.08)
  })

  it('are the shares of the variance where the function is a sum', () => {
    const { a, b, c } = analysed(unit('a', 'b', 'c'), ([p = 0, q = 0]) => 3 * p + q)
    expect(a).toBeCloseTo(0.9, 1)
    expect(b).toBeCloseTo(0.1, 1)
    expect(c).toBe(0)
  })

  it('leave to the noise what is of the noise', () => {
    const { a } = analysed(unit('a'), ([p = 0]) => p, 1 / 12)
    expect(a).toBeCloseTo(0.5, 1)
  })

  it('count a hyperparameter only where it matters', () => {
    const space: SearchSpace = {
      kind: { type: 'categorical', choices: ['with', 'without'] },
      x: { type: 'float', low: 0, high: 1, log: false, condition: { name: 'kind', values: ['with'] } },
    }
    const always = analysed(unit('x'), ([x = 0]) => x)
    const half = analysed(space, ([, x = 0]) => x)
    expect(always.x).toBeGreaterThan(0.9)
    // With probability 1/2 there is nothing to change.
    expect(half.x).toBeGreaterThan(0.4)
    expect(half.kind).toBeGreaterThan(0.2)
  })

  it('are none where nothing varies, and bounded in work for sixty hyperparameters', () => {
    expect(analysed(unit('a', 'b'), () => 1)).toEqual({})
    let evaluations = 0
    const names = Array.from({ length: 60 }, (_, index) => `x${index}`)
    analysed(unit(...names), (point) => {
      evaluations++
      return point[7] ?? 0
    })
    expect(evaluations).toBeLessThan(3500)
  })
})

describe('importance from trials', () => {
  const searched = (space: SearchSpace, f: (values: Values) => number, count: number) => {
    const trials: PastTrial[] = []
    while (trials.length < count) {
      const values = quasiRandom.suggest({ space, direction: 'maximize', trials }, 5) ?? {}
      trials.push({ number: trials.length, values, state: 'completed', metric: f(values) })
    }
    return trials
  }

  it('ranks what a sum is made of', () => {
    const space = unit('low', 'high', 'none')
    const trials = searched(space, ({ low, high }) => Number(low) + 3 * Number(high), 30)
    const { importance } = outlookOf({ space, direction: 'maximize', trials }, { target: 9, left: 10 })
    expect(importance.map(({ name }) => name)).toEqual(['high', 'low', 'none'])
    expect(importance[0]?.share).toBeGreaterThan(0.7)
    expect(importance[2]?.share).toBeLessThan(0.05)
  })

  it('finds, from 80 trials, both directions of the function of Ishigami and Homma that matter most', () => {
    const space = unit('x', 'y', 'z')
    const trials = searched(space, ({ x, y, z }) => ishigami([x, y, z].map(Number)), 80)
    const { importance } = outlookOf({ space, direction: 'maximize', trials }, { target: 99, left: 10 })
    const shares = Object.fromEntries(importance.map(({ name, share }) => [name, share]))
    expect(shares.x).toBeGreaterThan(0.3)
    expect(shares.y).toBeGreaterThan(0.25)
    expect(importance.at(-1)?.name).toBe('z')
  })
})
