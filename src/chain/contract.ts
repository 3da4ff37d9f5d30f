import type { z } from 'zod'
import type { Failure } from '../domain/failure.ts'
import type { Job, JobName } from '../domain/job.ts'
import type { Conclusion, Run, RunState } from '../domain/run.ts'

/**
 * Jobs of one lane share its number of workers. `prepare` waits for git servers and looks at repositories; `light` only
 * computes.
 */
export type Lane = 'light' | 'prepare' | 'train'

/** Why a job's signal aborted. */
export type AbortReason = 'cancelled' | 'superseded' | 'concluded' | 'shutdown' | 'lease-lost'

/** What every job gets besides its input; the rest of the context is the pipeline's own. */
export interface Running {
  run: Run
  job: Job
  /**
   * Aborts when the run is cancelled or superseded, when another job has brought it to its end, or when the server stops;
   * the reason is an `AbortReason`.
   */
  signal: AbortSignal
  /** Does what may take many minutes and bounds itself, such as a build: meanwhile another worker serves the job's lane. */
  aside<T>(work: () => Promise<T>): Promise<T>
  /** A line for the person who watches. */
  progress(text: string): void
}

export interface Settlement<O> {
  /**
   * Writes what the job changed and answers its output: called inside the transaction that marks the job done and
   * enqueues what follows. Synchronous.
   */
  commit: () => O
  /** Clean-up that only makes sense once all is committed; when it fails, the monitor's sweep does it. */
  after?: () => Promise<void>
}

/**
 * One stage of the chain. A job may be started again from its beginning at any time (server killed, engine away), so
 * `run` first looks what is already there, and writes to the store only facts that stay true when it is repeated.
 * It throws a HoneError whose kind tells the chain what to do: fail the run (`user`), try again (`system`),
 * or wait (`unavailable`).
 */
export interface JobModule<C, I = unknown, O = unknown> {
  name: JobName
  lane: Lane
  /** Of one run, or of one project, only one at a time. */
  exclusive?: 'run' | 'project'
  /**
   * Of what tells of a run that is over: neither the run's time nor a number of tries gives it up. A failure of the system is
   * tried again for so long, ms.
   */
  patienceMs?: number
  input: z.ZodType<I>
  output: z.ZodType<O>
  run(context: C & Running, input: I): Promise<Settlement<O>>
}

export interface NextJob {
  name: JobName
  /** Unique in the run: names what is done, such as `train:3`. */
  key: string
  input: unknown
  /** Nothing else of the run goes on: its other jobs are cancelled, running ones aborted as `concluded`. */
  concludes?: boolean
}

/** The chain's shape: which job comes first, what follows what, and what follows a failure. All pure. */
export interface Pipeline<C> {
  // biome-ignore lint/suspicious/noExplicitAny: jobs of different inputs and outputs stand in one list
  jobs: readonly JobModule<C, any, any>[]
  first(): NextJob
  follow(job: Job, output: unknown): NextJob[]
  /** What is still done for a run that a job's failure ends; empty when the failed job was the last resort itself. */
  afterFailure(job: Job, failure: Failure): NextJob[]
  /** How the run ends when the last resort itself has failed: what its search had come to stays. */
  conclude(job: Job, failure: Failure): { to: RunState; conclusion: Conclusion }
}
