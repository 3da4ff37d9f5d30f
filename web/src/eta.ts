import type { LeftView } from '../../src/http/contract.ts'
import { formatDuration, plural } from './format.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A time as roughly as it is known: `40 s`, `12 min`, `3.5 h`, `2 d`. Pure. */
export function roughly(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.max(10, Math.round(ms / SECOND / 10) * 10)} s`
  if (ms < 90 * MINUTE) return `${Math.round(ms / MINUTE)} min`
  if (ms < 36 * HOUR) return `${Math.round((ms / HOUR) * 2) / 2} h`
  return `${Math.round((ms / DAY) * 2) / 2} d`
}

/** A range that is not wider than this share of its end is one time. */
const NARROW = 0.2

/** `about 12 min`, `8 min to 20 min`, `under 10 s`. Pure. */
export function etaWords({ earliest, latest }: { earliest: number; latest: number }, now: number): string {
  const [low, high] = [Math.max(0, earliest - now), Math.max(0, latest - now)]
  if (high < 10 * SECOND) return 'under 10 s'
  if (high - low <= NARROW * high) return `about ${roughly((low + high) / 2)}`
  if (low < 10 * SECOND) return `up to ${roughly(high)}`
  const [from, to] = [roughly(low), roughly(high)]
  return from === to ? `about ${to}` : `${from} to ${to}`
}

/** The limits that end the run in any case: `23 h 40 min, 12 min of training`. Pure. */
export function limitWords({ deadline, trainingMs }: LeftView, now: number): string | null {
  const limits = [
    deadline === null ? null : formatDuration(Math.max(0, deadline - now)),
    trainingMs === null ? null : `${formatDuration(trainingMs)} of training`,
  ].filter((words) => words !== null)
  return limits.length === 0 ? null : limits.join(', ')
}

/** What the time is reckoned from, for who wants to know. Pure. */
export const etaReason = ({ eta }: LeftView) =>
  eta === null
    ? 'Nothing is known of it before a training has ended.'
    : `Until the trials are spent, from ${plural(eta.from, 'training')} so far; earlier if the target is reached.`
