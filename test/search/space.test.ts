import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Distribution } from '../../src/domain/detection.ts'
import { untriedIn } from '../../src/search/combinations.ts'
import { contains, countOf, indexOfLevel, isOrdered, levelOf } from '../../src/search/levels.ts'
import type { Values } from '../../src/search/sampler.ts'
import { decode, isForbidden, keyOf, matters } from '../../src/search/space.ts'
import { anySpace, choice, float, int, under } from '../contracts/sampler/spaces.ts'
import { isInside } from '../contracts/sampler/values.ts'

const stepped = (low: number, high: number, step: number): Distribution => ({
  type: 'float',
  low,
  high,
  log: false,
  step,
})

test('a step gives low, low + step, ... as a person writes them', () => {
  const tenths = stepped(0.1, 0.75, 0.1)
  const levels = Array.from({ length: countOf(tenths) }, (_, index) => levelOf(tenths, index))
  expect(levels).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  expect(countOf(stepped(0, 1, 0.1))).toBe(11)
  expect(countOf({ type: 'int', low: 16, high: 250, log: true, step: 16 })).toBe(15)
})

test('each step gets an equal part of the unit interval', () => {
  const quarters = stepped(0, 1, 0.25)
  const drawn = Array.from({ length: 1000 }, (_, index) => decode((index + 0.5) / 1000, quarters))
  for (const level of [0, 0.25, 0.5, 0.75, 1])
    expect(drawn.filter((value) => value === level)).toHaveLength(200)
})

test('every point is a value, and every value that can be counted is found again', () => {
  const distributions = anySpace.map((space) => Object.values(space)[0] as Distribution)
  fc.assert(
    fc.property(distributions, fc.double({ min: 0, max: 1, noNaN: true }), (distribution, point) => {
      const value = decode(point, distribution)
      expect(isInside(value, distribution), `${value}`).toBe(true)
      expect(contains(distribution, value)).toBe(true)
      const count = countOf(distribution)
      if (!Number.isFinite(count)) return
      const index = Math.min(Math.floor(point * count), count - 1)
      expect(indexOfLevel(distribution, levelOf(distribution, index))).toBe(index)
    }),
    { seed: 1 },
  )
})

test('a value next to a step is none', () => {
  expect(contains(stepped(0, 1, 0.25), 0.3)).toBe(false)
  expect(contains(int(1, 4), 2.5)).toBe(false)
  expect(contains(int(1, 4), 5)).toBe(false)
  expect(contains(choice('1'), 1)).toBe(false)
  expect(contains(float(0, 1), 'a')).toBe(false)
})

test('choices are ordered when they say so, or are rising numbers', () => {
  expect(isOrdered(choice(16, 32, 64))).toBe(true)
  expect(isOrdered(choice(32, 16))).toBe(false)
  expect(isOrdered(choice('s', 'm'))).toBe(false)
  expect(isOrdered({ type: 'categorical', choices: ['s', 'm'], ordered: true })).toBe(true)
  expect(isOrdered({ type: 'categorical', choices: [1, 2], ordered: false })).toBe(false)
})

describe('what matters', () => {
  const space = {
    kind: choice('a', 'b'),
    depth: under('kind', ['a'], int(1, 3)),
    leaf: under('depth', [1], choice('x', 'y')),
    other: under('elsewhere', ['z'], int(1, 2)),
  }

  test('depends on all that it is under', () => {
    expect(matters(space, { kind: 'a', depth: 1, leaf: 'x' }, 'leaf')).toBe(true)
    expect(matters(space, { kind: 'b', depth: 1, leaf: 'x' }, 'leaf')).toBe(false)
    expect(matters(space, { kind: 'a', depth: 2, leaf: 'x' }, 'leaf')).toBe(false)
    expect(matters(space, { elsewhere: 'y' }, 'other')).toBe(true)
  })

  test('alone makes two trials differ', () => {
    const key = (values: Record<string, string | number>) => keyOf(space, values)
    expect(key({ kind: 'b', depth: 1, leaf: 'x', other: 1 })).toBe(key({ kind: 'b', depth: 2, other: 1 }))
    expect(key({ kind: 'a', depth: 1, leaf: 'x' })).not.toBe(key({ kind: 'a', depth: 1, leaf: 'y' }))
    expect(key({ kind: 'a', extra: 3 })).toBe(key({ kind: 'a' }))
    expect(keyOf({ n: choice(1, '1') }, { n: 1 })).not.toBe(keyOf({ n: choice(1, '1') }, { n: '1' }))
    expect(keyOf({ constructor: int(1, 2) }, {})).toBe('[null]')
  })

  test('alone is forbidden', () => {
    const forbidden: Values[] = [{ depth: 2 }, { kind: 'b', other: 1 }]
    expect(isForbidden(space, forbidden, { kind: 'a', depth: 2, other: 2 })).toBe(true)
    expect(isForbidden(space, forbidden, { kind: 'b', depth: 2, other: 2 })).toBe(false)
    expect(isForbidden(space, forbidden, { kind: 'b', depth: 1, other: 1 })).toBe(true)
    expect(isForbidden(space, undefined, {})).toBe(false)
  })
})

test('steps too fine to be counted are searched like a float', () => {
  const space = { x: { ...float(0, 1), step: 1e-300 }, n: int(1, 1) }
  const first = untriedIn({ space, direction: 'maximize', trials: [] }).any(1)
  const values = first ?? {}
  const trials = [{ number: 0, values, state: 'failed' as const, metric: null }]
  const second = untriedIn({ space, direction: 'maximize', trials }).any(1)
  expect(first).not.toBeNull()
  expect(second).not.toBeNull()
  expect(second).not.toEqual(first)
})
