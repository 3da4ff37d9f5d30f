export const FRAMEWORKS = ['sklearn', 'pytorch', 'keras', 'xgboost', 'lightgbm'] as const
export type Framework = (typeof FRAMEWORKS)[number]

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

export interface Detection {
  framework: Framework
  /** Path of the script to run, relative to the repository's root, with `/`. */
  entry: string
  args: string[]
  evidence: Evidence[]
  hyperparameters: Hyperparameter[]
}

/** How a hyperparameter may vary; bounds are inclusive. */
export type Distribution =
  | { type: 'float'; low: number; high: number; log: boolean }
  | { type: 'int'; low: number; high: number; log: boolean }
  | { type: 'categorical'; choices: (string | number)[] }

/** One literal in the source that the search may change. */
export interface Hyperparameter {
  /** Unique in its run: the bound name, made unique with the line where needed (`lr`, `lr@31`). */
  name: string
  file: string
  line: number
  /** Byte range of the literal in the UTF-8 source, end exclusive. */
  start: number
  end: number
  value: number | string
  distribution: Distribution
}
