import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { axisOf } from '../../src/search/encode/axis.ts'
import { encodingOf } from '../../src/search/encode.ts'
import type { Dimension, SearchSpace } from '../../src/search/sampler.ts'

const bounds = fc
  .tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 5000 }))
  .map(([low, width]) => ({ low, high: low + width }))
const positive = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 7 }))
  .map(([low, width, digits]) => ({ low: low / 10 ** digits, high: (low + width) / 10 ** digits }))
const wholes = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 5000 }))
  .map(([low, width]) => ({ low, high: low + width }))
const step = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined })

const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  fc.record({ type: fc.constant('float' as const), log: fc.constant(false), range: bounds, step }).map(flat),
  fc.record({ type: fc.constant('float' as const), log: fc.constant(true), range: positive }).map(flat),
  fc.record({ type: fc.constant('int' as const), log: fc.constant(false), range: bounds, step }).map(flat),
  fc.record({ type: fc.constant('int' as const), log: fc.constant(true), range: wholes, step }).map(flat),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.boolean()), { minLength: 1, maxLength: 8 })
    .chain((choices) =>
      fc
        .option(fc.boolean(), { nil: undefined })
        .map((ordered) => ({ type: 'categorical' as const, choices, ordered })),
    ),
  fc
    .uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 8 })
    .map((choices) => ({ type: 'categorical' as const, choices: choices.sort((a, b) => a - b) })),
)

function flat<T extends { range: { low: number; high: number } }>({ range, ...rest }: T): T & typeof range {
  return { ...rest, ...range } as T & typeof range
}

const unit = fc.double({ min: 0, max: 1, noNaN: true })

describe('one hyperparameter on its axis', () => {
  test('no drift: the point of a value leads back to the value', () => {
    fc.assert(
      fc.property(dimension, unit, (of, point) => {
        const { pointOf, valueAt } = axisOf(of)
        const value = valueAt(point)
        expect(valueAt(pointOf(value))).toEqual(value)
        expect(pointOf(value)).toBeGreaterThanOrEqual(0)
        expect(pointOf(value)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2000 },
    )
  })

  test('what is ordered stays ordered', () => {
    fc.assert(
      fc.property(dimension, unit, unit, (of, a, b) => {
        const { nominal, pointOf, valueAt } = axisOf(of)
        fc.pre(!nominal && a < b)
        expect(pointOf(valueAt(a))).toBeLessThanOrEqual(pointOf(valueAt(b)))
      }),
    )
  })

  test.each<[string, Dimension, (number | string)[], number[]]>([
    ['a float', { type: 'float', low: 2, high: 4, log: false }, [2, 3, 4], [0, 0.5, 1]],
    ['a logarithmic float', { type: 'float', low: 1e-4, high: 1, log: true }, [1e-4, 1e-2, 1], [0, 0.5, 1]],
    ['an int', { type: 'int', low: 1, high: 4, log: false }, [1, 2, 4], [0.125, 0.375, 0.875]],
    ['steps', { type: 'int', low: 10, high: 45, log: false, step: 10 }, [10, 20, 40], [0.125, 0.375, 0.875]],
    ['powers of two', { type: 'categorical', choices: [16, 32, 64] }, [16, 32, 64], [0, 0.5, 1]],
    ['even numbers', { type: 'categorical', choices: [1, 2, 3] }, [1, 2, 3], [0, 0.5, 1]],
    ['choices with a zero', { type: 'categorical', choices: [0, 1, 4] }, [0, 1, 4], [0, 0.25, 1]],
    [
      'ordered words',
      { type: 'categorical', choices: ['s', 'm', 'l'], ordered: true },
      ['s', 'm', 'l'],
      [0, 0.5, 1],
    ],
    ['one ordered word', { type: 'categorical', choices: ['s'], ordered: true }, ['s'], [0]],
  ])('%s: the points are known', (_, of, values, points) => {
    values.forEach((value, at) => {
      expect(axisOf(of).pointOf(value)).toBeCloseTo(points[at] as number, 10)
    })
  })

  test('a value outside of the bounds lies at the nearest, one of another kind in the middle', () => {
    const axis = axisOf({ type: 'float', low: 1e-3, high: 1, log: true })
    expect([axis.pointOf(0), axis.pointOf(-1), axis.pointOf(7)]).toEqual([0, 0, 1])
    expect(axis.pointOf('auto')).toBe(0.5)
    const sizes = axisOf({ type: 'categorical', choices: [16, 32, 64] })
    expect([sizes.pointOf(8), sizes.pointOf(500), sizes.pointOf('all')]).toEqual([0, 1, 0.5])
  })

  test('an unknown category is unlike all others, and so is none', () => {
    const { absent, pointOf, nominal } = axisOf({ type: 'categorical', choices: ['a', 'b', 'c'] })
    expect(nominal).toBe(true)
    expect(new Set([absent, ...['a', 'b', 'c', 'd'].map(pointOf)]).size).toBe(5)
  })

  test.each<[Dimension]>([
    [{ type: 'categorical', choices: [] }],
    [{ type: 'float', low: 0, high: 1, log: true }],
    [{ type: 'int', low: 3, high: 1, log: false }],
  ])('refuses %j', (of) => {
    expect(() => encodingOf({ x: of })).toThrow(RangeError)
  })
})

describe('a space with conditions', () => {
  const space: SearchSpace = {
    kernel: { type: 'categorical', choices: ['linear', 'rbf', 'poly'] },
    degree: {
      type: 'int',
      low: 2,
      high: 5,
      log: false,
      condition: { name: 'kernel', values: ['poly'] },
    },
    only: { type: 'categorical', choices: ['a'] },
    extra: {
      type: 'categorical',
      choices: ['x', 'y'],
      condition: { name: 'degree', values: [4, 5] },
    },
    far: { type: 'float', low: 0, high: 1, log: false, condition: { name: 'elsewhere', values: [1] } },
  }
  const { names, nominal, encode, decode, snap } = encodingOf(space)

  test('what has one value only is no column', () => {
    expect(names).toEqual(['kernel', 'degree', 'extra', 'far'])
    expect(nominal).toEqual([true, false, true, false])
  })

  test('what does not matter lies at its middle, also down a chain', () => {
    const values = { kernel: 'rbf', degree: 5, only: 'a', extra: 'x', far: 0.25 }
    expect(encode(values).slice(1)).toEqual([0.5, 0, 0.25])
    expect(encode({ ...values, degree: 2, extra: 'y' })).toEqual(encode(values))
    expect(encode({ ...values, kernel: 'poly' }).slice(1)).toEqual([0.875, 0.25, 0.25])
    expect(encode({ ...values, kernel: 'poly', degree: 3 }).slice(1)).toEqual([0.375, 0, 0.25])
  })

  test('decodes every point to a value for every name, without drift', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 4, maxLength: 4 }), (point) => {
        const values = decode(point)
        expect(Object.keys(values)).toEqual(Object.keys(space))
        expect(values.only).toBe('a')
        expect(decode(encode(values))).toEqual(values)
        expect(snap(point)).toEqual(encode(values))
        expect(snap(snap(point))).toEqual(snap(point))
      }),
    )
  })

  test('takes values of another space', () => {
    expect(encode({ kernel: 'sigmoid' })).toEqual([1, 0.5, 0, 0.5])
    expect(encode({})).toEqual([0, expect.any(Number), 0, 0.5])
  })

  test('a circle of conditions ends', () => {
    const on = (name: string) => ({ name, values: [1, 2] })
    const circle: SearchSpace = {
      a: { type: 'int', low: 1, high: 4, log: false, condition: on('b') },
      b: { type: 'int', low: 1, high: 4, log: false, condition: on('a') },
    }
    const values = encodingOf(circle).decode([0.9, 0.1])
    expect(encodingOf(circle).decode(encodingOf(circle).encode(values))).toEqual(values)
  })
})
