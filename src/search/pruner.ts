import type { CurvePoint } from '../domain/curve.ts'
import type { Direction } from './sampler.ts'

export type { CurvePoint } from '../domain/curve.ts'

/** A trial as a pruner sees it. */
export interface Curve {
  number: number
  state: 'running' | 'pruned' | 'completed' | 'failed'
  /** By step. */
  points: readonly CurvePoint[]
}

/** Why a training is given up, for the person who watches. */
export interface Pruning {
  /** The step at which the decision fell. */
  step: number
  /** In words: `0.41 after 3 epochs, behind 5 of 6 others`. */
  reason: string
}

/**
 * Decides which trainings are not worth their time. Pure; it writes nothing, and equal arguments give equal answers.
 * A pruned trial keeps its checkpoint: when its rank rises later, because better ones turned out worse, it goes on.
 */
export interface Pruner {
  readonly name: string
  /** Whether the running trial is to be stopped now; null: it goes on. `others` holds all further trials of the run. */
  shouldPrune(trial: Curve, others: readonly Curve[], direction: Direction): Pruning | null
  /** The pruned trial that is to go on, the best first; null when none is. */
  nextToResume(curves: readonly Curve[], direction: Direction): number | null
}
