import { meetsTarget } from '../../domain/settings.ts'
import { count, type MailInput, type MailTrial, show } from './input.ts'

const DONE: readonly MailTrial['state'][] = ['completed', 'failed', 'pruned']

/** Trials with values of their own that are done, given up ones included: those that the budget counts. Pure. */
export const spentTrials = (trials: readonly MailTrial[]) =>
  trials.filter(({ repeats, state }) => repeats === null && DONE.includes(state))

/** Trials with a value of their own: what the best is picked from. Pure. */
export const candidatesOf = (trials: readonly MailTrial[]) =>
  trials.filter(({ repeats, metric }) => repeats === null && metric !== null).length

/** Those that trained a trial's values again, as far as they ended. */
const repeatsOf = ({ number }: MailTrial, trials: readonly MailTrial[]) =>
  trials.filter(({ repeats, state }) => repeats === number && (state === 'completed' || state === 'failed'))

/** Seeds that the best value is the mean of. Pure. */
export const seedsOf = (best: MailTrial, trials: readonly MailTrial[]) =>
  1 + repeatsOf(best, trials).filter(({ metric }) => metric !== null).length

/** What a trial counts with where other seeds gave other values: their mean; null where its own value stands. Pure. */
export function meanOfSeeds(trial: MailTrial, trials: readonly MailTrial[]) {
  if (trial.repeats !== null || trial.metric === null) return null
  const others = repeatsOf(trial, trials).flatMap(({ metric }) => metric ?? [])
  const values = [trial.metric, ...others]
  if (new Set(values).size < 2) return null
  return { value: values.reduce((sum, value) => sum + value, 0) / values.length, seeds: values.length }
}

/** How many seeds the best value is the mean of, for its words: 1 where all of them gave the same. Pure. */
export function seedsInMean(best: MailTrial, trials: readonly MailTrial[]): number {
  const all = [ownMetric(best, trials), ...repeatsOf(best, trials).map(({ metric }) => metric)]
  const values = all.filter((metric) => metric !== null)
  return new Set(values).size > 1 ? values.length : 1
}

/** `0.953 in trial 4, 0.951 with another seed (trial 6)`; null where it was trained once. Pure. */
export function seedsInWords(best: MailTrial, trials: readonly MailTrial[]): string | null {
  const repeats = repeatsOf(best, trials)
  if (repeats.length === 0) return null
  const own = ownMetric(best, trials)
  const others = repeats.map(
    ({ number, metric }) =>
      `${metric === null ? 'a failed training' : show(metric)} with another seed (trial ${number})`,
  )
  return [`${own === null ? 'no value' : show(own)} in trial ${best.number}`, ...others].join(', ')
}

const ownMetric = (best: MailTrial, trials: readonly MailTrial[]) =>
  trials.find(({ number }) => number === best.number)?.metric ?? best.metric

type Goal = MailInput['run']['settings']

const misses =
  (settings: Goal) =>
  ({ metric }: MailTrial) =>
    metric === null || !meetsTarget(metric, settings)

export interface Confirmation {
  confirmed: boolean
  text: string
}

/** Whether a best trial that meets the target did so with other seeds too; null for one that never met it. Pure. */
export function confirmationOf({ best, trials, run, conclusion }: MailInput): Confirmation | null {
  const { settings } = run
  const own = best && ownMetric(best, trials)
  if (best === null || own === null || !meetsTarget(own, settings)) return null
  const repeats = repeatsOf(best, trials)
  const missed = repeats.find(misses(settings))
  if (missed) {
    const what = missed.metric === null ? 'a training' : show(missed.metric)
    const how = missed.metric === null ? 'failed' : 'misses the target'
    return { confirmed: false, text: `no: ${what} with another seed ${how}` }
  }
  if (repeats.length > 0 && conclusion.kind === 'target') {
    const same = repeats.every(({ metric }) => metric === own)
    const seeds = repeats.length === 1 ? 'another seed' : count(repeats.length, 'other seed')
    return {
      confirmed: true,
      text: same
        ? `the same value again with ${seeds}: the script seems to set a seed of its own, so that this says little`
        : `yes, with ${seeds}`,
    }
  }
  if (best.number === 0) {
    return { confirmed: false, text: 'no, and not needed: your own values were not picked out of many' }
  }
  if (settings.confirm === 0) {
    return { confirmed: false, text: 'no: `confirm` is 0, so it was trained once, and may have been lucky' }
  }
  return { confirmed: false, text: 'no: the run ended before other seeds could say whether it was luck' }
}
