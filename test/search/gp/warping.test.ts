import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { warp } from '../../../src/search/gp/warping.ts'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const metric = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('output warping', () => {
  test('keeps the order; the targets have mean 0 and variance 1', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 }),
        (metrics) => {
          const targets = warp(metrics)
          const order = metrics
            .map((_, at) => at)
            .sort((a, b) => (metrics[a] as number) - (metrics[b] as number))
          for (const [place, at] of order.slice(1).entries()) {
            expect(targets[at]).toBeGreaterThan(targets[order[place] as number] as number)
          }
          expect(mean(targets)).toBeCloseTo(0, 9)
          expect(mean(targets.map((target) => target ** 2))).toBeCloseTo(1, 9)
        },
      ),
    )
  })

  test('scale and level of the metric change nothing', () => {
    const metrics = [0.1, 0.5, 0.52, 0.9, 0.91, 0.3]
    warp(metrics.map((value) => 3 + 200 * value)).forEach((target, at) => {
      expect(target).toBeCloseTo(warp(metrics)[at] as number, 8)
    })
  })

  test('how bad the worst is does not matter, how good the best is does', () => {
    const mild = warp([-1, 0.5, 0.7, 0.8, 0.9])
    const wild = warp([-1e9, 0.5, 0.7, 0.8, 0.9])
    wild.forEach((target, at) => {
      expect(target).toBeCloseTo(mild[at] as number, 6)
    })
    expect(warp([-1, 0.5, 0.7, 0.8, 5])[3]).not.toBeCloseTo(mild[3] as number, 2)
  })

  test('what failed lies below all others', () => {
    fc.assert(
      fc.property(fc.array(metric, { minLength: 1, maxLength: 20 }), fc.nat(20), (metrics, place) => {
        const targets = warp([...metrics.slice(0, place), null, ...metrics.slice(place)])
        const failed = targets[Math.min(place, metrics.length)] as number
        expect(targets.filter((target) => target <= failed)).toHaveLength(1)
      }),
    )
  })

  test.each([
    ['no metric', [null, null]],
    ['equal ones', [0.5, 0.5, 0.5]],
    ['one', [7]],
    ['none at all', []],
  ])('%s: nothing to tell', (_, metrics) => {
    expect(warp(metrics)).toEqual(metrics.map(() => 0))
  })

  test('the largest numbers and the smallest differences are borne', () => {
    for (const metrics of [
      [Number.MAX_VALUE, -Number.MAX_VALUE, 0],
      [1, 1 + Number.EPSILON, 1 + 2 * Number.EPSILON],
      [0, 5e-324],
    ]) {
      expect(warp([...metrics, null]).every(Number.isFinite)).toBe(true)
    }
  })
})
