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

/**
 * The state of a run's job, trial or attempt, in a word. What was under way when the run came to its conclusion is
 * `stopped`: nobody cancelled it. Pure.
 */
export const wordOf = <State extends string>(state: State, run: RunView['state']): State | 'stopped' =>
  state === 'cancelled' && run !== 'cancelled' && run !== 'superseded' ? 'stopped' : state

/** What a chain is drawn from. */
export type Chained = Pick<RunView, 'state' | 'jobs' | 'conclusion'> & {
  trials: readonly Pick<RunView['trials'][number], 'failure'>[]
}

/** Whether it was a training that ended the run: its trial has the failure that the run has. */
const isLostByTrial = ({ state, conclusion, trials }: Chained) =>
  state === 'failed' &&
  trials.some(
    ({ failure }) =>
      failure !== null &&
      failure.code === conclusion?.failure?.code &&
      failure.message === conclusion.failure.message,
  )

/**
 * One stage for each name: what runs or waits now, else how the last of its jobs ended, those apart that ended because
 * the run had come to its conclusion. A job that trained is done even where the training failed, so what its trial says
 * counts once that has failed the run. Pure.
 */
export function stagesOf(run: Chained): Stage[] {
  const lostByTrial = isLostByTrial(run)
  return CHAIN.map((name) => {
    const own = run.jobs.filter((job) => job.name === name)
    const current =
      own.find((job) => job.state === 'running') ??
      own.find((job) => job.state === 'queued') ??
      own.findLast((job) => wordOf(job.state, run.state) !== 'stopped') ??
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

/** Jobs of a stage that run now: several trainings may do so at once. Pure. */
export const runningOf = ({ jobs }: Pick<Stage, 'jobs'>) =>
  jobs.filter(({ state }) => state === 'running').length

type Waiting = JobView & { failure: NonNullable<JobView['failure']> }

/** The job of a stage that waits for something to come back, even while others of it run; at most one. Pure. */
export const waitingOf = ({ jobs }: Pick<Stage, 'jobs'>): Waiting[] =>
  jobs.filter((job): job is Waiting => job.state === 'queued' && job.failure !== null).slice(0, 1)

export const hasEnded = (state: RunView['state']) => state !== 'queued' && state !== 'running'

/** What a stage's box says of its state: one that an ended run never came to will not come any more. Pure. */
export function stageWord({ name, state }: Pick<Stage, 'name' | 'state'>, run: RunView['state']): string {
  if (state !== 'none') return wordOf(state, run)
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
