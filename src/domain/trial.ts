import type { Failure } from './failure.ts'
import { machine } from './machine.ts'

export type TrialState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'

export const trialMachine = machine<TrialState>('A trial', {
  queued: ['running', 'failed', 'cancelled'],
  running: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
})

export type ParameterValue = number | string | boolean

export interface Trial {
  id: number
  runId: number
  /** 0 is the user's own source, untouched. */
  number: number
  state: TrialState
  /** By hyperparameter name. */
  values: Record<string, ParameterValue>
  /** The commit on the run's branch that holds this trial's source. */
  sha: string
  /** Unified diff against trial 0; empty for trial 0. */
  diff: string
  /** The objective; null until known. */
  metric: number | null
  failure: Failure | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
}
