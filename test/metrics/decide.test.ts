import { expect, test } from 'vitest'
import type { Metric } from '../../src/domain/metric.ts'
import { decideObjective } from '../../src/metrics/decide.ts'
import { createLogReader } from '../../src/metrics/log-lines.ts'

const log = (...lines: string[]) => {
  const reader = createLogReader('accuracy')
  return lines.flatMap((line, index) => reader.read(line, index + 1))
}
const metric = (value: number, rest: Partial<Metric> = {}): Metric => ({
  name: 'accuracy',
  split: 'unknown',
  value,
  step: null,
  source: 'file',
  evidence: `metrics.json: accuracy = ${value}`,
  line: null,
  ...rest,
})
const event = (value: number, rest: Partial<Metric> = {}, at = 7) => {
  const evidence = `{"v":1,"type":"metric","at":1.5,"name":"accuracy","value":${value},"step":null,"file":"a.py","line":${at}}`
  return metric(value, { source: 'event', evidence, line: 3, ...rest })
}

const decide = (metrics: Metric[], name = 'accuracy') => {
  const outcome = decideObjective(metrics, { metric: name })
  return 'metric' in outcome ? outcome.metric.value : outcome.failure.code
}

test('test before validation before unknown before train', () => {
  const all = log('train acc: 0.99', 'accuracy: 0.9', 'val acc: 0.8', 'Test accuracy: 0.7')
  expect(decide(all)).toBe(0.7)
  expect(decide(all.slice(0, 3))).toBe(0.8)
  expect(decide(all.slice(0, 2))).toBe(0.9)
  expect(decide(all.slice(0, 1))).toBe(0.99)
})

test('a result of the whole training before the last step', () => {
  expect(decide(log('Epoch 1: val acc 0.7', 'Epoch 2: val acc 0.8', 'Best val acc: 0.85'))).toBe(0.85)
  expect(decide(log('Epoch 1: val acc 0.9', 'Epoch 2: val acc 0.8'))).toBe(0.8)
})

test('a line that repeats an earlier form continues it', () => {
  expect(decide(log('Test accuracy: 0.7', 'Test accuracy: 0.8'))).toBe(0.8)
  expect(decide(log('Test accuracy: 0.70 after 1 s', 'Test accuracy: 0.8 after 12 s'))).toBe(0.8)
})

test('lines of different form that disagree are refused, with both shown', () => {
  const outcome = decideObjective(log('SVM test accuracy: 0.7', '', 'MLP test accuracy: 0.8'), {
    metric: 'accuracy',
  })
  expect(outcome).toMatchObject({ failure: { kind: 'user', code: 'metric-disagrees' } })
  const detail = 'failure' in outcome ? outcome.failure.detail : ''
  expect(detail).toBe('log line 1: SVM test accuracy: 0.7\nlog line 3: MLP test accuracy: 0.8')
})

test('two values on one line are two results', () => {
  expect(decide(log('test: accuracy: 0.7, accuracy: 0.8'))).toBe('metric-disagrees')
})

test('values that are equal as far as they are printed are one, and the exact one wins', () => {
  expect(decide(log('Test accuracy: 81%', 'test acc = 0.8111'))).toBe(0.8111)
  expect(decide(log('test accuracy 0.8111', 'Accuracy of the network on the 10 test images: 81 %'))).toBe(
    0.8111,
  )
  expect(decide(log('Test accuracy: 80%', 'test acc = 0.8034'))).toBe(0.8034)
  expect(decide(log('Test accuracy: 80%', 'test acc = 0.8134'))).toBe('metric-disagrees')
  expect(decide([...log('accuracy: 0.81'), event(0.8111111111111111), metric(0.8111)])).toBe(
    0.8111111111111111,
  )
  expect(decide([metric(0.81), event(0.83)])).toBe('metric-disagrees')
})

test('a loss is not compared as a fraction', () => {
  const loss = { name: 'loss' }
  expect(decide([metric(1.5, loss), event(1.703, loss)], 'loss')).toBe('metric-disagrees')
  expect(decide([metric(2, loss), event(2.3, loss)], 'loss')).toBe(2.3)
})

test('events of one place are a series, those of two places are two results', () => {
  expect(decide([event(0.7), event(0.8)])).toBe(0.8)
  expect(decide([event(0.7), event(0.8, {}, 9)])).toBe('metric-disagrees')
})

test('series of events and log end in the same value', () => {
  const epochs = log('Epoch 1: val acc 0.70', 'Epoch 2: val acc 0.80')
  const seen = [0.7012, 0.8012].map((value, index) => event(value, { step: index + 1, split: 'validation' }))
  expect(decide([...epochs, ...seen])).toBe(0.8012)
})

test('a metric that is no number fails the trial', () => {
  const outcome = decideObjective(log('Test accuracy: 0.7', 'Test accuracy: nan'), { metric: 'accuracy' })
  expect(outcome).toMatchObject({
    failure: { kind: 'user', code: 'metric-not-finite', detail: 'log line 2: Test accuracy: nan' },
  })
  expect(decide(log('train accuracy: nan', 'Test accuracy: 0.7'))).toBe(0.7)
})

test('no metric: says what to print, and what there was', () => {
  const outcome = decideObjective([metric(0.3, { name: 'loss' })], { metric: 'f1' })
  expect(outcome).toMatchObject({ failure: { kind: 'user', code: 'no-metric' } })
  const failure = 'failure' in outcome ? outcome.failure : null
  expect(failure?.message).toContain('loss')
  expect(failure?.remedy).toMatch(/f1: 0\.93.*metrics\.json.*metric:/)
  expect(decide([])).toBe('no-metric')
})

test('the name in the settings may have another spelling, or name the split', () => {
  const all = log('Test accuracy: 0.7', 'val_acc: 0.8')
  expect(decide(all, 'acc')).toBe(0.7)
  expect(decide(all, 'val_accuracy')).toBe(0.8)
  expect(decide(log('Test accuracy: 0.7'), 'val_accuracy')).toBe('no-metric')
})

const epoch = (step: number, value: number, rest: Partial<Metric> = {}) =>
  metric(value, {
    ...{ source: 'event', split: 'validation', step, line: step },
    evidence: `{"v": 1, "type": "epoch", "at": 2, "step": ${step}, "metrics": {"val_accuracy": ${value}}}`,
    ...rest,
  })
const variable = (step: number, value: number, rest: Partial<Metric> = {}) =>
  epoch(step, value, { source: 'variable', ...rest })

test('the same epoch printed and reported by the framework is one metric, with all its digits', () => {
  const printed = log('Epoch 1: val acc 0.70', 'Epoch 2: val acc 0.80')
  expect(decide([...printed, epoch(1, 0.70123), epoch(2, 0.80123)])).toBe(0.80123)
  const fromZero = log('Epoch 0: val acc 0.70', 'Epoch 1: val acc 0.80')
  expect(decide([...fromZero, epoch(1, 0.70123), epoch(2, 0.80123)])).toBe(0.80123)
})

test("what the script prints of an epoch counts before the framework's own report, which it did not ask for", () => {
  expect(decide([...log('Epoch 2: val acc 0.80'), epoch(2, 0.83)])).toBe(0.8)
})

test('a result that the script reports counts before the epochs of a framework, unless it is of the training data', () => {
  const epochs = [epoch(1, 0.7), epoch(2, 0.8), epoch(2, 0.99, { split: 'train' })]
  expect(decide([...epochs, ...log('Accuracy: 0.75')])).toBe(0.75)
  expect(decide([...epochs, ...log('Test accuracy: 0.7')])).toBe(0.7)
  expect(decide([...epochs, ...log('train accuracy: 0.99')])).toBe(0.8)
  expect(decide(epochs)).toBe(0.8)
  expect(decide([epoch(2, 0.99, { split: 'train' })])).toBe(0.99)
  expect(decide([...epochs, ...log('Test accuracy: 0.7')], 'val_accuracy')).toBe(0.8)
})

test('an evaluation that was reported and another one that was printed still disagree', () => {
  const evaluated = event(0.8312, { split: 'test' })
  expect(decide([epoch(2, 0.9), evaluated, ...log('Test accuracy: 0.83')])).toBe(0.8312)
  expect(decide([epoch(2, 0.9), evaluated, ...log('Test accuracy: 0.85')])).toBe('metric-disagrees')
})

test('what was found in variables counts only where nothing else says the metric', () => {
  expect(decide([variable(1, 0.6), variable(2, 0.7)])).toBe(0.7)
  expect(decide([variable(2, 0.7, { split: 'test' }), ...log('Epoch 2: acc 0.5')])).toBe(0.5)
  expect(decide([variable(2, 0.7), metric(0.4)])).toBe(0.4)
  expect(decide([variable(2, 0.7), metric(0.4, { name: 'loss' })])).toBe(0.7)
  expect(decide([variable(2, Number.NaN), ...log('Test accuracy: 0.7')])).toBe(0.7)
})
