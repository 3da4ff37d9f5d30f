export const FRAMEWORKS = [
  'keras',
  'pytorch',
  'lightning',
  'transformers',
  'scikit-learn',
  'xgboost',
  'lightgbm',
  'catboost',
  'jax',
  'statsmodels',
] as const
export type Framework = (typeof FRAMEWORKS)[number]

export const FAMILIES = [
  'cnn',
  'rnn',
  'transformer',
  'mlp',
  'gnn',
  'gan',
  'autoencoder',
  'diffusion',
  'reinforcement',
  'linear',
  'svm',
  'neighbours',
  'tree',
  'ensemble',
  'boosting',
  'naive-bayes',
  'clustering',
  'gaussian-process',
  'mixed',
] as const
export type Family = (typeof FAMILIES)[number]

export const TASKS = ['classification', 'regression', 'other'] as const
export type Task = (typeof TASKS)[number]

/** A place in the source that led to a conclusion. */
export interface Evidence {
  file: string
  /** Counted from 1. */
  line: number
  /** The source line, trimmed. */
  text: string
  /** What it shows, in words: `imports torch`, `calls fit()`. */
  why: string
}

/** Something written for an older version of its framework. */
export interface VersionHint extends Evidence {
  /** What to write instead, in words. */
  change: string
  /** The newest major version that runs it as it stands, such as `keras 2`. */
  runsOn: string
}

/** What kind of model a script trains. */
export interface ModelKind {
  framework: Framework
  /** Null when nothing that is built tells it. */
  family: Family | null
  task: Task
  /** The metric that follows from the task. */
  metric: { name: string; direction: 'maximize' | 'minimize' }
  versions: VersionHint[]
}

/** Whether a training asks for the network. */
export interface NetworkUse {
  wanted: boolean
  /** What does, in the source. */
  evidence: Evidence[]
}

export interface Detection extends ModelKind {
  /** Path of the script or notebook to run, relative to the repository's root, with `/`. */
  entry: string
  args: string[]
  evidence: Evidence[]
  /** Undefined for a run of before it was looked for. */
  network?: NetworkUse | undefined
  hyperparameters: Hyperparameter[]
  leftAlone: LeftAlone[]
}

/**
 * How a hyperparameter may vary; bounds are inclusive. Where there is a step, the values are low, low + step, ...
 * Choices that are all numbers in rising order are ordinal (16, 32, 64), and so are those that say so.
 */
export type Distribution =
  | { type: 'float'; low: number; high: number; log: boolean; step?: number | undefined }
  | { type: 'int'; low: number; high: number; log: boolean; step?: number | undefined }
  | { type: 'categorical'; choices: (string | number | boolean)[]; ordered?: boolean | undefined }

/** A literal in a file. */
export interface Site {
  file: string
  /** Counted from 1; in a notebook, a line of the file. */
  line: number
  /** Characters before it on its line, counted from 1. */
  column: number
  /** Byte range in the file, end exclusive. */
  start: number
  end: number
}

/** A further literal that changes together with its hyperparameter. */
export interface Tie extends Site {
  /** What stands there is this whole number times the hyperparameter's value: 1, except for a flattened size. */
  times: number
  /** Why it changes too, in words: `the next layer takes as many inputs`. */
  why: string
}

/** A part of a replacement: new text, or bytes of the same file with all other edits applied in them. */
export type Piece = string | { start: number; end: number }

/** Replaces the bytes from `start` to `end` (equal for an insertion). */
export interface Patch {
  file: string
  start: number
  end: number
  pieces: Piece[]
}

/** One place in the source that the search may change. */
export interface Hyperparameter extends Site {
  /** Unique in its run: the bound name, made unique with the line where needed (`lr`, `lr@31`). */
  name: string
  value: number | string | boolean
  distribution: Distribution
  /** Where the range was published, or that hone.yaml gives it. */
  source: string
  /** From 1 (tune first, such as a learning rate) to 5 (hardly matters). */
  influence: number
  ties: Tie[]
  /** It matters only while the other hyperparameter has one of these values. */
  condition: { name: string; values: (number | string | boolean)[] } | null
  /**
   * For a number of layers: what changes in the source for each value other than the present one, by `String(value)`.
   * Null for a literal.
   */
  variants: Record<string, Patch[]> | null
}

/** A value that looks like a hyperparameter and is not searched. */
export interface LeftAlone {
  name: string
  file: string
  line: number
  /** As it stands in the source, cut. */
  text: string
  /** In words: `the share of the data that is held out for the test`. */
  reason: string
}
