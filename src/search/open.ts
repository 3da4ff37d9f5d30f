import type { Hyperparameter } from '../domain/detection.ts'

/** Trials that each opened hyperparameter is given. */
const TRIALS_EACH = 4
const LEAST = 4

/**
 * The hyperparameters that a budget can search: the most influential first, those that the user names in any case. The
 * others keep the user's own value.
 * @param trials trainings at most
 * @param wanted names that hone.yaml speaks of
 * @returns a part of the list, in its order
 */
export function openFor(
  hyperparameters: readonly Hyperparameter[],
  trials: number,
  wanted: ReadonlySet<string> = new Set(),
): Hyperparameter[] {
  const limit = Math.max(LEAST, Math.floor(trials / TRIALS_EACH))
  const ranked = hyperparameters
    .map((parameter, index) => ({
      parameter,
      index,
      rank: wanted.has(parameter.name) ? 0 : parameter.influence,
    }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
  const named = ranked.filter(({ rank }) => rank === 0).length
  return ranked
    .slice(0, Math.max(limit, named))
    .sort((a, b) => a.index - b.index)
    .map(({ parameter }) => parameter)
}
