import type { AttemptView, FailureView } from '../../src/http/contract.ts'
import { formatDuration, plural } from './format.ts'

type Ended = Pick<AttemptView, 'state'>

/** Why there is an attempt after another one: that one crashed, or the search had stopped it and lets it go on. Pure. */
export const reasonOf = (before: Ended | undefined): 'restart' | 'went on' | null => {
  if (before === undefined) return null
  return before.state === 'stopped' ? 'went on' : 'restart'
}

const CAUSES: Record<string, string> = {
  killed: 'killed',
  'container-lost': 'container lost',
  'checkpoints-lost': 'container lost',
  'log-lost': 'output lost',
  'out-of-memory': 'out of memory',
  'shared-memory': 'out of shared memory',
  silent: 'silent',
}

/** As `reasonOf`, with the cause of a restart. Pure. */
export function reasonWords(before: (Ended & Pick<AttemptView, 'failure'>) | undefined): string | null {
  const reason = reasonOf(before)
  const cause = CAUSES[before?.failure?.code ?? '']
  return reason === 'restart' && cause !== undefined ? `restart: ${cause}` : reason
}

/** Many a healthy training is silent for less. */
const WORTH_SAYING_MS = 60_000

/**
 * A failure as it reads once the next attempt has begun: what Hone was going to do then, it has done. Pure.
 * @param next the attempt after the one that failed; undefined where there is none yet
 */
export function failureSince<F extends Pick<FailureView, 'remedy'>>(
  failure: F,
  next: Pick<AttemptView, 'notBefore'> | undefined,
  now: number,
): F {
  if (next === undefined || (next.notBefore !== null && next.notBefore > now)) return failure
  return {
    ...failure,
    remedy: failure.remedy.replace(/^Hone starts it again in [\d.]+ s/, 'Hone started it again'),
  }
}

type Watched = Pick<AttemptView, 'state' | 'silentMs' | 'notBefore'>

/**
 * What the monitor does with an attempt just now, where that is more than to follow it; null otherwise. Pure.
 * @param silentLimit minutes
 */
export function watchWords(
  { state, silentMs, notBefore }: Watched,
  { engineAway, silentLimit, now }: { engineAway: boolean; silentLimit: number; now: number },
): string | null {
  if (state !== 'starting' && state !== 'running') return null
  if (engineAway)
    return 'Nobody knows how it goes on while the engine is away; it is followed again from where the log ends.'
  if (state === 'starting' && notBefore !== null && notBefore > now) {
    return `Its container starts in ${formatDuration(notBefore - now)}, after the wait that follows a crash.`
  }
  if (state !== 'running' || silentMs < WORTH_SAYING_MS) return null
  return `No sign of life for ${formatDuration(silentMs)}: at ${plural(silentLimit, 'minute')} it is stopped and started again.`
}

/** How often a training was started again after a crash. Pure. */
export const restartsOf = (attempts: readonly Ended[]): number =>
  attempts.filter((_, index) => reasonOf(attempts[index - 1]) === 'restart').length

type Timed = Pick<AttemptView, 'state' | 'startedAt' | 'endedAt'>

/**
 * How long a trial trained that was given up and went on later, without the time between, in ms; null for one that
 * never was, or still trains. Pure.
 */
export function trainedMs(attempts: readonly Timed[]): number | null {
  const wentOn = attempts.some((_, index) => reasonOf(attempts[index - 1]) === 'went on')
  if (!wentOn || attempts.some(({ endedAt }) => endedAt === null)) return null
  return attempts.reduce(
    (sum, { startedAt, endedAt }) => sum + (endedAt ?? 0) - (startedAt ?? endedAt ?? 0),
    0,
  )
}
