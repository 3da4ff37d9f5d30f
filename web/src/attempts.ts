import type { AttemptView } from '../../src/http/contract.ts'

type Ended = Pick<AttemptView, 'state'>

/** Why there is an attempt after another one: that one crashed, or the search had stopped it and lets it go on. Pure. */
export const reasonOf = (before: Ended | undefined): 'restart' | 'went on' | null => {
  if (before === undefined) return null
  return before.state === 'stopped' ? 'went on' : 'restart'
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
