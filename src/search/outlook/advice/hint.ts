import type { Distribution } from '../../../domain/detection.ts'
import { plain } from './numbers.ts'

/** What to write into hone.yaml, on one line: `hyperparameters: {lr: {low: 0.00001, high: 0.1}}`. */
export function hintFor(name: string, distribution: Distribution): string {
  const key = /^[A-Za-z_][\w.@-]*$/.test(name) ? name : JSON.stringify(name)
  const range =
    distribution.type === 'categorical'
      ? `choices: [${distribution.choices.map((choice) => JSON.stringify(choice)).join(', ')}]`
      : `low: ${plain(distribution.low)}, high: ${plain(distribution.high)}`
  return `hyperparameters: {${key}: {${range}}}`
}
