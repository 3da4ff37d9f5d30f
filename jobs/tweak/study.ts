import type { Trial } from '../../src/domain/trial.ts'
import type { PastTrial } from '../../src/search/sampler.ts'

const STATES: Record<Trial['state'], PastTrial['state']> = {
  queued: 'running',
  running: 'running',
  completed: 'completed',
  pruned: 'pruned',
  failed: 'failed',
  cancelled: 'failed',
}

/** The trials of a run as the search sees them. Pure. */
export const pastTrials = (trials: readonly Trial[]): PastTrial[] =>
  trials.map(({ number, values, state, metric }) => ({ number, values, state: STATES[state], metric }))
