import { expect, test } from 'vitest'
import { createLossWatch, isLossLost } from '../../src/metrics/loss.ts'

const heard = (...lines: string[]) => lines.map(createLossWatch())

test.each([
  ['Keras', '1/9 - loss: nan - accuracy: 0.1'],
  ['a plain loop', 'Epoch 3, Loss = NaN'],
  ['JSON', '{"epoch": 3, "loss": NaN}'],
  ['infinity', 'train loss: inf'],
  ['minus infinity', 'loss -> -inf'],
])('hears that the loss of %s is lost, from the second report on', (_, line) => {
  expect(heard(line, 'nothing', line)).toEqual([false, false, true])
})

test('takes a single lost step as such', () => {
  expect(heard('loss: nan', 'loss: 0.3', 'loss: nan')).toEqual([false, false, false])
})

test.each(['loss: 0.31', 'loss: information', 'the loss is nantucket', 'val_accuracy: nan', 'lossless: nan'])(
  'does not take %j for it',
  (line) => {
    expect(heard(line, line)).toEqual([false, false])
  },
)

test('hears it from what a framework reports of its epochs, and not from variables or the validation data', () => {
  const losses = (values: number[], rest: object = {}) =>
    values.map((value, index) => ({
      ...({ name: 'loss', split: 'train', step: index + 1, source: 'event', value } as const),
      ...rest,
    }))
  expect(isLossLost([])).toBe(false)
  expect(isLossLost(losses([Number.NaN]))).toBe(false)
  expect(isLossLost(losses([1, Number.NaN, Number.POSITIVE_INFINITY]))).toBe(true)
  expect(isLossLost(losses([Number.NaN, 1, Number.NaN]))).toBe(false)
  for (const rest of [{ source: 'variable' }, { split: 'validation' }, { name: 'accuracy' }, { step: null }])
    expect(isLossLost(losses([Number.NaN, Number.NaN], rest))).toBe(false)
})
