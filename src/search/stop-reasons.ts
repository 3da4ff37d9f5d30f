import {
  type ConfirmationSettings,
  confirmationOf,
  type Folded,
  type RepeatableTrial,
} from '../domain/repeats.ts'
import type { Settings } from '../domain/settings.ts'

const show = (value: number) => String(Number(value.toPrecision(6)))
const count = (trials: number) => (trials === 1 ? '1 trial' : `${trials} trials`)
const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`

/** `reached 0.953 ≥ 0.95 in trial 4, and 0.951 with another seed`. */
export function goalReason(
  { trial, repeats }: Folded<RepeatableTrial>,
  { direction, target }: Pick<Settings, 'direction' | 'target'>,
): string {
  const own = trial.metric as number
  const sign = direction === 'maximize' ? '≥' : '≤'
  const reached = `reached ${show(own)} ${sign} ${show(target)} in trial ${trial.number}`
  if (repeats.length === 0) return reached
  const seeds = repeats.length === 1 ? 'another seed' : 'other seeds'
  if (repeats.every((metric) => metric === own)) {
    return `${reached}; the same again with ${seeds}: the script seems to set a seed of its own`
  }
  return `${reached}, and ${repeats.map(show).join(', ')} with ${seeds}`
}

/** Why there is nothing left to spend. */
export const budgetReason = {
  trials: (spent: number, budget: number) => `${spent} of ${budget} trials spent`,
  time: (spent: number) => `the time of the run is spent after ${count(spent)}`,
  training: (minutes: number, spent: number) =>
    `the ${show(minutes)} minutes of training are spent after ${count(spent)}`,
  byHand: (spent: number, budget: number) => `stopped by a person after ${spent} of ${budget} trials`,
  exhausted: (spent: number) => `every combination of values tried after ${count(spent)}`,
  hopeless: ({ chance }: { chance: number }, { target, giveUp }: Pick<Settings, 'target' | 'giveUp'>) =>
    `no probable improvement: the chance to reach ${show(target)} in the trials that are left is ${percent(chance)}, ` +
    `below the ${percent(giveUp)} of giveUp`,
}

/** What the run came to, when it ends without its target. */
export function outcomeOf(
  best: (RepeatableTrial & { metric: number }) | null,
  trials: readonly RepeatableTrial[],
  settings: ConfirmationSettings,
): string {
  if (!best) return 'no trial gave a metric'
  const text = `best ${show(best.metric)} in trial ${best.number}`
  const original = trials.find(({ number }) => number === best.number)
  const state = original && confirmationOf(original, trials, settings)?.state
  if (state === 'refuted') return `${text}, which met the target once but not with another seed`
  if (state === 'needed' || state === 'running') {
    return `${text}, which meets the target but is not confirmed with another seed`
  }
  return text
}
