import { describe, expect, test } from 'vitest'
import { createLogReader } from '../../src/metrics/log-lines.ts'

const read = (lines: string[], name = 'accuracy') => {
  const reader = createLogReader(name)
  return lines.flatMap((line, index) => reader.read(line, index + 1))
}
/** `[split, step, value]` of each metric. */
const short = (lines: string[], name = 'accuracy') =>
  read(lines, name).map(({ split, step, value }) => [split, step, value])

test('keeps the line and its number as evidence', () => {
  expect(read(['hello', '  Test accuracy: 0.81 '])).toEqual([
    {
      name: 'accuracy',
      split: 'test',
      value: 0.81,
      step: null,
      source: 'log',
      evidence: 'Test accuracy: 0.81',
      line: 2,
    },
  ])
})

test.each<[string, number | null]>([
  ['[03/12] train_loss=0.44 val_accuracy=0.8225 lr=0.00994', 3],
  ['[1,  2000] loss: 2.1 accuracy: 0.8225', 1],
  ['  [2/5] test accuracy 0.8225', 2],
  ['[7] val_accuracy: 0.8225', 7],
  ['[info] val_accuracy: 0.8225', null],
])('the epoch in brackets: %s', (line, step) => {
  expect(read([line])).toMatchObject([{ step, value: 0.8225 }])
})

test.each<[string, string, number]>([
  ['Test accuracy: 0.81', 'test', 0.81],
  ['accuracy: 81.3%', 'unknown', 0.813],
  ['Accuracy = 81', 'unknown', 0.81],
  ['ACC: 81 %', 'unknown', 0.81],
  ['val_accuracy=0.79', 'validation', 0.79],
  ['test acc 0.81', 'test', 0.81],
  ['test_acc 0.81', 'test', 0.81],
  ['Accuracy: 8134/10000 (81%)', 'unknown', 0.8134],
  ['Test set: Average loss: 0.0525, Accuracy: 9834/10000 (98%)', 'test', 0.9834],
  ['Accuracy of the network on the 10000 test images: 54 %', 'test', 0.54],
  ['Accuracy on test set: 0.93', 'test', 0.93],
  ['Accuracy on the validation data is 0.93', 'validation', 0.93],
  ['Accuracy score (test): 0.93', 'test', 0.93],
  ['The accuracy of our model is 93.0%.', 'unknown', 0.93],
  ['accuracy is 0.93.', 'unknown', 0.93],
  ["{'accuracy': 0.81, 'loss': 0.3}", 'unknown', 0.81],
  ['{"test": {"accuracy": 0.81}}', 'test', 0.81],
  ['Training finished. Accuracy: 0.9', 'unknown', 0.9],
  ['Training done, accuracy: 0.9', 'unknown', 0.9],
  ['train acc: 0.95', 'train', 0.95],
  ['accuracy: tensor(0.8100)', 'unknown', 0.81],
  ['accuracy: np.float64(0.81)', 'unknown', 0.81],
  ['accuracy: 0.81 ± 0.02', 'unknown', 0.81],
  ['accuracy: 0.81 (+/- 0.02)', 'unknown', 0.81],
  ['accuracy | 0.81 |', 'unknown', 0.81],
  ['Accuracy: 1.0', 'unknown', 1],
  ['Accuracy: 100%', 'unknown', 1],
  ['Accuracy: 1', 'unknown', 1],
  ['Accuracy: 0', 'unknown', 0],
  ['Accuracy: .5', 'unknown', 0.5],
  ['Accuracy: 8.1e-1', 'unknown', 0.81],
  ['Final test accuracy after 10 epochs: 0.81', 'test', 0.81],
  ['Best val acc: 0.83', 'validation', 0.83],
  ['2024-05-01 12:30:01,123 INFO test accuracy: 0.81', 'test', 0.81],
  ['\u001b[32mTest accuracy:\u001b[0m \u001b[1m0.81\u001b[0m', 'test', 0.81],
  ['Testgenauigkeit | accuracy → 0.81', 'unknown', 0.81],
])('reads %j', (line, split, value) => {
  expect(short([line])).toEqual([[split, null, value]])
})

test.each([
  'accuracy target 0.9',
  'target accuracy: 0.9',
  'accuracy threshold = 0.9',
  '--target-accuracy=0.9',
  'goal accuracy 0.9',
  'stop at accuracy >= 0.9',
  'if accuracy > 0.9: stop',
  'Namespace(accuracy=0.9, lr=0.1)',
  "compile(metrics=['accuracy'])",
  'accuracy: 2024-01-02',
  'accuracy: 12:30:01',
  'accuracy: 1.2.3',
  'accuracy took 0.81s',
  'accuracy: 3x better',
  'accuracy: 250',
  'accuracy: -0.5',
  'accuracy 3',
  'balanced accuracy: 0.7',
  'top-5 accuracy: 0.99',
  'Accuracy for class: plane is 70.1 %',
  'Accuracy of   cat : 61.2 %',
  'Epoch 3: val_accuracy improved from 0.80 to 0.81, saving model',
  'Epoch 3: val_accuracy did not improve from 0.81',
  'accuracy gain: 0.02',
  'accuracy: [0.8 0.9 0.7]',
  'inaccuracy: 0.3',
  'accuracies: 0.3',
  'accuracy:',
  'accuracy',
  '',
])('is not taken in by %j', (line) => {
  expect(short([line])).toEqual([])
})

test('a value that is no number is one, so that the trial can fail over it', () => {
  expect(read(['accuracy: nan', 'loss: 3'])[0]?.value).toBeNaN()
  expect(short(['loss: inf'], 'loss')).toEqual([['unknown', null, Number.POSITIVE_INFINITY]])
  expect(short(['accuracy: nano', 'accuracy nan'])).toHaveLength(0)
})

describe('Keras', () => {
  const bar = '━━━━━━━━━━━━━━━━━━━━'

  test('progress bars with returns, backspaces and colours, epochs and the evaluation after them', () => {
    const lines = [
      'Epoch 1/2',
      `\r\u001b[1m 1/45\u001b[0m \u001b[32m━\u001b[0m\u001b[37m${bar}\u001b[0m \u001b[1m1s\u001b[0m 20ms/step - accuracy: 0.1 - loss: 2.3\b\b\b\r\u001b[1m45/45\u001b[0m \u001b[32m${bar}\u001b[0m \u001b[1m1s\u001b[0m 2ms/step - accuracy: 0.61 - loss: 1.2 - val_accuracy: 0.59 - val_loss: 1.3`,
      'Epoch 2/2',
      `12/45 ${bar} 1s 2ms/step - accuracy: 0.7 - loss: 1.0`,
      `45/45 ${bar} 1s 2ms/step - accuracy: 0.81 - loss: 0.9 - val_accuracy: 0.79 - val_loss: 0.9`,
      `12/12 ${bar} 0s 1ms/step - accuracy: 0.80 - loss: 0.4`,
      'Test accuracy: 0.8031',
    ]
    expect(short(lines)).toEqual([
      ['train', 1, 0.61],
      ['validation', 1, 0.59],
      ['train', 2, 0.81],
      ['validation', 2, 0.79],
      ['unknown', null, 0.8],
      ['test', null, 0.8031],
    ])
    expect(short(lines.slice(0, 2), 'val_loss')).toEqual([
      ['train', 1, 1.2],
      ['validation', 1, 1.3],
    ])
  })

  test('older bars and one line an epoch', () => {
    const lines = [
      'Epoch 3/10',
      '45/45 [==============================] - 1s 2ms/step - loss: 0.9 - accuracy: 0.81 - val_accuracy: 0.79',
      'Epoch 4/10',
      '45/45 - 1s - 2ms/step - loss: 0.9 - accuracy: 0.82 - val_accuracy: 0.80',
    ]
    expect(short(lines)).toEqual([
      ['train', 3, 0.81],
      ['validation', 3, 0.79],
      ['train', 4, 0.82],
      ['validation', 4, 0.8],
    ])
  })
})

describe('loops of PyTorch', () => {
  test.each<[string, (string | number | null)[][]]>([
    ['Epoch 3: train loss 0.5 val acc 0.8', [['validation', 3, 0.8]]],
    [
      'Epoch 3/10 | train acc: 0.9 | val acc: 0.8 | 1.2s',
      [
        ['train', 3, 0.9],
        ['validation', 3, 0.8],
      ],
    ],
    ['Epoch [3/10], Loss: 0.4, Accuracy: 81.00%', [['unknown', 3, 0.81]]],
    ['[epoch 3] val_accuracy=0.8', [['validation', 3, 0.8]]],
    ["{'eval_accuracy': 0.8, 'epoch': 3.0}", [['validation', 3, 0.8]]],
    ['Epoch 3: val acc 0.80 (best val acc 0.82)', [['validation', 3, 0.8]]],
    ['epochs=10 accuracy: 0.8', [['unknown', null, 0.8]]],
    ['step 200: accuracy 0.5', [['unknown', 200, 0.5]]],
  ])('%s', (line, expected) => {
    expect(short([line])).toEqual(expected)
  })

  test('headers of epoch and section, as in the quickstart', () => {
    const lines = [
      'Epoch 1',
      '-------------------------------',
      'loss: 2.303494  [   64/60000]',
      'Test Error: ',
      ' Accuracy: 44.7%, Avg loss: 2.15',
      'Epoch 2',
      'Test Error: ',
      ' Accuracy: 55.0%, Avg loss: 1.9',
    ]
    expect(short(lines)).toEqual([
      ['test', 1, 0.447],
      ['test', 2, 0.55],
    ])
  })

  test('an epoch on the metric line says nothing about later lines', () => {
    expect(short(['Epoch 3: val acc 0.8', 'Test accuracy: 0.81'])).toEqual([
      ['validation', 3, 0.8],
      ['test', null, 0.81],
    ])
  })
})

test('rounds of boosting', () => {
  const lines = ['[0]\tvalidation_0-auc:0.71\tvalidation_1-auc:0.69', "[10]\tvalid_0's auc: 0.81"]
  expect(short(lines, 'auc')).toEqual([
    ['validation', 0, 0.71],
    ['validation', 0, 0.69],
    ['validation', 10, 0.81],
  ])
})

const REPORT = [
  '              precision    recall  f1-score   support',
  '           0       0.97      0.99      0.98        33',
  '    accuracy                           0.81       360',
  '   macro avg       0.79      0.78      0.77       360',
  'weighted avg       0.81      0.80      0.82       360',
]

test.each([
  ['accuracy', 0.81],
  ['precision', 0.79],
  ['recall', 0.78],
  ['f1', 0.77],
])("classification_report's %s", (name, value) => {
  expect(short(REPORT, name)).toEqual([['unknown', null, value]])
})

test.each([
  ['f1', 'F1-score: 81.0%', 0.81],
  ['f1_score', 'test f1 = 0.81', 0.81],
  ['macro f1', 'macro F1: 0.81', 0.81],
  ['r2', 'R2 score: -0.3', -0.3],
  ['r2', 'R² = 0.91', 0.91],
  ['rmse', 'RMSE: 81.5', 81.5],
  ['loss', 'Average loss: 81', 81],
  ['roc_auc', 'AUC: 0.81', 0.81],
  ['my.metric+x', 'my.metric+x: 5', 5],
])('other metrics: %s in %j', (name, line, value) => {
  expect(short([line], name).map(([, , found]) => found)).toEqual([value])
})

test.each([
  ['names', 'accuracy '.repeat(8000)],
  ['spaces', `accuracy${' '.repeat(65000)}0.5`],
  ['digits', `accuracy: ${'9'.repeat(65000)}`],
  ['points', `accuracy: ${'0.'.repeat(32000)}`],
  ['words', `accuracy ${'on the test set '.repeat(4000)}`],
  ['letters', 'a'.repeat(65536)],
  ['returns', `accuracy: 0.5\r`.repeat(4700)],
  ['escapes', '\u001b['.repeat(32768)],
  ['escapes with numbers', `\u001b[${'1;'.repeat(32760)}`],
  ['brackets', `accuracy${'('.repeat(65000)}`],
  ['dashes', '-'.repeat(65536)],
  ['epochs', 'epoch '.repeat(10900)],
  ['epochs and names', 'epoch 1 best accuracy: '.repeat(2840)],
  ['values', 'val accuracy: 0.5 '.repeat(3640)],
  ['columns', `accuracy ${' 0.1'.repeat(16000)}`],
  ['signs', `accuracy: ${'-+'.repeat(32000)}`],
])(
  'a line of 64 KiB is read to its end, where a pattern that goes back and forth would run out of time: %s',
  (_, line) => {
    const reader = createLogReader('accuracy')
    expect(reader.read(line, 1).length).toBeLessThan(10_000)
    expect(reader.read('accuracy: 0.5', 2)).toMatchObject([{ value: 0.5 }])
  },
)

test('of a longer line the end is read', () => {
  expect(short([`${'x'.repeat(10_000_000)} accuracy: 0.5`])).toEqual([['unknown', null, 0.5]])
})
