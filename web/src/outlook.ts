import type { OutlookView, RunSummary, RunView } from '../../src/http/contract.ts'
import { formatNumber, plural } from './format.ts'

/** What fewer trials say of importance and of the chance may well change. */
const FEW_TRIALS = 10

/** `62 %`; never 0 or 100, which would be a promise. Pure. */
export function formatChance(chance: number): string {
  if (chance < 0.01) return 'under 1 %'
  return chance > 0.99 ? 'over 99 %' : `${Math.round(chance * 100)} %`
}

/** Only as many digits as the deviation leaves standing: `0.949 ± 0.004`. Pure. */
export function formatEstimate({ mean, sd }: { mean: number; sd: number }): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(sd)))
  if (!(sd > 0) || decimals > 6) return formatNumber(mean)
  return `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}`
}

/** Trials of the budget that are not done: those under way, and those that may still begin. Pure. */
export const trialsLeft = ({ trialBudget, trialCount }: Pick<RunSummary, 'trialBudget' | 'trialCount'>) =>
  Math.max(0, trialBudget - trialCount)

type Goal = Pick<RunSummary, 'target' | 'trialBudget' | 'trialCount'>

/** `2 under way, 11 left to begin`: with those that are done, the whole budget. Pure. */
export function leftWords(run: Pick<RunView, 'trialBudget' | 'trialCount' | 'left'>): string | null {
  if (run.left === null) return null
  const underWay = trialsLeft(run) - run.left.trials
  return `${underWay > 0 ? `${underWay} under way, ` : ''}${run.left.trials} left to begin`
}

/** `to reach 0.95 within the 12 trials that are not done`. Pure. */
export function chanceWords(run: Goal): string {
  const left = trialsLeft(run)
  return `to reach ${formatNumber(run.target)} within the ${plural(left, 'trial')} that ${left === 1 ? 'is' : 'are'} not done`
}

/** What a chance from few trials is worth: nothing ends for it yet; null once there are enough. Pure. */
export const firstImpression = ({ trials }: Pick<OutlookView, 'trials'>): string | null =>
  trials < FEW_TRIALS
    ? `A first impression, from ${plural(trials, 'trial')}: it may still change a lot.`
    : null

type GivingUp = Pick<RunSummary, 'outlook' | 'givesUp' | 'target'> & {
  settings: Readonly<Record<string, unknown>>
}

/**
 * What the chance does to the run while it goes on: when it is given up, and why it is not yet; null where nothing is to be said. Pure.
 */
export function giveUpWords({ outlook, givesUp, target, settings }: GivingUp): string | null {
  if (outlook === null || outlook.chance === null) return null
  if (givesUp === null) {
    return settings.giveUp === 0
      ? 'It spends its budget whatever the chance: giveUp is 0.'
      : `It spends its budget whatever the chance: a target of ${formatNumber(target)} means as good as possible.`
  }
  const below = `${formatNumber(100 * givesUp.below)} % (giveUp)`
  if (outlook.trials < givesUp.after) {
    return `Below ${below} the run ends, once ${givesUp.after} trials have a metric; ${outlook.trials} have one.`
  }
  return outlook.chance < givesUp.below
    ? `That is below ${below}: the run ends with the trainings that are under way, unless one of them changes it.`
    : `Below ${below} the run ends.`
}

/** Whether a run ended without its target although the mean of its best meets it. Pure. */
export const isUnconfirmed = ({ state, met }: Pick<RunSummary, 'state' | 'met'>): boolean =>
  state === 'exhausted' && met !== 'no'

/** `with another seed`, `with 2 other seeds`. Pure. */
export const otherSeeds = (confirm: unknown): string =>
  typeof confirm === 'number' && confirm > 1 ? `with ${confirm} other seeds` : 'with another seed'

/** Whether the best trial meets the target, and no other seed has said otherwise so far. Pure. */
export const isMetSoFar = ({ met }: Pick<RunSummary, 'met'>): boolean =>
  met === 'yes' || met === 'unconfirmed'

export interface Bar {
  name: string
  /** In words: `64 %`. */
  share: string
  /** Part of the full width, 0 .. 100: the share itself. */
  width: number
}

const SHOWN = 8
const LEAST_SHARE = 0.01

/** The most important hyperparameters, as bars. Pure. */
export function barsOf(importance: OutlookView['importance']): Bar[] {
  return importance
    .filter(({ share }) => share >= LEAST_SHARE)
    .slice(0, SHOWN)
    .map(({ name, share }) => ({
      name,
      share: `${Math.round(share * 100)} %`,
      width: 100 * Math.min(1, share),
    }))
}

/** What the shares are, and how much they are worth after so many trials. Pure. */
export function shareWords(trials: number): string {
  const what = 'Share of the variation, interactions included: together they may exceed 100 %.'
  return trials < FEW_TRIALS ? `${what} A first impression, from ${plural(trials, 'trial')}.` : what
}
