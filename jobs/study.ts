import type { Hyperparameter } from '../src/domain/detection.ts'
import { foldRepeats } from '../src/domain/repeats.ts'
import type { Run } from '../src/domain/run.ts'
import type { Trial } from '../src/domain/trial.ts'
import { curveOf } from '../src/metrics/curve.ts'
import { readName } from '../src/metrics/names.ts'
import { type CompletedCurve, expectedFinal } from '../src/search/curves.ts'
import type { Curve } from '../src/search/pruner.ts'
import type { PastTrial, SearchSpace, Study } from '../src/search/sampler.ts'
import type { Store } from '../src/store/store.ts'
import type { RunDetection } from './schemas.ts'

/** A run's search as it stands in the store. */
export interface RunStudy {
  trials: Trial[]
  /** In the run's own space; without earlier runs. */
  study: Study
  /** Of the trials with values of their own. */
  curves: Curve[]
}

/** What the search sees of the hyperparameters. Pure. */
export const spaceOf = (hyperparameters: readonly Hyperparameter[]): SearchSpace =>
  Object.fromEntries(
    hyperparameters.map(({ name, distribution, condition }) => [name, { ...distribution, condition }]),
  )

const STATES: Record<Exclude<Trial['state'], 'cancelled'>, PastTrial['state']> = {
  queued: 'running',
  running: 'running',
  completed: 'completed',
  pruned: 'pruned',
  failed: 'failed',
}

export function studyOf(store: Store, run: Run): RunStudy {
  const { hyperparameters, forbidden } = run.detection as RunDetection
  const trials = store.trials.ofRun(run.id)
  const curves = curvesOf(store, run, trials)
  const { direction } = run.settings
  const past = pastTrials(trials, curves, run)
  const study = { space: spaceOf(hyperparameters), direction, trials: past, forbidden }
  return { trials, study, curves }
}

/**
 * The objective by step, of each trial with values of its own.
 * @param split another part of the data than the one that decides
 */
export function curvesOf(store: Store, run: Run, trials: readonly Trial[], split?: 'train'): Curve[] {
  const { name } = readName(run.settings.metric)
  const metric = split ? `${split}_${name}` : run.settings.metric
  const steps = store.metrics.stepsOfRun(run.id, name)
  return trials.flatMap(({ id, number, state, repeats }): Curve[] => {
    if (repeats !== null || state === 'cancelled') return []
    const points = curveOf(steps.get(id) ?? [], { metric })
    return [{ number, state: state === 'queued' ? 'running' : state, points }]
  })
}

/** One that was cancelled, as the run had ended, says nothing about its values. */
function pastTrials(trials: readonly Trial[], curves: readonly Curve[], { settings }: Run): PastTrial[] {
  const pointsOf = (number: number) => curves.find((curve) => curve.number === number)?.points ?? []
  const completed = trials.flatMap(({ number, state, metric, repeats }): CompletedCurve[] =>
    state === 'completed' && metric !== null && repeats === null
      ? [{ points: pointsOf(number), metric }]
      : [],
  )
  return foldRepeats(trials).flatMap(({ trial, repeats }): PastTrial[] => {
    const { number, values, state } = trial
    if (state === 'cancelled') return []
    const metric =
      state === 'pruned' ? expectedFinal(pointsOf(number), completed, settings.direction) : trial.metric
    const outOfMemory = state === 'failed' && trial.failure?.code === 'out-of-memory'
    return [{ number, values, state: STATES[state], metric, repeats, outOfMemory }]
  })
}
