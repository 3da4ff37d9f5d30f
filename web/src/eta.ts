import type { LeftView } from '../../src/http/contract.ts'
import { formatDuration, plural } from './format.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const UNITS = [
  { unit: 's', ms: SECOND, step: 10, below: 55 * SECOND },
  { unit: 'min', ms: MINUTE, step: 1, below: 59.5 * MINUTE },
  { unit: 'h', ms: HOUR, step: 0.5, below: 23.75 * HOUR },
  { unit: 'd', ms: DAY, step: 0.5, below: Number.POSITIVE_INFINITY },
] as const
type Unit = (typeof UNITS)[number]

const unitOf = (time: number) => UNITS.find(({ below }) => time < below) as Unit
const countIn = (time: number, { ms, step }: Unit) => Math.round(time / ms / step) * step

/** A time as roughly as it is known: `40 s`, `12 min`, `3.5 h`, `2 d`. Pure. */
export function roughly(ms: number): string {
  const unit = unitOf(ms)
  return `${Math.max(unit.step, countIn(ms, unit))} ${unit.unit}`
}

/** A range that is not wider than this share of its end is one time. */
const NARROW = 0.2

/** `about 12 min`, `8 to 20 min`, `under 10 s`. Pure. */
export function etaWords({ earliest, latest }: { earliest: number; latest: number }, now: number): string {
  const [low, high] = [Math.max(0, earliest - now), Math.max(0, latest - now)]
  if (high < 10 * SECOND) return 'under 10 s'
  if (high - low <= NARROW * high) return `about ${roughly((low + high) / 2)}`
  if (low < 10 * SECOND) return `up to ${roughly(high)}`
  // In one unit, as long as the beginning is something in it.
  const from = countIn(low, unitOf(high))
  const to = roughly(high)
  if (from === countIn(high, unitOf(high))) return `about ${to}`
  return from > 0 ? `${from} to ${to}` : `${roughly(low)} to ${to}`
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
