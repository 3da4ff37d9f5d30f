import { meetsTarget, type Settings } from './settings.ts'
import type { Trial } from './trial.ts'

export type RepeatableTrial = Pick<Trial, 'number' | 'state' | 'metric' | 'repeats'>

/** A trial with values of its own, together with those that trained the same values with other seeds. */
export interface Folded<T> {
  trial: T
  /** Mean of its own metric and those of its completed repeats; null while its own is not known. */
  metric: number | null
  /** Metrics of its completed repeats, in their order. */
  repeats: number[]
}

/**
 * How far a trial that meets the target is confirmed. `refuted`: one of the other seeds misses the target or failed, so
 * that the trial counts with its mean and the search goes on.
 */
export type Confirmation =
  | { state: 'none needed' | 'running' | 'confirmed' | 'refuted' }
  /** Repeats that are still to be started. */
  | { state: 'needed'; more: number }

export type ConfirmationSettings = Pick<Settings, 'target' | 'direction' | 'confirm'>

/** Whether a metric can count at all. */
export const isUsable = (metric: number | null): metric is number =>
  metric !== null && Number.isFinite(metric)

/** Trials with values of their own, each with its repeats folded in; the order stays. */
export function foldRepeats<T extends RepeatableTrial>(trials: readonly T[]): Folded<T>[] {
  return trials
    .filter((trial) => trial.repeats === null)
    .map((trial) => {
      const repeats = repeatsOf(trial, trials).flatMap(({ state, metric }) =>
        state === 'completed' && isUsable(metric) ? [metric] : [],
      )
      return { trial, metric: isUsable(trial.metric) ? mean([trial.metric, ...repeats]) : null, repeats }
    })
}

/**
 * @param trials all of the run, the trial and its repeats among them
 * @returns null for a trial that does not meet the target by its own metric, or is a repeat itself
 */
export function confirmationOf(
  trial: RepeatableTrial,
  trials: readonly RepeatableTrial[],
  settings: ConfirmationSettings,
): Confirmation | null {
  const { number, state, metric, repeats } = trial
  if (repeats !== null || state !== 'completed' || !isUsable(metric) || !meetsTarget(metric, settings)) {
    return null
  }
  // The user's own values were not chosen for their luck out of many.
  if (settings.confirm === 0 || number === 0) return { state: 'none needed' }
  const others = repeatsOf(trial, trials).filter((other) => other.state !== 'cancelled')
  const ended = others.filter((other) => other.state !== 'queued' && other.state !== 'running')
  const met = ended.filter((other) => meets(other, settings)).length
  if (met < ended.length) return { state: 'refuted' }
  if (met >= settings.confirm) return { state: 'confirmed' }
  const more = settings.confirm - others.length
  return more > 0 ? { state: 'needed', more } : { state: 'running' }
}

/** Whether other seeds still have to say if the trial meets the target. */
export function isBeingConfirmed(
  trial: RepeatableTrial,
  trials: readonly RepeatableTrial[],
  settings: ConfirmationSettings,
): boolean {
  const state = confirmationOf(trial, trials, settings)?.state
  return state === 'needed' || state === 'running'
}

const repeatsOf = <T extends RepeatableTrial>(trial: T, trials: readonly T[]): T[] =>
  trials.filter(({ repeats }) => repeats === trial.number)

const meets = ({ state, metric }: RepeatableTrial, settings: ConfirmationSettings) =>
  state === 'completed' && isUsable(metric) && meetsTarget(metric, settings)

/** Twelve digits: the mean of 0.9 and 0.8 is to be 0.85 and nothing longer. */
const mean = (values: readonly number[]) =>
  values.length === 1
    ? (values[0] as number)
    : Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(12))
