import type { Failure } from './failure.ts'
import { machine } from './machine.ts'

export const JOB_NAMES = ['git-import', 'detect-model', 'train', 'tweak', 'notify'] as const
export type JobName = (typeof JOB_NAMES)[number]

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** `running -> queued` is a retry, or recovery after the server died. */
export const jobMachine = machine<JobState>('A job', {
  queued: ['running', 'cancelled'],
  running: ['done', 'failed', 'queued', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
})

export interface Job {
  id: number
  runId: number
  name: JobName
  /** Unique in its run: enqueueing the same key twice enqueues it once. */
  key: string
  state: JobState
  input: unknown
  output: unknown
  /** Why it failed, or, while it is queued again, why it waits. */
  failure: Failure | null
  /** How often it failed for system reasons. */
  tries: number
  /** Not claimed before this time, ms since the epoch. */
  runAfter: number
  owner: string | null
  leaseUntil: number | null
  /** Since when it has waited for what `failure` says, ms since the epoch. */
  waitingSince: number | null
  /** When it first failed for system reasons, of whatever kind, ms since the epoch. */
  failingSince: number | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
}

/** Since when a job that fails now has waited for the same thing, ms since the epoch. Pure. */
export const waitsSince = (
  { failure, waitingSince }: Pick<Job, 'failure' | 'waitingSince'>,
  { code }: Pick<Failure, 'code'>,
  now: number,
): number => (failure?.code === code ? (waitingSince ?? now) : now)

/** Since when a job that fails now has failed for system reasons, ms since the epoch; null: it has not. Pure. */
export const failsSince = (
  { failingSince }: Pick<Job, 'failingSince'>,
  { kind }: Pick<Failure, 'kind'>,
  now: number,
): number | null => failingSince ?? (kind === 'system' ? now : null)
