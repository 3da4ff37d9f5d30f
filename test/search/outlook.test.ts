import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlookOf } from '../../src/search/outlook.ts'
import type { PastTrial, SearchSpace, Study, Values } from '../../src/search/sampler.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'

const space: SearchSpace = {
  x: { type: 'float', low: 0, high: 1, log: false },
  y: { type: 'float', low: 0, high: 1, log: false },
}

const searched = (
  f: (values: Values) => number | null,
  count: number,
  over: SearchSpace = space,
  direction: Study['direction'] = 'maximize',
): Study => {
  const trials: PastTrial[] = []
  while (trials.length < count) {
    const values = quasiRandom.suggest({ space: over, direction, trials }, 2) ?? {}
    const metric = f(values)
    trials.push({ number: trials.length, values, state: metric === null ? 'failed' : 'completed', metric })
  }
  return { space: over, direction, trials }
}

/** At most 0.9, at (0.3, 0.7). */
const hill = ({ x, y }: Values) => 0.9 - (Number(x) - 0.3) ** 2 - (Number(y) - 0.7) ** 2
const chance = (study: Study, target: number, left = 10) => outlookOf(study, { target, left }).chance

describe('the chance', () => {
  it('falls with the height of the target', () => {
    const study = searched(hill, 12)
    const chances = [0.85, 0.89, 0.899, 0.92, 1.2].map((target) => chance(study, target) as number)
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    expect(chances[0]).toBeGreaterThan(0.9)
    expect(chances.at(-1)).toBeLessThan(0.05)
  })

  it('rises with the trials that are left', () => {
    const study = searched(hill, 8)
    const [one, ten] = [1, 10].map((left) => chance(study, 0.9, left) as number)
    expect(ten).toBeGreaterThanOrEqual(one as number)
    expect(chance(study, 2, 0)).toBe(0)
  })

  it('is the same for a metric that is minimised', () => {
    const up = searched(hill, 12)
    const trials = up.trials.map((trial) => ({ ...trial, metric: -(trial.metric as number) }))
    expect(chance({ ...up, direction: 'minimize', trials }, -0.89)).toBeCloseTo(chance(up, 0.89) as number, 9)
  })

  it('is 1 once the target is met', () => {
    const study = searched(hill, 6)
    const best = Math.max(...study.trials.map(({ metric }) => metric as number))
    expect(chance(study, best)).toBe(1)
  })

  it('is not told by fewer than five metrics, nor by equal ones', () => {
    expect(chance(searched(hill, 4), 0.95)).toBeNull()
    expect(
      chance(
        searched(() => 0.1, 12),
        0.95,
      ),
    ).toBeNull()
    expect(
      chance(
        searched(() => Number.NaN, 12),
        0.95,
      ),
    ).toBeNull()
    expect(
      chance(
        searched(() => null, 12),
        0.95,
      ),
    ).toBeNull()
    const running: PastTrial = { number: 4, values: { x: 0.2, y: 0.2 }, state: 'running', metric: null }
    const four = searched(hill, 4)
    expect(chance({ ...four, trials: [...four.trials, running] }, 0.95)).toBeNull()
  })
})

describe('the best trial as the model sees it', () => {
  it('is near the function where that has no noise, in the units of the metric', () => {
    const { best } = outlookOf(searched(hill, 20), { target: 1, left: 5 })
    const measured = searched(hill, 20).trials.find(({ number }) => number === best?.trial)
    expect(Math.abs((best?.mean ?? 0) - (measured?.metric ?? 9))).toBeLessThan(0.01)
    expect(best?.sd).toBeLessThan(0.02)
  })

  it('is below a lucky measurement, the more so without repeats', () => {
    const line: SearchSpace = { x: { type: 'float', low: 0, high: 1, log: false } }
    const study = searched(({ x }) => 0.5 + 0.1 * Number(x), 30, line)
    const lucky = (repeats: number[]) => ({
      ...study,
      trials: study.trials.map((trial) => ({
        ...trial,
        metric: trial.number === 5 ? 0.75 : (trial.metric as number) + (trial.number % 2 ? 0.04 : -0.04),
        repeats: trial.number === 5 ? repeats : undefined,
      })),
    })
    const once = outlookOf(lucky([]), { target: 1, left: 5 }).best
    const often = outlookOf(lucky([0.75, 0.75, 0.75, 0.75, 0.75]), { target: 1, left: 5 }).best
    expect(once?.trial).toBe(5)
    expect(once?.mean).toBeLessThan(0.74)
    expect(often?.mean).toBeGreaterThan(once?.mean as number)
  })

  it('belongs to the same trial for a metric that is minimised', () => {
    const study = searched((values) => 1 - hill(values), 20, space, 'minimize')
    const { best } = outlookOf(study, { target: 0, left: 5 })
    const metrics = study.trials.map(({ metric }) => metric as number)
    expect(best?.trial).toBe(metrics.indexOf(Math.min(...metrics)))
    expect(best?.mean).toBeLessThan(0.2)
  })
})

describe('odd searches', () => {
  const conditional: SearchSpace = {
    optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
    momentum: {
      type: 'float',
      low: 0,
      high: 0.99,
      log: false,
      condition: { name: 'optimizer', values: ['sgd'] },
    },
  }

  it('have an outlook with conditions, failures and NaN among them', () => {
    const study = searched(
      ({ optimizer, momentum }) =>
        optimizer === 'adam'
          ? 0.5
          : Number(momentum) > 0.9
            ? null
            : Number(momentum) > 0.8
              ? Number.NaN
              : Number(momentum),
      20,
      conditional,
    )
    const { chance, importance, trials } = outlookOf(study, { target: 2, left: 10 })
    expect(trials).toBe(study.trials.filter(({ metric }) => Number.isFinite(metric)).length)
    expect(chance).toBeGreaterThanOrEqual(0)
    expect(new Set(importance.map(({ name }) => name))).toEqual(new Set(['optimizer', 'momentum']))
  })

  it('have none over a space without room, and none without trials', () => {
    const fixed: SearchSpace = { x: { type: 'categorical', choices: [1] } }
    const trials = Array.from(
      { length: 6 },
      (_, number): PastTrial => ({ number, values: { x: 1 }, state: 'completed', metric: number / 10 }),
    )
    const study: Study = { space: fixed, direction: 'maximize', trials }
    expect(outlookOf(study, { target: 1, left: 4 })).toMatchObject({
      chance: null,
      best: null,
      importance: [],
    })
    const none = outlookOf({ ...study, trials: [] }, { target: 1, left: 4 })
    expect(none).toEqual({ trials: 0, chance: null, best: null, importance: [], advice: [] })
  })

  it('are told in probabilities and finite numbers, the same each time', () => {
    const metric = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, null, 0, 1e-300, 1e300) },
    )
    fc.assert(
      fc.property(
        fc.array(metric, { minLength: 5, maxLength: 14 }),
        fc.double({ noNaN: true }),
        (metrics, target) => {
          const { trials } = searched(() => 0, metrics.length)
          const study: Study = {
            space,
            direction: 'maximize',
            trials: trials.map((trial, at) => ({ ...trial, metric: metrics[at] ?? null })),
          }
          const outlook = outlookOf(study, { target, left: 5 })
          const { chance, best, importance } = outlook
          if (chance !== null) expect(chance >= 0 && chance <= 1).toBe(true)
          if (best) expect(Number.isFinite(best.mean) && best.sd >= 0).toBe(true)
          expect(importance.every(({ share }) => share >= 0 && share <= 1)).toBe(true)
          expect(outlookOf(study, { target, left: 5 })).toEqual(outlook)
        },
      ),
      { numRuns: 15, seed: 4 },
    )
  })
})
