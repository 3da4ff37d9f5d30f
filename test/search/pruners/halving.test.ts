import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Curve } from '../../../src/search/pruner.ts'
import { createHalving } from '../../../src/search/pruners/halving.ts'

const pruner = createHalving()
const curve = (number: number, values: readonly number[], state: Curve['state'] = 'running'): Curve => ({
  number,
  state,
  points: values.map((value, index) => ({ step: index + 1, value })),
})
/** A training of 52 epochs that stands at a value. */
const flat = (number: number, value: number, steps = 52, state: Curve['state'] = 'completed') =>
  curve(number, Array<number>(steps).fill(value), state)
const paused = (number: number, value: number, steps = 3) => flat(number, value, steps, 'pruned')
const running = (number: number, value: number, steps = 3) => flat(number, value, steps, 'running')

test('the first one at a rung goes on, whatever it has', () => {
  expect(pruner.shouldPrune(running(1, 0.1), [], 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(1, 0.1, 20), [running(2, 0.9, 2)], 'maximize')).toBeNull()
})

test('nothing is judged before the first rung, or without a value', () => {
  const others = [flat(0, 0.9), flat(1, 0.8), flat(3, 0.7)]
  expect(pruner.shouldPrune(running(2, 0.1, 2), others, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(curve(2, []), others, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(2, 0.1, 3), others, 'maximize')).not.toBeNull()
})

test('says after which step, and behind whom', () => {
  const others = [flat(0, 0.5), paused(1, 0.3), paused(2, 0.45), running(3, 0.2, 1)]
  expect(pruner.shouldPrune(running(4, 0.40004, 4), others, 'maximize')).toEqual({
    step: 4,
    reason: '0.4 after 3 epochs, behind 2 of 3 others',
  })
})

/** Whether a value goes on among others at a step. */
const goesOnAt = (step: number, value: number, ...others: number[]) =>
  pruner.shouldPrune(
    running(99, value, step),
    [...others.map((other, index) => paused(index, other, step)), flat(98, -1)],
    'maximize',
  ) === null

test('at the first rung the best half goes on, rounded up', () => {
  expect(goesOnAt(3, 0.4, 0.5)).toBe(true)
  expect(goesOnAt(3, 0.4, 0.5, 0.6)).toBe(false)
  expect(goesOnAt(3, 0.4, 0.5, 0.1)).toBe(true)
  expect(goesOnAt(3, 0.4, 0.5, 0.6, 0.1)).toBe(true)
  expect(goesOnAt(3, 0.4, 0.5, 0.6, 0.7)).toBe(false)
})

test('at later rungs the best third, rounded up', () => {
  for (const step of [9, 27]) {
    expect(goesOnAt(step, 0.6, 0.5)).toBe(true)
    expect(goesOnAt(step, 0.4, 0.5, 0.6)).toBe(false)
    expect(goesOnAt(step, 0.4, 0.5, 0.1)).toBe(true)
    expect(goesOnAt(step, 0.4, 0.5, 0.6, 0.1)).toBe(false)
    expect(goesOnAt(step, 0.4, 0.5, 0.3, 0.2, 0.1)).toBe(true)
  }
})

test('minimises', () => {
  const others = [flat(0, 0.5), paused(1, 0.55), paused(3, 0.56)]
  expect(pruner.shouldPrune(running(2, 0.6), others, 'minimize')).not.toBeNull()
  expect(pruner.shouldPrune(running(2, 0.4), others, 'minimize')).toBeNull()
  expect(pruner.nextToResume([flat(0, 0.9), paused(1, 0.3), paused(2, 0.2)], 'minimize')).toBe(2)
})

test('equals of the last that goes on go on too', () => {
  const others = [flat(0, 0.1), flat(1, 0.1), flat(2, 0.1)]
  expect(pruner.shouldPrune(running(3, 0.1), others, 'maximize')).toBeNull()
})

test('fewer than three others are no field, and the same training twice is one', () => {
  const two = [flat(0, 0.9), paused(1, 0.8)]
  expect(pruner.shouldPrune(running(2, 0.1), two, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(2, 0.1), [...two, flat(3, 0.8)], 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(2, 0.1), [...two, flat(3, 0.7)], 'maximize')).not.toBeNull()
})

test('one bad epoch at a rung does not decide', () => {
  const others = [flat(0, 0.5), flat(1, 0.6), flat(3, 0.7)]
  expect(pruner.shouldPrune(curve(2, [0.7, 0.8, 0.1]), others, 'maximize')).toBeNull()
})

test('trial 0 always goes on', () => {
  expect(pruner.shouldPrune(running(0, 0.1), [flat(1, 0.9), flat(2, 0.8)], 'maximize')).toBeNull()
})

test('is judged again at 9 and at 27, by the values that were there', () => {
  const late = curve(1, [...Array<number>(8).fill(0.1), ...Array<number>(44).fill(0.9)], 'completed')
  const later = curve(3, [...Array<number>(8).fill(0.1), ...Array<number>(44).fill(0.95)], 'completed')
  const steady = [flat(0, 0.2), late, later]
  expect(pruner.shouldPrune(running(2, 0.5, 8), steady, 'maximize')).toBeNull()
  expect(pruner.shouldPrune(running(2, 0.5, 9), steady, 'maximize')?.reason).toBe(
    '0.5 after 9 epochs, behind 2 of 3 others',
  )
})

test('short trainings have no rungs that leave nothing to save, long ones none right at their start', () => {
  const prunedAt = (length: number) =>
    Array.from({ length }, (_, index) => index + 1).find((step) =>
      pruner.shouldPrune(
        running(2, 0.1, step),
        [flat(0, 0.9, length), flat(1, 0.8, length), flat(3, 0.7, length)],
        'maximize',
      ),
    )
  expect(prunedAt(3)).toBeUndefined()
  expect(prunedAt(4)).toBeUndefined()
  expect(prunedAt(5)).toBe(3)
  expect(prunedAt(52)).toBe(3)
  expect(prunedAt(500)).toBe(9)
  expect(prunedAt(1000)).toBe(27)
})

test('what has two thirds behind it goes on', () => {
  const others = [flat(0, 0.9), flat(1, 0.8), flat(3, 0.7)]
  expect(pruner.shouldPrune(running(2, 0.1, 34), others, 'maximize')).not.toBeNull()
  expect(pruner.shouldPrune(running(2, 0.1, 35), others, 'maximize')).toBeNull()
})

test('NaN falls behind every number, and never goes on, not even alone', () => {
  expect(pruner.shouldPrune(running(1, Number.NaN, 5), [], 'maximize')?.reason).toBe('NaN after 3 epochs')
  expect(pruner.shouldPrune(running(1, -Infinity), [flat(0, 0.5)], 'minimize')).not.toBeNull()
  expect(
    pruner.shouldPrune(running(3, 0.1), [flat(0, Number.NaN), paused(1, Number.NaN)], 'maximize'),
  ).toBeNull()
  expect(pruner.nextToResume([flat(0, 0.5), paused(1, Number.NaN)], 'minimize')).toBeNull()
})

test('what reports only every fifth epoch is compared at its first report', () => {
  const every = (number: number, values: number[], state: Curve['state']): Curve => ({
    number,
    state,
    points: values.map((value, index) => ({ step: 5 * (index + 1), value })),
  })
  const others = [0.8, 0.7, 0.6].map((value, at) => every(at + 2, Array<number>(10).fill(value), 'completed'))
  expect(pruner.shouldPrune(every(1, [0.4], 'running'), others, 'maximize')?.step).toBe(5)
  expect(pruner.shouldPrune(every(1, [0.9], 'running'), others, 'maximize')).toBeNull()
})

test('a paused one goes on when it has risen, the farthest and best first', () => {
  const curves = [flat(0, 0.3), paused(1, 0.6), paused(2, 0.5)]
  expect(pruner.nextToResume(curves, 'maximize')).toBe(1)
  const behind = [flat(0, 0.9), flat(9, 0.8), paused(1, 0.6), paused(2, 0.5)]
  expect(pruner.nextToResume(behind, 'maximize')).toBeNull()
  const more = [...behind, paused(3, 0.2)]
  expect(pruner.nextToResume(more, 'maximize')).toBe(1)
  const farther = [flat(0, 0.7), paused(1, 0.8), paused(2, 0.75, 9), paused(3, 0.2), paused(4, 0.2)]
  expect(pruner.nextToResume(farther, 'maximize')).toBe(2)
  expect(pruner.nextToResume([], 'maximize')).toBeNull()
})

test('a paused one goes on also after longer trainings have raised the first rung', () => {
  expect(pruner.nextToResume([flat(0, 0.3, 500), paused(1, 0.6)], 'maximize')).toBe(1)
})

const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 52, maxLength: 52 })

test('what it lets go on it does not stop, and the order of the others does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 1, max: 52 }),
      (all, steps) => {
        const others = all
          .slice(1)
          .map((own, index) =>
            curve(index, own.slice(0, index % 2 ? 3 : 52), index % 2 ? 'pruned' : 'completed'),
          )
        const trial = curve(99, (all[0] as number[]).slice(0, steps), 'pruned')
        const decision = pruner.shouldPrune({ ...trial, state: 'running' }, others, 'maximize')
        expect(pruner.shouldPrune({ ...trial, state: 'running' }, others.toReversed(), 'maximize')).toEqual(
          decision,
        )
        const next = pruner.nextToResume([...others, trial], 'maximize')
        if (next === trial.number) expect(decision).toBeNull()
      },
    ),
    { numRuns: 200, seed: 1 },
  )
})

test('a run in sequence brings its best trial to the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (finals) => {
        const curves: Curve[] = []
        const train = (number: number) => {
          for (let step = 1; step <= 52; step++) {
            const others = curves.filter((one) => one.number !== number)
            const now = running(number, finals[number] as number, step)
            if (step < 52 && pruner.shouldPrune(now, others, 'maximize')) {
              curves[number] = { ...now, state: 'pruned' }
              return
            }
          }
          curves[number] = flat(number, finals[number] as number)
        }
        for (let number = 0; number < finals.length; number++) {
          train(number)
          for (let next = pruner.nextToResume(curves, 'maximize'); next !== null; ) {
            const before = curves[next]?.points.length as number
            train(next)
            expect(curves[next]?.points.length).toBeGreaterThan(before)
            next = pruner.nextToResume(curves, 'maximize')
          }
        }
        expect(curves[finals.indexOf(Math.max(...finals))]?.state).toBe('completed')
      },
    ),
    { numRuns: 50, seed: 1 },
  )
})
