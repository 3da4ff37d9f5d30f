import { confirmationOf } from '../domain/repeats.ts'
import type { Run } from '../domain/run.ts'
import { isBetter, meetsTarget, type Settings } from '../domain/settings.ts'
import type { TrialResult } from '../store/trials.ts'
import type { Met } from './contract.ts'

/** What a run came to so far: its best trial, and whether that meets the target. Pure. */

/**
 * The best trial so far, with the mean of its seeds: the one that the chain chose, or, before it chose, the best of
 * those that are complete. Never one that repeats another with a different seed.
 */
export function bestOf(
  run: Pick<Run, 'bestTrialId'> & { settings: Pick<Run['settings'], 'direction'> },
  trials: readonly TrialResult[],
): { number: number; metric: number } | null {
  const chosen = trials.find(({ id }) => id === run.bestTrialId)
  const number = chosen && (chosen.repeats ?? chosen.number)
  let best: { number: number; metric: number } | null = null
  for (const trial of trials) {
    if (trial.repeats !== null || (number !== undefined && trial.number !== number)) continue
    const metric = meanOfSeeds(trial, trials)
    if (metric !== null && isBetter(metric, best?.metric ?? null, run.settings.direction)) {
      best = { number: trial.number, metric }
    }
  }
  return best
}

/** Null for a trial that is not complete. */
function meanOfSeeds(trial: TrialResult, trials: readonly TrialResult[]): number | null {
  if (trial.state !== 'completed' || trial.metric === null) return null
  const own = trials.filter((other) => other.repeats === trial.number && other.state === 'completed')
  const metrics = [trial, ...own].flatMap(({ metric }) => metric ?? [])
  const sum = metrics.reduce((total, metric) => total + metric, 0)
  // Twelve digits: the mean of 0.9 and 0.8 is to be 0.85 and nothing longer.
  return metrics.length === 1 ? trial.metric : Number((sum / metrics.length).toPrecision(12))
}

interface Judged extends Pick<Run, 'state' | 'bestTrialId'> {
  settings: Pick<Settings, 'target' | 'direction' | 'confirm'>
}

/** Number of the first trial that meets the target for certain, with as many other seeds as it needs; null where none does. */
export function metIn(run: Judged, trials: readonly TrialResult[]): number | null {
  const sure = trials
    .filter((trial) => {
      const state = confirmationOf(trial, trials, run.settings)?.state
      return state === 'none needed' || state === 'confirmed'
    })
    .map(({ number }) => number)
  if (sure.length > 0) return Math.min(...sure)
  return run.state === 'succeeded' ? (bestOf(run, trials)?.number ?? null) : null
}

/** Whether the run has met its target. */
export function metOf(run: Judged, trials: readonly TrialResult[]): Met {
  if (metIn(run, trials) !== null) return 'yes'
  const best = bestOf(run, trials)
  const trial = trials.find(({ number, repeats }) => repeats === null && number === best?.number)
  const confirmation = trial && confirmationOf(trial, trials, run.settings)
  if (!best || !confirmation) return 'no'
  if (confirmation.state !== 'refuted') return 'unconfirmed'
  return meetsTarget(best.metric, run.settings) ? 'refuted' : 'no'
}
