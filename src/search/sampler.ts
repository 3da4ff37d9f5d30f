import type { Distribution } from '../domain/detection.ts'
import type { Settings } from '../domain/settings.ts'
import type { ParameterValue } from '../domain/trial.ts'

export type Values = Record<string, ParameterValue>
export type Direction = Settings['direction']

/** One hyperparameter as the search sees it. */
export type Dimension = Distribution & {
  /** It matters only while the other one has one of these values (and matters itself). */
  condition?: { name: string; values: readonly ParameterValue[] } | null | undefined
}

/** Hyperparameters by name; the order is part of the meaning. */
export type SearchSpace = Readonly<Record<string, Dimension>>

/** A trial as the search sees it. */
export interface PastTrial {
  number: number
  values: Readonly<Values>
  /** `pruned`: given up early, its metric is what it would probably have come to; `failed`: these values give nothing. */
  state: 'completed' | 'pruned' | 'failed' | 'running'
  /** Null for what failed or still runs. NaN and infinities count as a failure. */
  metric: number | null
  /** Whether it failed because its memory was used up. */
  outOfMemory?: boolean | undefined
  /** Metrics of the same values with other seeds. */
  repeats?: readonly number[] | undefined
}

/** The search of an earlier commit of the same project, in the hyperparameters of its own source. */
export interface RelatedStudy {
  space: SearchSpace
  /** Completed ones, and such as failed. */
  trials: readonly PastTrial[]
}

/** All that a sampler knows. */
export interface Study {
  space: SearchSpace
  direction: Direction
  /** All so far by number, trial 0 (the user's own values) included. */
  trials: readonly PastTrial[]
  /** Combinations that must not be proposed: a trial that has all values of one of them. */
  forbidden?: readonly Readonly<Values>[] | undefined
  /** Of the same metric and direction, the nearest commit first. */
  related?: readonly RelatedStudy[] | undefined
}

/**
 * Proposes the values of the next trial. Pure: equal arguments give equal values, and no state is kept between calls,
 * so that a restart of the server in the middle of a search changes nothing.
 *
 * @returns one value for each hyperparameter, inside its distribution; what does not matter under the others has a
 *   value too. Never equal, in what matters, to those of an earlier trial, and never forbidden; null when every
 *   combination has been tried.
 */
export interface Sampler {
  readonly name: string
  suggest(study: Study, seed: number): Values | null
}
