import { applyHints } from '../../src/domain/apply-hints.ts'
import { alone, settleConditions } from '../../src/domain/conditions.ts'
import type { Hyperparameter, LeftAlone } from '../../src/domain/detection.ts'
import { type ForbiddenHint, settleForbidden } from '../../src/domain/forbidden.ts'
import type { Hints } from '../../src/domain/hints.ts'
import type { ParameterValue } from '../../src/domain/trial.ts'
import { openFor } from '../../src/search/open.ts'

export interface SearchedSource {
  hyperparameters: Hyperparameter[]
  leftAlone: LeftAlone[]
}

export interface Searched extends SearchedSource {
  /** Names of those that are left alone only as the budget is too small for them. */
  closed: string[]
  /** Values of these that must not come together. */
  forbidden: Record<string, ParameterValue>[]
}

/**
 * What a run searches of all that was found: what hone.yaml leaves, as many as the budget can search. The others are left
 * alone, with the reason. Pure.
 * @param trials trainings at most
 * @throws HoneError `user`, `hone-yaml`, for hints that do not fit the source
 */
export function searchedOf(
  found: SearchedSource,
  hints: Hints,
  trials: number,
  forbidden: readonly ForbiddenHint[] = [],
): Searched {
  const { hyperparameters, leftAlone, fixed } = applyHints(found.hyperparameters, found.leftAlone, hints)
  const named = Object.entries(hints).flatMap(([name, hint]) => (hint.kind === 'tie' ? [hint.to] : [name]))
  const opened = openFor(hyperparameters, trials, new Set(named))
  const reason = `${trials === 1 ? 'one trial is' : `${trials} trials are`} too few to search it too; say what it may become in hone.yaml, or allow more trials`
  const closed = hyperparameters.filter((parameter) => !opened.includes(parameter))
  const reasons = closed.map((parameter) => alone(parameter, reason))
  const known = new Map(hyperparameters.map((parameter) => [parameter.name, parameter]))
  const settled = settleConditions(opened, [...leftAlone, ...reasons], known)
  return {
    ...settled,
    closed: closed.map(({ name }) => name),
    forbidden: settleForbidden(forbidden, settled.hyperparameters, found.hyperparameters, fixed),
  }
}
