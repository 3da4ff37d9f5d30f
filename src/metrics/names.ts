import { isFraction, type Split } from '../domain/metric.ts'

/** Metrics by the names they go by; the first is the one Hone uses. */
const FAMILIES: readonly (readonly string[])[] = [
  [
    ...['accuracy', 'acc', 'accuracy_score', 'categorical_accuracy', 'sparse_categorical_accuracy'],
    ...['binary_accuracy', 'multiclass_accuracy', 'top_1_accuracy', 'top1', 'top_1'],
  ],
  ['f1', 'f1_score', 'f1score', 'f_1'],
  ['precision', 'precision_score'],
  ['recall', 'recall_score'],
  ['auc', 'roc_auc', 'auroc', 'roc_auc_score', 'rocauc'],
  ['loss'],
  ['rmse', 'root_mean_squared_error'],
  ['mse', 'mean_squared_error'],
  ['mae', 'mean_absolute_error'],
  ['r2', 'r2_score', 'r_2', 'r^2', 'r²'],
]

const SPLIT_WORDS: readonly (readonly [Split, RegExp])[] = [
  ['test', /^(test|testing|tst|holdout|heldout)$/],
  ['validation', /^(val|valid|validation|dev|eval|evaluation|cv|crossval|oob)$/],
  ['train', /^(train|training|trn)$/],
]

/** The split that a word names; null when it names none. */
export function splitOfWord(word: string): Split | null {
  const bare = word.toLowerCase().replace(/\d+$/, '')
  return SPLIT_WORDS.find(([, pattern]) => pattern.test(bare))?.[0] ?? null
}

export interface MetricName {
  /** The family's own name, without the split. */
  name: string
  /** Null when the name says none. */
  split: Split | null
}

/** `val_acc` -> accuracy of validation; `test/f1-score` -> f1 of test. */
export function readName(text: string): MetricName {
  const parts = text
    .trim()
    .toLowerCase()
    .split(/[\s_\-/.:]+/)
    .filter((part) => part !== '')
  const split = parts.map(splitOfWord).find((found) => found !== null) ?? null
  const bare = parts.filter((part) => splitOfWord(part) === null).join('_')
  if (bare === '') return { name: parts.join('_'), split: null }
  return { name: FAMILIES.find((family) => family.includes(bare))?.[0] ?? bare, split }
}

/** All spellings of a metric, the longest first. */
export function spellingsOf(name: string): string[] {
  const family = FAMILIES.find((names) => names[0] === name) ?? [name]
  return [...family].sort((a, b) => b.length - a.length)
}

/**
 * A printed number as the metric's value: for a fraction 0.81, 81 and 81 % are the same.
 * @returns null when no such metric can have the value
 */
export function normaliseValue(name: string, value: number, percent: boolean): number | null {
  if (!isFraction(name) || !Number.isFinite(value)) return value
  if (value < 0 || value > 100) return null
  // Twelve digits: 81.3 / 100 is to be 0.813 and nothing longer.
  return percent || value > 1 ? Number((value / 100).toPrecision(12)) : value
}
