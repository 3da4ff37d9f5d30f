import { isBetter } from '../domain/settings.ts'
import type { Direction, PastTrial } from './sampler.ts'

/** The mean over the repeats of a trial that gave a metric; null for one that failed, runs, or gave no finite number. */
export function metricOf({ state, metric, repeats = [] }: PastTrial): number | null {
  if (state === 'failed' || state === 'running' || metric === null || !Number.isFinite(metric)) return null
  const all = [metric, ...repeats.filter(Number.isFinite)]
  return all.reduce((sum, value) => sum + value, 0) / all.length
}

/** The trial with the best metric, the earliest of equals; what was given up early never counts. */
export function bestOf(trials: readonly PastTrial[], direction: Direction) {
  let best: { trial: PastTrial; metric: number } | null = null
  for (const trial of trials) {
    const metric = trial.state === 'completed' ? metricOf(trial) : null
    if (metric !== null && isBetter(metric, best?.metric ?? null, direction)) best = { trial, metric }
  }
  return best
}
