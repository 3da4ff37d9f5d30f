import type { RunDetection } from '../../jobs/schemas.ts'
import type { Distribution, Hyperparameter } from '../../src/domain/detection.ts'
import { imageFor } from '../../src/images/plan.ts'

/** Found at the start of train.py, where the change says nothing else. */
export const aHyperparameter = (
  name: string,
  value: Hyperparameter['value'],
  distribution: Distribution,
  change: Partial<Hyperparameter> = {},
): Hyperparameter => ({
  ...{ name, value, distribution },
  ...{ file: 'train.py', line: 1, column: 1, start: 0, end: 1 },
  ...{ source: 'a prior', influence: 1, ties: [], condition: null, variants: null },
  ...change,
})

/** With its image, as detect-model stores it. */
const stored = (found: Omit<RunDetection, 'image' | 'env'>): RunDetection => ({
  ...found,
  image: imageFor(found),
  env: {},
})

export const aDetection = (): RunDetection =>
  stored({
    framework: 'scikit-learn',
    family: 'mlp',
    task: 'classification',
    metric: { name: 'accuracy', direction: 'maximize' },
    versions: [],
    entry: 'train.py',
    args: [],
    evidence: [
      {
        file: 'train.py',
        line: 3,
        text: 'from sklearn.neural_network import MLPClassifier',
        why: 'imports sklearn',
      },
      { file: 'train.py', line: 19, text: 'model.fit(x_train, y_train)', why: 'calls fit()' },
    ],
    hyperparameters: [
      aHyperparameter(
        'learning_rate_init',
        0.5,
        { type: 'float', low: 0.0001, high: 0.5, log: true },
        { line: 12, column: 24, start: 310, end: 313, source: 'LCBench (Zimmer et al. 2021)' },
      ),
      aHyperparameter(
        'hidden',
        4,
        { type: 'int', low: 4, high: 256, log: true },
        {
          ...{ line: 13, column: 25, start: 330, end: 331, source: 'auto-sklearn (Feurer et al. 2015)' },
          ties: [
            {
              ...{ file: 'train.py', line: 21, column: 9, start: 480, end: 481 },
              ...{ times: 1, why: 'the next layer takes as many inputs' },
            },
          ],
        },
      ),
      aHyperparameter(
        'activation',
        'tanh',
        { type: 'categorical', choices: ['relu', 'tanh', 'logistic'] },
        { line: 14, column: 16, start: 350, end: 356 },
      ),
    ],
    leftAlone: [
      {
        ...{ name: 'random_state', file: 'train.py', line: 10, text: '0' },
        reason: 'the seed that splits the data',
      },
    ],
  })

/** A network in the style of Keras 2, with a number of layers to search. */
export const aNetworkDetection = (): RunDetection =>
  stored({
    framework: 'keras',
    family: 'cnn',
    task: 'classification',
    metric: { name: 'accuracy', direction: 'maximize' },
    versions: [
      {
        ...{ file: 'lenet.py', line: 31, text: 'model.fit_generator(batches, epochs=EPOCHS)' },
        ...{ why: 'calls fit_generator()', change: 'call `fit`, which takes generators', runsOn: 'keras 2' },
      },
    ],
    entry: 'lenet.py',
    args: ['--data', 'digits'],
    evidence: [
      { file: 'lenet.py', line: 2, text: 'from keras.models import Sequential', why: 'imports keras' },
      {
        file: 'lenet.py',
        line: 18,
        text: "model.add(Conv2D(16, 3, activation='relu'))",
        why: 'builds Conv2D',
      },
    ],
    hyperparameters: [
      aHyperparameter(
        'conv_blocks',
        2,
        { type: 'int', low: 1, high: 3, log: false },
        {
          ...{
            file: 'lenet.py',
            line: 18,
            column: 1,
            start: 500,
            end: 580,
            source: 'LeNet-5 with 3 to 6 layers',
          },
          variants: {
            1: [{ file: 'lenet.py', start: 500, end: 580, pieces: [] }],
            3: [{ file: 'lenet.py', start: 580, end: 580, pieces: [{ start: 500, end: 580 }] }],
          },
        },
      ),
      aHyperparameter(
        'optimizer',
        'sgd',
        { type: 'categorical', choices: ['sgd', 'adam'] },
        { file: 'lenet.py', line: 27, column: 25, start: 700, end: 705 },
      ),
      aHyperparameter(
        'momentum',
        0.9,
        { type: 'float', low: 0.1, high: 0.99, log: false },
        {
          ...{ file: 'lenet.py', line: 26, column: 31, start: 660, end: 663 },
          condition: { name: 'optimizer', values: ['sgd'] },
        },
      ),
      aHyperparameter(
        'shuffle',
        true,
        { type: 'categorical', choices: [true, false] },
        { file: 'lenet.py', line: 31, column: 60, start: 790, end: 794 },
      ),
    ],
    leftAlone: Array.from({ length: 9 }, (_, index) => ({
      ...{ name: ['num_classes', 'input_shape', 'validation_split'][index % 3] as string, file: 'lenet.py' },
      ...{ line: 5 + index, text: ['10', '(28, 28, 1)', '0.2'][index % 3] as string },
      reason: ['the number of classes', 'the shape of the data', 'the share held out'][index % 3] as string,
    })),
  })
