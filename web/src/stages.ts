import type { JobView, RunView } from '../../src/http/contract.ts'

type JobName = JobView['name']
const CHAIN: readonly JobName[] = ['git-import', 'detect-model', 'train', 'tweak', 'notify']

export interface Stage {
  name: JobName
  state: JobView['state'] | 'waiting' | 'none'
  jobs: JobView[]
  /** The job that the state comes from. */
  current: JobView | null
}

type Chained = Pick<RunView, 'state' | 'jobs'> & {
  trials: readonly Pick<RunView['trials'][number], 'state'>[]
}

/**
 * One stage for each name: what runs or waits now, else how the last of its jobs ended. A job that trained is done
 * even where the training failed, so what its trial says counts once that has failed the run. Pure.
 */
export function stagesOf(run: Chained): Stage[] {
  const lostByTrial = run.state === 'failed' && run.trials.at(-1)?.state === 'failed'
  return CHAIN.map((name) => {
    const own = run.jobs.filter((job) => job.name === name)
    const current =
      own.find((job) => job.state === 'running') ??
      own.find((job) => job.state === 'queued') ??
      own.at(-1) ??
      null
    return { name, state: stateOf(current, lostByTrial), jobs: own, current }
  })
}

function stateOf(job: JobView | null, lostByTrial: boolean): Stage['state'] {
  if (job === null) return 'none'
  if (job.state === 'queued' && job.failure) return 'waiting'
  return job.name === 'train' && job.state === 'done' && lostByTrial ? 'failed' : job.state
}

export const hasEnded = (state: RunView['state']) => state !== 'queued' && state !== 'running'

/** What a stage's box says of its state: one that an ended run never came to will not come any more. Pure. */
export function stageWord({ name, state }: Pick<Stage, 'name' | 'state'>, run: RunView['state']): string {
  if (state !== 'none') return state
  if (!hasEnded(run)) return 'not yet'
  if (name === 'notify') return 'no mail'
  return run === 'succeeded' ? 'not needed' : 'not run'
}

/** Trainings take turns: a train job that only waits for its turn. Pure. */
export const waitsForSlot = ({ name, state }: Pick<Stage, 'name' | 'state'>) =>
  name === 'train' && state === 'queued'

/** Why a run has no mail, or not yet. Pure. */
export function noMailReason(run: RunView['state']): string {
  if (!hasEnded(run)) return 'None yet: a run that ends writes one.'
  if (run === 'cancelled' || run === 'superseded') return `None: no mail is written for a ${run} run.`
  return 'None: the run ended without one.'
}
