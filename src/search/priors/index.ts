import type { Distribution } from '../../domain/detection.ts'
import { BOOSTING_PRIORS } from './boosting.ts'
import { LAYER_PRIORS } from './layers.ts'
import { LINEAR_PRIORS } from './linear.ts'
import { OPTIMISER_PRIORS } from './optimisers.ts'
import { OTHER_PRIORS } from './other-estimators.ts'
import { distributionOf, type Prior, type Value } from './prior.ts'
import { REINFORCEMENT_PRIORS } from './reinforcement.ts'
import { SCHEDULE_PRIORS } from './schedules.ts'
import { TRAINING_PRIORS } from './training.ts'
import { TREE_PRIORS } from './trees.ts'

export type { Prior } from './prior.ts'

/** The first row that fits wins: those of an estimator stand before those of any network. */
export const PRIORS: readonly Prior[] = [
  ...BOOSTING_PRIORS,
  ...TREE_PRIORS,
  ...LINEAR_PRIORS,
  ...OTHER_PRIORS,
  ...REINFORCEMENT_PRIORS,
  ...SCHEDULE_PRIORS,
  ...OPTIMISER_PRIORS,
  ...LAYER_PRIORS,
  ...TRAINING_PRIORS,
]

/** `LEARNING_RATE`, `learningRate`, `--learning-rate`, `mlp__learning_rate` -> `learning_rate`; `C` stays `C`. */
export function normaliseName(name: string): string {
  const last = name.split('__').findLast((part) => part !== '') ?? name
  const bare = last.replaceAll(/^[-_]+|[-_]+$/g, '').replaceAll('-', '_')
  if (bare.length === 1) return bare
  return bare.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
}

const ROWS = new Map<string, Prior[]>()
for (const prior of PRIORS) {
  for (const name of prior.names) ROWS.set(name, [...(ROWS.get(name) ?? []), prior])
}

/** The rows of a name; an element of a tuple, `kernel_size[1]`, has those of the whole, too. */
function rowsOf(name: string): Prior[] {
  const normal = normaliseName(name)
  const whole = normal.replace(/\[\d+\]$/, '')
  return [...new Set([normal, whole])].flatMap((key) => ROWS.get(key) ?? [])
}

/** Whether two names mean one thing, such as `lr` and `LEARNING_RATE`: the same, or in one row. Pure. */
export function meansTheSame(one: string, other: string): boolean {
  const wanted = normaliseName(other)
  return normaliseName(one) === wanted || rowsOf(one).some(({ names }) => names.includes(wanted))
}

/** Whether any prior has this name. */
export const isKnownName = (name: string): boolean => rowsOf(name).length > 0

/**
 * How a value bound to this name may vary. The user's own value is always inside: bounds are widened to a sensible
 * one, and for any other there is no range.
 * @param name a parameter, option, key or constant, in any spelling
 * @param callee canonical name of what takes it; null when nobody knows
 * @returns null for a name, a place or a value that is not to be searched
 */
export function priorFor(
  name: string,
  callee: string | null,
  literal: { value: Value; float: boolean },
): { distribution: Distribution; prior: Prior } | null {
  const { value, float } = literal
  const prior = rowsOf(name).find(
    (row) =>
      (row.type === 'categorical') === (typeof value !== 'number') &&
      (!row.takenBy || (callee !== null && row.takenBy.test(callee))) &&
      !(callee !== null && row.notTakenBy?.test(callee)) &&
      (row.when?.(value, float) ?? true),
  )
  const distribution = prior && distributionOf(prior, literal)
  return distribution ? { distribution, prior } : null
}
