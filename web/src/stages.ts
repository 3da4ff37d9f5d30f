import type { JobView } from '../../src/http/contract.ts'

type JobName = JobView['name']
const CHAIN: readonly JobName[] = ['git-import', 'detect-model', 'train', 'tweak', 'notify']

export interface Stage {
  name: JobName
  state: JobView['state'] | 'waiting' | 'none'
  jobs: JobView[]
  /** The job that the state comes from. */
  current: JobView | null
}

/** One stage for each name: what runs or waits now, else how the last of its jobs ended. Pure. */
export function stagesOf(jobs: readonly JobView[]): Stage[] {
  return CHAIN.map((name) => {
    const own = jobs.filter((job) => job.name === name)
    const current =
      own.find((job) => job.state === 'running') ??
      own.find((job) => job.state === 'queued') ??
      own.at(-1) ??
      null
    const state =
      current === null ? 'none' : current.state === 'queued' && current.failure ? 'waiting' : current.state
    return { name, state, jobs: own, current }
  })
}
