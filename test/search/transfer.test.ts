import { describe, expect, it } from 'vitest'
import type { PastTrial, RelatedStudy, SearchSpace, Study, Values } from '../../src/search/sampler.ts'
import { gaussianProcess } from '../../src/search/samplers/gaussian-process.ts'
import { quasiRandom } from '../../src/search/samplers/quasi-random.ts'
import { transferred } from '../../src/search/transfer.ts'

const space: SearchSpace = {
  x: { type: 'float', low: 0, high: 1, log: false },
  y: { type: 'float', low: 0, high: 1, log: false },
}
const hill = ({ x, y }: Values) => 0.9 - (Number(x) - 0.3) ** 2 - (Number(y) - 0.7) ** 2

const searched = (f: (values: Values) => number | null, count: number, over = space): PastTrial[] => {
  const trials: PastTrial[] = []
  while (trials.length < count) {
    const values = quasiRandom.suggest({ space: over, direction: 'maximize', trials }, 3) ?? {}
    const metric = f(values)
    trials.push({ number: trials.length, values, state: metric === null ? 'failed' : 'completed', metric })
  }
  return trials
}
const earlier = (f: typeof hill, count = 20): RelatedStudy => ({ space, trials: searched(f, count) })
const study = (f: typeof hill, count: number, ...related: RelatedStudy[]): Study => ({
  space,
  direction: 'maximize',
  trials: searched(f, count).map((trial) => ({ ...trial, values: { ...trial.values } })),
  related,
})

describe('trials of earlier commits', () => {
  it('come to the present level', () => {
    const found = transferred(study((values) => hill(values) - 0.2, 3, earlier(hill)))
    expect(found).toHaveLength(20)
    for (const { values, metric } of found) expect(metric).toBeCloseTo(hill(values) - 0.2, 2)
  })

  it('wait for a few trials of the present one, running or not', () => {
    expect(transferred(study(hill, 2, earlier(hill)))).toEqual([])
    const running = study(hill, 3, earlier(hill)).trials.map(
      (trial): PastTrial => ({ ...trial, state: 'running', metric: null }),
    )
    const found = transferred({ ...study(hill, 3, earlier(hill)), trials: running })
    expect(found.map(({ metric }) => metric)).toEqual(earlier(hill).trials.map(({ metric }) => metric))
  })

  it('count the more, the better they foretell', () => {
    const rough = ({ x, y }: Values) => hill({ x, y } as Values) + 0.08 * Math.sin(30 * Number(x))
    const [equal] = transferred(study(hill, 8, earlier(hill)))
    const [similar] = transferred(study(rough, 8, earlier(hill)))
    expect(equal?.extraVariance).toBeLessThan(similar?.extraVariance as number)
  })

  it('are dropped once they disagree', () => {
    const valley = (values: Values) => -hill(values)
    expect(transferred(study(valley, 8, earlier(hill)))).toEqual([])
  })

  it('are the same for a metric that is minimised', () => {
    const negative = (trials: readonly PastTrial[]) =>
      trials.map((trial) => ({ ...trial, metric: trial.metric === null ? null : -trial.metric }))
    const up = study(
      hill,
      6,
      earlier((values) => hill(values) + 0.1),
    )
    const down: Study = {
      ...up,
      direction: 'minimize',
      trials: negative(up.trials),
      related: up.related?.map((related) => ({ ...related, trials: negative(related.trials) })),
    }
    const [a, b] = [transferred(up), transferred(down)]
    b.forEach(({ metric, extraVariance }, at) => {
      expect(metric).toBeCloseTo(-(a[at]?.metric ?? 0), 9)
      expect(extraVariance).toBeCloseTo(a[at]?.extraVariance ?? 0, 9)
    })
  })

  it('keep their failures, and give what is new the user’s own value', () => {
    const wider: SearchSpace = { ...space, z: { type: 'int', low: 1, high: 9, log: false } }
    const failing = ({ x, y }: Values) => (Number(x) > 0.8 ? null : hill({ x, y } as Values))
    const present: Study = {
      space: wider,
      direction: 'maximize',
      trials: [0.5, 0.4, 0.3].map((x, number) => ({
        number,
        values: { x, y: 0.5, z: 4 },
        state: 'completed',
        metric: hill({ x, y: 0.5 }),
      })),
      related: [{ space, trials: searched(failing, 20) }],
    }
    const found = transferred(present)
    expect(found.every(({ values }) => values.z === 4)).toBe(true)
    expect(found.filter(({ metric }) => metric === null).length).toBe(
      searched(failing, 20).filter(({ metric }) => metric === null).length,
    )
  })

  it('are left out where their values are outside of the present space', () => {
    const narrow: SearchSpace = { ...space, x: { type: 'float', low: 0, high: 0.5, log: false } }
    const mine = study(hill, 9, earlier(hill))
    const present = {
      ...mine,
      space: narrow,
      trials: mine.trials.filter(({ values }) => Number(values.x) <= 0.5),
    }
    const inside = earlier(hill).trials.filter(({ values }) => Number(values.x) <= 0.5)
    expect(transferred(present).map(({ values }) => values)).toEqual(inside.map(({ values }) => values))
  })

  it('are none of another space, of too few trials, and of equal metrics', () => {
    const other: SearchSpace = { depth: { type: 'int', low: 1, high: 50, log: false } }
    const unlike = { space: other, trials: searched(({ depth }) => Number(depth), 10, other) }
    expect(transferred(study(hill, 4, unlike))).toEqual([])
    expect(transferred(study(hill, 4, earlier(hill, 3)))).toEqual([])
    expect(
      transferred(
        study(
          hill,
          2,
          earlier(() => 0.5),
        ),
      ),
    ).toEqual([])
    expect(transferred({ ...study(hill, 4), related: undefined })).toEqual([])
  })

  it('are few, the fewer the more there are of the present commit', () => {
    const many = earlier(hill, 300)
    const most = transferred(study(hill, 3, many, many, many, many))
    expect(most.length).toBe(37)
    const best = Math.max(...many.trials.map(({ metric }) => metric as number))
    expect(Math.max(...most.map(({ metric }) => metric as number))).toBeCloseTo(best, 2)
    expect(transferred(study(hill, 10, many)).length).toBe(30)
    expect(transferred(study(hill, 37, many))).toEqual([])
  })
})

it('a search that knows the commit before is at the top after a few trials', () => {
  const shifted = (values: Values) => hill(values) - 0.3
  const run = (related: RelatedStudy[]) => {
    const trials: PastTrial[] = [
      { number: 0, values: { x: 0.9, y: 0.1 }, state: 'completed', metric: shifted({ x: 0.9, y: 0.1 }) },
    ]
    while (trials.length < 6) {
      const values = gaussianProcess.suggest({ space, direction: 'maximize', trials, related }, 1) ?? {}
      trials.push({ number: trials.length, values, state: 'completed', metric: shifted(values) })
    }
    return Math.max(...trials.map(({ metric }) => metric as number))
  }
  expect(run([earlier(hill)])).toBeGreaterThan(0.59)
  expect(run([earlier(hill)])).toBeGreaterThan(run([]))
})
