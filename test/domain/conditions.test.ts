import { expect, test } from 'vitest'
import { withoutIdle } from '../../src/domain/conditions.ts'
import { aHyperparameter } from '../helpers/detections.ts'

const float = { type: 'float', low: 0.1, high: 1, log: false } as const
const kind = aHyperparameter('kind', 'a', { type: 'categorical', choices: ['a', 'b'] })
const inner = aHyperparameter('inner', 0.5, float, { condition: { name: 'kind', values: ['a'] } })
const deep = aHyperparameter('deep', 0.7, float, { condition: { name: 'inner', values: [0.2, 0.5] } })
const free = aHyperparameter('free', 0.3, float)
const all = [deep, inner, kind, free]

test('what does not matter keeps the value of the source', () => {
  const values = { kind: 'b', inner: 0.2, deep: 0.9, free: 0.4 }
  expect(withoutIdle(all, values)).toEqual({ kind: 'b', inner: 0.5, deep: 0.7, free: 0.4 })
})

test('what matters keeps its own', () => {
  const values = { kind: 'a', inner: 0.2, deep: 0.9, free: 0.4 }
  expect(withoutIdle(all, values)).toEqual(values)
})

test('a condition on what has no value is judged by the source', () => {
  expect(withoutIdle([kind, inner], { inner: 0.2 })).toEqual({ inner: 0.2 })
  expect(withoutIdle([{ ...kind, value: 'b' }, inner], { inner: 0.2 })).toEqual({ inner: 0.5 })
})

test('conditions in a circle end', () => {
  const one = { ...inner, condition: { name: 'deep', values: [0.7] } }
  expect(withoutIdle([one, deep], { inner: 0.5, deep: 0.7 })).toEqual({ inner: 0.5, deep: 0.7 })
})
