import type { Job } from './job.ts'
import { inWords, SLOTS_BUSY } from './slots.ts'

/** What a run waits for. `worker`: its turn. `slot`: memory, processors or graphics cards. `retry`: the next try after a failure. */
export const WAITS_FOR = ['worker', 'slot', 'engine', 'disk', 'git', 'retry', 'other'] as const
export type WaitsFor = (typeof WAITS_FOR)[number]

export interface Wait {
  for: WaitsFor
  /** In words for a person. */
  text: string
  /** ms since the epoch. */
  since: number
  /** When it is tried again; null where it begins by itself as soon as it may. */
  until: number | null
}

/** The code of the failure that a training waits with between a crash and its restart. */
export const BACKING_OFF = 'backing-off'

/** By the code of the failure that a job waits with. */
const KINDS: Record<string, WaitsFor> = {
  [SLOTS_BUSY]: 'slot',
  [BACKING_OFF]: 'retry',
  'gpus-busy': 'slot',
  'engine-away': 'engine',
  'disk-low': 'disk',
  'disk-full': 'disk',
  'engine-disk-full': 'disk',
  'git-host-unreachable': 'git',
}

type Waiting = Pick<Job, 'name' | 'state' | 'failure' | 'runAfter' | 'waitingSince' | 'createdAt'>

/**
 * What a run as a whole waits for; null while one of its jobs runs, and when none is queued. Pure.
 * @param jobs of the run
 * @param busy names of the runs whose jobs of this kind run now: `digits #12`
 */
export function waitOf(
  jobs: readonly Waiting[],
  busy: (job: Waiting) => readonly string[],
  now: number,
): Wait | null {
  if (jobs.some(({ state }) => state === 'running')) return null
  const queued = jobs.filter(({ state }) => state === 'queued')
  const job = queued.toSorted((one, other) => one.runAfter - other.runAfter)[0]
  if (!job) return null
  const { failure, runAfter } = job
  if (!failure) {
    const runs = busy(job)
    // A worker is free and takes it in a moment.
    if (runs.length === 0) return null
    return { for: 'worker', text: turnOf(job, runs), since: job.createdAt, until: null }
  }
  const since = job.waitingSince ?? job.createdAt
  const until = runAfter > now ? runAfter : null
  if (failure.kind === 'unavailable')
    return { for: KINDS[failure.code] ?? 'other', text: failure.message, since, until }
  const over = job.name === 'notify' ? 'The search is over and what it found is kept; ' : ''
  return {
    for: 'retry',
    text: `${over}${job.name} failed and is tried again: ${failure.message}`,
    since,
    until,
  }
}

function turnOf({ name }: Pick<Job, 'name'>, runs: readonly string[]): string {
  const one = new Set(runs).size === 1
  if (name === 'train') return `Waits for a training slot: ${inWords(runs)} ${one ? 'trains' : 'train'} now.`
  return `Waits for a worker: ${inWords(runs)} ${one ? 'is' : 'are'} at ${name} now.`
}
