import type { Detection, Hyperparameter } from '../../src/domain/detection.ts'

/** A float `lr` in train.py, or what is said otherwise. */
export const parameter = (more: Partial<Hyperparameter> = {}): Hyperparameter => ({
  name: 'lr',
  file: 'train.py',
  line: 7,
  column: 6,
  start: 40,
  end: 44,
  value: 0.01,
  distribution: { type: 'float', low: 1e-5, high: 0.1, log: true },
  source: 'LCBench (Zimmer et al. 2021)',
  influence: 1,
  ties: [],
  condition: null,
  variants: null,
  ...more,
})

export const detection = (more: Partial<Detection> = {}): Detection => ({
  framework: 'pytorch',
  family: 'cnn',
  task: 'classification',
  metric: { name: 'accuracy', direction: 'maximize' },
  entry: 'train.py',
  args: [],
  versions: [],
  evidence: [{ file: 'train.py', line: 1, text: 'import torch', why: 'imports torch' }],
  hyperparameters: [parameter()],
  leftAlone: [],
  ...more,
})
