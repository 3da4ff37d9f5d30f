import { isBetter, meetsTarget, type Settings } from '../domain/settings.ts'
import type { Trial } from '../domain/trial.ts'

export type StopTrial = Pick<Trial, 'number' | 'state' | 'metric'>

export interface Stop {
  kind: 'target' | 'budget'
  /** For the person, in words. */
  reason: string
}

const isUsable = (metric: number | null): metric is number => metric !== null && Number.isFinite(metric)
const show = (value: number) => String(Number(value.toPrecision(6)))

/** The best completed trial, the earliest of equals; NaN and infinities never win. Null when none has a metric. */
export function bestTrial<T extends StopTrial>(
  trials: readonly T[],
  direction: Settings['direction'],
): (T & { metric: number }) | null {
  let best: (T & { metric: number }) | null = null
  for (const trial of trials) {
    const { metric } = trial
    if (trial.state !== 'completed' || !isUsable(metric)) continue
    if (isBetter(metric, best?.metric ?? null, direction)) best = { ...trial, metric }
  }
  return best
}

/**
 * Whether the run ends here, and why; null: go on.
 * @param deadlineMs end of the run's time, ms since the epoch; null for none
 * @param exhausted the sampler has nothing new to propose
 */
export function shouldStop(
  trials: readonly StopTrial[],
  settings: Pick<Settings, 'target' | 'direction' | 'trials'>,
  nowMs: number,
  deadlineMs: number | null,
  exhausted = false,
): Stop | null {
  const best = bestTrial(trials, settings.direction)
  if (best && meetsTarget(best.metric, settings)) {
    const sign = settings.direction === 'maximize' ? '≥' : '≤'
    const reason = `reached ${show(best.metric)} ${sign} ${show(settings.target)} in trial ${best.number}`
    return { kind: 'target', reason }
  }
  const spent = trials.filter((trial) => trial.state !== 'queued' && trial.state !== 'running').length
  const outcome = best ? `best ${show(best.metric)} in trial ${best.number}` : 'no trial gave a metric'
  const budget = (why: string): Stop => ({ kind: 'budget', reason: `${why}; ${outcome}` })
  if (spent >= settings.trials) return budget(`${spent} of ${settings.trials} trials spent`)
  if (deadlineMs !== null && nowMs >= deadlineMs)
    return budget(`the time of the run is spent after ${count(spent)}`)
  if (exhausted) return budget(`every combination of values tried after ${count(spent)}`)
  return null
}

const count = (trials: number) => (trials === 1 ? '1 trial' : `${trials} trials`)
