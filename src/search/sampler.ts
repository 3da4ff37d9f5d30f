import type { Distribution } from '../domain/detection.ts'
import type { ParameterValue } from '../domain/trial.ts'

/** Hyperparameters by name; the order is part of the meaning. */
export type SearchSpace = Record<string, Distribution>

/** A trial as the search sees it; a failed one has no metric. */
export interface PastTrial {
  number: number
  values: Record<string, ParameterValue>
  metric: number | null
}

/**
 * Proposes the values of the next trial. Pure: equal arguments give equal values, and no state is kept between calls,
 * so that a restart of the server in the middle of a search changes nothing.
 *
 * `trials` holds all trials so far, trial 0 (the user's own values) included.
 * @returns one value for each hyperparameter, inside its distribution; never equal to those of an earlier trial;
 *   null when every combination has been tried.
 */
export interface Sampler {
  readonly name: string
  suggest(
    space: SearchSpace,
    trials: readonly PastTrial[],
    seed: number,
  ): Record<string, ParameterValue> | null
}
