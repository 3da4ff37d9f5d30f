import { expect, test } from 'vitest'
import { createLossWatch } from '../../src/metrics/loss.ts'

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
