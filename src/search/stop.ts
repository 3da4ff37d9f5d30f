import { giveUpRule, isHopeless } from '../domain/give-up.ts'
import type { Outlook } from '../domain/outlook.ts'
import {
  confirmationOf,
  type Folded,
  foldRepeats,
  isBeingConfirmed,
  isUsable,
  type RepeatableTrial,
} from '../domain/repeats.ts'
import { isBetter, type Settings } from '../domain/settings.ts'
import { SPENT_STATES } from '../domain/trial.ts'
import { budgetReason, goalReason, outcomeOf } from './stop-reasons.ts'

export type StopTrial = RepeatableTrial
export type Goal = Pick<Settings, 'target' | 'direction' | 'confirm'>
export type StopSettings = Goal & Pick<Settings, 'metric' | 'trials' | 'trainingBudget' | 'giveUp'>

export interface Stop {
  kind: 'target' | 'budget'
  /** For the person, in words. */
  reason: string
}

/** What the stop rules need to know besides the trials. */
export interface Progress {
  nowMs: number
  /** End of the run's time, ms since the epoch; null for none. */
  deadlineMs: number | null
  /** Training so far, summed over all attempts, ms. */
  trainingMs: number
  /** Trainings queued or under way. */
  inFlight: number
  /** Fitted to all trials that have ended; null where there is none, so that the chance ends nothing. */
  outlook: Outlook | null
  /** The sampler has nothing new to propose. */
  exhausted?: boolean
  /** The pruner lets one of the pruned trials go on. */
  resumable?: boolean
}

/** The best of the trials with the metric it counts with: repeats folded in. */
export type Best<T> = T & { metric: number }

/**
 * The best completed trial, the earliest of equals; NaN and infinities never win. Repeats count for their original: the
 * mean of all seeds. Those that meet the target for certain stand before those that still have to be confirmed.
 * @returns null when none has a metric
 */
export function bestTrial<T extends StopTrial>(trials: readonly T[], goal: Goal): Best<T> | null {
  const folded = foldRepeats(trials)
  const best =
    bestOf(
      folded.filter(({ trial }) => isReached(trial, trials, goal)),
      goal,
    ) ?? bestOf(folded, goal)
  return best && { ...best.trial, metric: best.metric }
}

/**
 * The trial that is to be trained once more with another seed, as it meets the target and has not been confirmed: the
 * best first; null when there is none.
 */
export function nextToConfirm(trials: readonly StopTrial[], goal: Goal): number | null {
  const waiting = foldRepeats(trials).filter(
    ({ trial }) => confirmationOf(trial, trials, goal)?.state === 'needed',
  )
  return bestOf(waiting, goal)?.trial.number ?? null
}

/**
 * Whether the run ends here, and why; null: go on, or wait for what is still in flight. The target ends it at once; a
 * budget only when nothing is in flight any more.
 */
export function shouldStop(
  trials: readonly StopTrial[],
  settings: StopSettings,
  progress: Progress,
): Stop | null {
  const reached = bestOf(
    foldRepeats(trials).filter(({ trial }) => isReached(trial, trials, settings)),
    settings,
  )
  if (reached) return { kind: 'target', reason: goalReason(reached, settings) }
  const why = progress.inFlight > 0 ? null : spentBudget(trials, settings, progress)
  if (why === null) return null
  return { kind: 'budget', reason: `${why}; ${outcomeOf(bestTrial(trials, settings), trials, settings)}` }
}

/** How a run ends that a person stops at the best so far; null while no trial has a value. Pure. */
export function stopByHand(trials: readonly StopTrial[], settings: StopSettings): Stop | null {
  const best = bestTrial(trials, settings)
  if (best === null) return null
  const done = trials.filter(({ repeats, state }) => repeats === null && SPENT_STATES.has(state)).length
  const why = budgetReason.byHand(done, settings.trials)
  return { kind: 'budget', reason: `${why}; ${outcomeOf(best, trials, settings)}` }
}

/**
 * Why no training may be started any more, in words; null when one may. While others are in flight the run waits for
 * them, and what they bring may open it again. Trials that need to be confirmed, and pruned ones that are to go on, do so
 * after the last trial of the budget too, but not when time is up.
 */
export function spentBudget(
  trials: readonly StopTrial[],
  settings: StopSettings,
  progress: Progress,
): string | null {
  const own = trials.filter(({ repeats }) => repeats === null)
  const { nowMs, deadlineMs, trainingMs, exhausted = false, resumable = false, outlook } = progress
  if (deadlineMs !== null && nowMs >= deadlineMs) return budgetReason.time(own.length)
  const { trainingBudget } = settings
  if (trainingBudget !== undefined && trainingMs >= trainingBudget * 60_000) {
    return budgetReason.training(trainingBudget, own.length)
  }
  if (resumable || trials.some((trial) => isBeingConfirmed(trial, trials, settings))) return null
  if (own.length >= settings.trials) return budgetReason.trials(own.length, settings.trials)
  if (exhausted) return budgetReason.exhausted(own.length)
  if (isHopeless(outlook, giveUpRule(settings))) return budgetReason.hopeless(outlook, settings)
  return null
}

function isReached(trial: StopTrial, trials: readonly StopTrial[], goal: Goal): boolean {
  const state = confirmationOf(trial, trials, goal)?.state
  return state === 'none needed' || state === 'confirmed'
}

type Measured<T> = Folded<T> & { metric: number }

function bestOf<T extends StopTrial>(folded: readonly Folded<T>[], goal: Goal): Measured<T> | null {
  let best: Measured<T> | null = null
  for (const { trial, metric, repeats } of folded) {
    if (trial.state !== 'completed' || !isUsable(metric)) continue
    if (isBetter(metric, best?.metric ?? null, goal.direction)) best = { trial, metric, repeats }
  }
  return best
}
