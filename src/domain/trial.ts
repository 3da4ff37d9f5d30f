import type { TrialArtifacts } from './artifacts.ts'
import type { Failure } from './failure.ts'
import { machine } from './machine.ts'

/** `pruned`: the search gave it up early; it may go on as long as its run is alive. */
export const TRIAL_STATES = ['queued', 'running', 'pruned', 'completed', 'failed', 'cancelled'] as const
export type TrialState = (typeof TRIAL_STATES)[number]

export const trialMachine = machine<TrialState>('A trial', {
  queued: ['running', 'failed', 'cancelled'],
  running: ['completed', 'pruned', 'failed', 'cancelled'],
  pruned: ['queued'],
  completed: [],
  failed: [],
  cancelled: [],
})

/** Those of a training that was spent: cancelled ones have come to nothing. */
export const SPENT_STATES: ReadonlySet<TrialState> = new Set(['completed', 'pruned', 'failed'])

export type ParameterValue = number | string | boolean

export interface Trial {
  id: number
  runId: number
  /** 0 is the user's own source, untouched. */
  number: number
  state: TrialState
  /** By hyperparameter name. */
  values: Record<string, ParameterValue>
  /** Where the values come from, in words: `your own values`, `the sampler`. */
  origin: string
  /** The trial whose values it trains once more with another seed; null for one with values of its own. */
  repeats: number | null
  /** What the training gets as HONE_SEED. */
  seed: number
  /** The commit on the run's branch that holds this trial's source. */
  sha: string
  /** Unified diff against trial 0; empty for trial 0. */
  diff: string
  /** The objective; null until known. */
  metric: number | null
  failure: Failure | null
  /** Why the search gave it up, while it is pruned. */
  pruning: string | null
  /** What is kept of the files that it wrote; null where it never was the best. */
  artifacts: TrialArtifacts | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
}
