import type { OutlookView, RunSummary, RunView } from '../../src/http/contract.ts'
import { formatNumber, plural } from './format.ts'

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

/** Trials that the budget still allows. Pure. */
export const trialsLeft = ({ trialBudget, trialCount }: Pick<RunSummary, 'trialBudget' | 'trialCount'>) =>
  Math.max(0, trialBudget - trialCount)

type Goal = Pick<RunSummary, 'target' | 'trialBudget' | 'trialCount'>

/** `to reach 0.95 within the 12 trials left`. Pure. */
export function chanceWords(run: Goal): string {
  return `to reach ${formatNumber(run.target)} within the ${plural(trialsLeft(run), 'trial')} left`
}

type Seeds = Pick<RunView, 'bestTrial' | 'target' | 'direction'> & {
  trials: readonly Pick<RunView['trials'][number], 'number' | 'repeats' | 'state' | 'metric'>[]
}

/** Whether the best trial meets the target, and no other seed has said otherwise so far. Pure. */
export function isMetSoFar({ trials, bestTrial, target, direction }: Seeds): boolean {
  const meets = (metric: number | null) =>
    metric !== null && (direction === 'maximize' ? metric >= target : metric <= target)
  const own = trials.find(({ number }) => number === bestTrial)
  const refuted = trials.some(
    ({ repeats, state, metric }) =>
      repeats === bestTrial && (state === 'failed' || (state === 'completed' && !meets(metric))),
  )
  return own !== undefined && meets(own.metric) && !refuted
}

export interface Bar {
  name: string
  /** In words: `64 %`. */
  share: string
  /** Part of the full width, 0 .. 100; the most important hyperparameter fills it. */
  width: number
}

const SHOWN = 8
const LEAST_SHARE = 0.01

/** The most important hyperparameters, as bars. Pure. */
export function barsOf(importance: OutlookView['importance']): Bar[] {
  const most = Math.max(...importance.map(({ share }) => share))
  return importance
    .filter(({ share }) => share >= LEAST_SHARE)
    .slice(0, SHOWN)
    .map(({ name, share }) => ({
      name,
      share: `${Math.round(share * 100)} %`,
      width: 100 * (share / most),
    }))
}
