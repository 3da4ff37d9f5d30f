import { expect, test } from 'vitest'
import type { Curve } from '../../../src/search/pruner.ts'
import { hasDiverged, prunerFor } from '../../../src/search/pruners/index.ts'
import { createMedian } from '../../../src/search/pruners/median.ts'

const pruner = createMedian()
const curve = (number: number, values: readonly number[], state: Curve['state'] = 'running'): Curve => ({
  number,
  state,
  points: values.map((value, index) => ({ step: index + 1, value })),
})
const flat = (number: number, value: number, steps = 50, state: Curve['state'] = 'completed') =>
  curve(number, Array<number>(steps).fill(value), state)
const running = (value: number, steps: number) => flat(9, value, steps, 'running')
const three = [flat(0, 0.5), flat(1, 0.6), flat(2, 0.7)]

test('prunes what is behind the median of the completed at the same step, and says so', () => {
  expect(pruner.shouldPrune(running(0.55, 10), three, 'maximize')).toEqual({
    step: 10,
    reason: '0.55 at best after 10 epochs, behind the median 0.6 of 3 others',
  })
  expect(pruner.shouldPrune(running(0.6, 10), three, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(0.65, 10), three, 'maximize')).toBeNull()
})

test('minimises', () => {
  expect(pruner.shouldPrune(running(0.65, 10), three, 'minimize')).not.toBeNull()
  expect(pruner.shouldPrune(running(0.6, 10), three, 'minimize')).toBeNull()
})

test('the best value so far counts, of the others that at the step', () => {
  expect(pruner.shouldPrune(curve(9, [0.61, ...Array<number>(9).fill(0.1)]), three, 'maximize')).toBeNull()
  const fallen = [0, 1, 2].map((number) =>
    curve(number, [...Array<number>(12).fill(0.9), ...Array<number>(38).fill(0.3)], 'completed'),
  )
  expect(pruner.shouldPrune(running(0.5, 12), fallen, 'maximize')).not.toBeNull()
  expect(pruner.shouldPrune(running(0.5, 13), fallen, 'maximize')).toBeNull()
})

test('warms up: a fifth of the longest training, three steps, three completed ones', () => {
  expect(pruner.shouldPrune(running(0.1, 9), three, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(0.1, 10), three, 'maximize')).not.toBeNull()
  const short = [0, 1, 2].map((number) => flat(number, 0.6, 6))
  expect(pruner.shouldPrune(running(0.1, 2), short, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(0.1, 3), short, 'maximize')).not.toBeNull()
  const two = [
    ...three.slice(1),
    flat(3, 0.9, 40, 'running'),
    flat(4, 0.9, 40, 'pruned'),
    flat(5, 0.9, 40, 'failed'),
  ]
  expect(pruner.shouldPrune(running(0.1, 20), two, 'maximize')).toBeNull()
})

test('trial 0 goes on, and what is near its end, and what has no value yet', () => {
  const others = [flat(1, 0.6), flat(2, 0.6), flat(3, 0.6)]
  expect(pruner.shouldPrune(flat(0, 0.1, 20, 'running'), others, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(0.1, 33), others, 'maximize')).not.toBeNull()
  expect(pruner.shouldPrune(running(0.1, 34), others, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(curve(9, []), others, 'maximize')).toBeNull()
})

test('NaN: left out of the best and of the median; nothing else than NaN is behind', () => {
  const partly = curve(9, [...Array<number>(9).fill(Number.NaN), 0.65])
  expect(pruner.shouldPrune(partly, three, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(Number.NaN, 10), three, 'maximize')?.reason).toBe(
    'no number after 10 epochs, behind the median 0.6 of 3 others',
  )
  const broken = [flat(0, Number.NaN), flat(1, Number.NaN), flat(2, Infinity)]
  expect(pruner.shouldPrune(running(0.1, 10), broken, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(0.1, 10), [...broken, flat(3, 0.2)], 'maximize')).not.toBeNull()
})

test('compares only with those that came as far', () => {
  const short = [flat(0, 0.9, 5), flat(1, 0.9, 5), flat(2, 0.2, 50)]
  expect(pruner.shouldPrune(running(0.3, 10), short, 'maximize')).toBeNull()
})

test('a paused one goes on when the median has sunk below it, the best first', () => {
  const paused = [flat(5, 0.55, 10, 'pruned'), flat(6, 0.58, 10, 'pruned')]
  expect(pruner.nextToResume([...three, ...paused], 'maximize')).toBeNull()
  const worse = [flat(3, 0.1), flat(4, 0.2), flat(7, 0.2)]
  expect(pruner.nextToResume([...three, ...worse, ...paused], 'maximize')).toBe(6)
  expect(
    pruner.nextToResume([...three, flat(5, 0.4, 10, 'pruned'), flat(6, 0.3, 10, 'pruned')], 'minimize'),
  ).toBe(6)
  expect(pruner.nextToResume([], 'maximize')).toBeNull()
})

test('auto takes the median rule for ten trials or fewer', () => {
  expect(prunerFor('auto', 10).name).toBe('median')
  expect(prunerFor('auto', 11).name).toBe('halving')
  expect(prunerFor('median', 100).name).toBe('median')
  expect(prunerFor('halving', 5).name).toBe('halving')
})

test('none lets everything end', () => {
  const none = prunerFor('none', 20)
  expect(none.name).toBe('none')
  expect(none.shouldPrune(running(0.1, 10), three, 'maximize')).toBeNull()
  expect(none.nextToResume([flat(0, 0.1), flat(1, 0.9, 3, 'pruned')], 'maximize')).toBeNull()
})

test('diverged is what ends without a number, the first value excepted', () => {
  const diverged = (...values: number[]) => hasDiverged(curve(1, values).points)
  expect(diverged()).toBe(false)
  expect(diverged(Number.NaN)).toBe(false)
  expect(diverged(Number.NaN, Number.NaN)).toBe(true)
  expect(diverged(Number.NaN, 0.5)).toBe(false)
  expect(diverged(2.3, Number.NaN)).toBe(true)
  expect(diverged(2.3, Infinity)).toBe(true)
  expect(diverged(2.3, Number.NaN, 2.2)).toBe(false)
})
