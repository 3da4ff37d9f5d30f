import type { AttemptReport } from './attempt-report.ts'
import type { Failure } from './failure.ts'
import { machine } from './machine.ts'
import type { Pulse } from './pulse.ts'
import type { Slot } from './slots.ts'

/** `stopped`: ended by the search, as its trial was given up or the target was met. `lost`: the engine no longer knows the container, so nobody knows how it ended. */
export const ATTEMPT_STATES = [
  'starting',
  'running',
  'succeeded',
  'stopped',
  'failed',
  'lost',
  'cancelled',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

export const attemptMachine = machine<AttemptState>('An attempt', {
  starting: ['running', 'failed', 'lost', 'cancelled'],
  running: ['succeeded', 'stopped', 'failed', 'lost', 'cancelled'],
  succeeded: [],
  stopped: [],
  failed: [],
  lost: [],
  cancelled: [],
})

export interface Attempt {
  id: number
  trialId: number
  /** Counts from 1 within the trial. */
  number: number
  state: AttemptState
  /** The container's name: made from instance, trial and number, so that it is found again after a crash. */
  container: string
  exitCode: number | null
  /** `SIGKILL` and the like, where the exit code tells. */
  signal: string | null
  outOfMemory: boolean
  failure: Failure | null
  /** Null where the runtime has told nothing. */
  report: AttemptReport | null
  /** What it holds of the engine until it ends; null for one of an earlier Hone. */
  slot: Slot | null
  /** The attempt is stopped after this time, ms since the epoch: stored, so that it survives restarts. */
  deadline: number
  /** Its container is not started before this time, ms since the epoch; null for one that does not have to wait. */
  notBefore: number | null
  /** Of its /dev/shm, where an earlier attempt needed more than the setting gives; null: as set. */
  shmBytes: number | null
  /** For how long it has shown no sign of life. */
  pulse: Pulse
  /** These three by Hone's clock; while it runs, the start is moved along when that clock is set. */
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  /** By its engine's clock, which its files and checkpoints are dated by. Null until it has ended, and where it was lost. */
  engineStartedAt: number | null
  engineEndedAt: number | null
}

/** Between SIGTERM and SIGKILL. */
export const STOP_GRACE_SECONDS = 10

const SIGNALS: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
}

/** The exit code that the engine gives a container that went with it. */
export const ENGINE_LOST_IT = 255

/** The signal that an exit code of 128 + n stands for, by the shell's convention. */
export const signalOf = (exitCode: number): string | null =>
  exitCode > 128 ? (SIGNALS[exitCode - 128] ?? null) : null
