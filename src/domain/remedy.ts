import { type Attempt, ENGINE_LOST_IT, signalOf } from './attempt.ts'
import { type AttemptEnd, explain, type Limits } from './attempt-end.ts'
import { bytesInWords } from './bytes.ts'
import type { Failure } from './failure.ts'
import { CHECKPOINTS_LOST, crashesWithoutProgress, type PastAttempt } from './progress.ts'

export type Remedy =
  | { action: 'finish' }
  /** `shmBytes`: of the next attempt's /dev/shm; null: as before. */
  | { action: 'restart'; delayMs: number; shmBytes: number | null; failure: Failure }
  /** The search learns from it and goes on. */
  | { action: 'fail-trial'; failure: Failure }
  | { action: 'fail-run'; failure: Failure }

export type EarlierAttempt = PastAttempt & Pick<Attempt, 'shmBytes'>

const BACK_OFF_MS = 1000
export const BACK_OFF_LIMIT_MS = 60_000
const OUT_OF_MEMORY_RESTARTS = 1
/** The shell's codes for a command that cannot be run. */
const NO_COMMAND = new Set([126, 127])
/** Signals that come from outside; all others a process brings on itself. */
const FROM_OUTSIDE: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])

/** Exponential: 1 s, 2 s, 4 s ... up to a minute. */
export const backOff = (restarts: number) => Math.min(BACK_OFF_MS * 2 ** restarts, BACK_OFF_LIMIT_MS)

/**
 * What to do about an attempt that has ended.
 * @param earlier the attempts of this trial before it, oldest first
 * @param first whether this is trial 0: the user's own values, so that nothing but the user can mend it
 */
export function decideRemedy(
  end: AttemptEnd,
  earlier: readonly EarlierAttempt[],
  first: boolean,
  settings: Limits & { restarts: number },
): Remedy {
  if (end.exitCode === 0 && end.linesLost === 0) return { action: 'finish' }
  const cause = explain(end, settings)
  const failed = (failure: Failure): Remedy => ({ action: first ? 'fail-run' : 'fail-trial', failure })
  const crashes = crashesWithoutProgress(earlier, end.report)
  const mayRestart = crashes < settings.restarts
  const restart = (shmBytes: number | null = null): Remedy => {
    const delayMs = backOff(crashes)
    const done = restartWords(end, { delayMs, shmBytes, nth: crashes + 1, most: settings.restarts })
    return { action: 'restart', delayMs, shmBytes, failure: { ...cause, remedy: done } }
  }

  switch (cause.code) {
    case 'run-time-limit':
    case 'training-budget':
      return { action: 'fail-trial', failure: cause }
    case 'out-of-memory': {
      const isSame = ({ failure }: PastAttempt) => failure?.code === 'out-of-memory'
      const before = crashesWithoutProgress(earlier, end.report, isSame)
      if (mayRestart && before < OUT_OF_MEMORY_RESTARTS) return restart()
      return failed({ ...cause, message: `${cause.message} ${tooBig(before)}` })
    }
    case 'shared-memory': {
      const { bytes, most } = end.shm
      return mayRestart && bytes < most ? restart(Math.min(2 * bytes, most)) : failed(cause)
    }
    case 'silent':
      return mayRestart ? restart() : failed(givenUp(cause, crashes))
    case 'log-lost':
    case 'killed':
    case 'container-lost':
    case CHECKPOINTS_LOST:
      // That a backup was restored is no fault of the training, and comes once.
      if (mayRestart || end.gone?.sinceBackup) return restart()
      return isFromOutside(end)
        ? { action: 'fail-run', failure: givenUp(cause, crashes) }
        : failed(givenUp(cause, crashes))
    default:
      return isOfSource(end) ? { action: 'fail-run', failure: cause } : failed(cause)
  }
}

const isOfSource = ({ exception, exitCode }: AttemptEnd) =>
  exception ? exception.cause === 'source' : exitCode !== null && NO_COMMAND.has(exitCode)

const isFromOutside = ({ exitCode }: AttemptEnd) =>
  exitCode === null || exitCode === 0 || exitCode === ENGINE_LOST_IT || FROM_OUTSIDE.has(signalOf(exitCode))

const tooBig = (before: number) =>
  before === 0
    ? 'The batch size or the model was too big.'
    : 'The same values ran out of it again, without getting further: the batch size or the model was too big.'

const givenUp = (cause: Failure, restarts: number): Failure => ({
  ...cause,
  message: `${cause.message} It was restarted ${restarts} times without getting further.`,
  remedy: 'Look at the end of the log for why it stops there, or raise `restarts` in hone.yaml.',
})

interface Restart {
  delayMs: number
  shmBytes: number | null
  nth: number
  most: number
}

/** What Hone does, for the person who watches. */
function restartWords(
  { epochsSaved, shm, gone }: AttemptEnd,
  { delayMs, shmBytes, nth, most }: Restart,
): string {
  // After a backup it may have come further than its database knows.
  const newest = gone?.sinceBackup ? 'newest checkpoint' : `checkpoint after epoch ${epochsSaved}`
  const from = epochsSaved === null ? '' : `, from its ${newest}`
  const more =
    shmBytes === null
      ? ''
      : `, with ${bytesInWords(shmBytes)} of /dev/shm instead of ${bytesInWords(shm.bytes)}`
  const anew =
    epochsSaved === null
      ? '; there is no checkpoint, so it begins anew unless the script goes on from one of its own'
      : ''
  const count = gone?.sinceBackup ? '' : ` (restart ${nth} of ${most} without getting further)`
  return `Hone starts it again in ${delayMs / 1000} s${from}${more}${count}${anew}.`
}
