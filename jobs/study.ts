import type { Running } from '../src/chain/contract.ts'
import type { Hyperparameter } from '../src/domain/detection.ts'
import { jobMachine } from '../src/domain/job.ts'
import type { Run } from '../src/domain/run.ts'
import type { Trial } from '../src/domain/trial.ts'
import { curveOf } from '../src/metrics/curve.ts'
import { type CompletedCurve, expectedFinal } from '../src/search/curves.ts'
import { epochsOf } from '../src/search/epochs.ts'
import type { Curve } from '../src/search/pruner.ts'
import { prunerFor } from '../src/search/pruners/index.ts'
import { foldRepeats } from '../src/search/repeats.ts'
import type { PastTrial, RelatedStudy, SearchSpace, Study } from '../src/search/sampler.ts'
import type { Progress } from '../src/search/stop.ts'
import type { Store } from '../src/store/store.ts'
import type { RunDetection } from './schemas.ts'

/** Earlier searches that are looked at, and those of them that count. */
const LOOKED_AT = 20
const RELATED = 3
/** Fewer completed trials tell nothing about a space. */
const LEAST_TRIALS = 2

/** All that the rules of the search decide by. */
export interface RunStudy {
  trials: Trial[]
  study: Study
  /** Of the trials with values of their own. */
  curves: Curve[]
  /** Name of the hyperparameter that sets the number of epochs. */
  epochs: string | undefined
  /** The run that the nearest related study is of. */
  parent: Run | null
  /** Training so far, summed over all attempts, ms. */
  trainingMs: number
}

/** What the search sees of the hyperparameters. Pure. */
export const spaceOf = (hyperparameters: readonly Hyperparameter[]): SearchSpace =>
  Object.fromEntries(
    hyperparameters.map(({ name, distribution, condition }) => [name, { ...distribution, condition }]),
  )

const STATES: Record<Trial['state'], PastTrial['state']> = {
  queued: 'running',
  running: 'running',
  completed: 'completed',
  pruned: 'pruned',
  failed: 'failed',
  cancelled: 'failed',
}

/** Reads a run's search as it stands in the store. */
export function studyOf(store: Store, run: Run): RunStudy {
  const { hyperparameters } = run.detection as RunDetection
  const space = spaceOf(hyperparameters)
  const trials = store.trials.ofRun(run.id)
  const curves = curvesOf(store, run, trials)
  const related = relatedRuns(store, run)
  return {
    trials,
    study: {
      space,
      direction: run.settings.direction,
      trials: pastTrials(trials, curves, run),
      related: related.map((other) => relatedStudy(store, other)),
    },
    curves,
    epochs: epochsOf(Object.keys(space)) ?? undefined,
    parent: related[0] ?? null,
    trainingMs: trainingTime(store, run),
  }
}

/** The objective by step, of each trial with values of its own. */
export function curvesOf(store: Store, run: Run, trials: readonly Trial[]): Curve[] {
  const steps = store.metrics.stepsOfRun(run.id)
  return trials
    .filter(({ repeats, state }) => repeats === null && state !== 'cancelled')
    .map(({ id, number, state }) => ({
      number,
      state: state === 'queued' || state === 'cancelled' ? 'running' : state,
      points: curveOf(steps.get(id) ?? [], run.settings),
    }))
}

function pastTrials(trials: readonly Trial[], curves: readonly Curve[], { settings }: Run): PastTrial[] {
  const pointsOf = (number: number) => curves.find((curve) => curve.number === number)?.points ?? []
  const completed = trials.flatMap(({ number, state, metric }): CompletedCurve[] =>
    state === 'completed' && metric !== null ? [{ points: pointsOf(number), metric }] : [],
  )
  return foldRepeats(trials).map(({ trial, repeats }) => {
    const { number, values, state, startedAt, endedAt } = trial
    const metric =
      state === 'pruned' ? expectedFinal(pointsOf(number), completed, settings.direction) : trial.metric
    const seconds = startedAt !== null && endedAt !== null ? (endedAt - startedAt) / 1000 : undefined
    return { number, values, state: STATES[state], metric, repeats, seconds }
  })
}

/** Earlier runs of the project that aimed at the same metric, those of the same branch first, then the newest. */
function relatedRuns(store: Store, run: Run): Run[] {
  const { metric, direction } = run.settings
  return store.runs
    .list({ projectId: run.projectId, before: run.id, limit: LOOKED_AT })
    .filter(
      (other) =>
        other.detection !== null &&
        other.settings.metric === metric &&
        other.settings.direction === direction &&
        store.trials.ofRun(other.id).filter(({ state }) => state === 'completed').length >= LEAST_TRIALS,
    )
    .sort((a, b) => Number(b.ref === run.ref) - Number(a.ref === run.ref) || b.id - a.id)
    .slice(0, RELATED)
}

function relatedStudy(store: Store, run: Run): RelatedStudy {
  const trials = store.trials.ofRun(run.id)
  const ended = pastTrials(trials, curvesOf(store, run, trials), run).filter(
    ({ state }) => state === 'completed' || state === 'failed',
  )
  return { space: spaceOf((run.detection as RunDetection).hyperparameters), trials: ended }
}

/** What the stop rules have to know besides the trials; `inFlight` counts the run's other trainings and tweaks. */
export function progressOf({ store, run, job }: { store: Store } & Running, state: RunStudy): Progress {
  const { settings, deadline, outlook } = run
  const pruner = prunerFor(settings.pruner, settings.trials)
  const others = store.jobs
    .ofRun(run.id)
    .filter(
      ({ id, name, state }) =>
        id !== job.id && (name === 'train' || name === 'tweak') && !jobMachine.isFinal(state),
    )
  return {
    nowMs: store.now(),
    deadlineMs: deadline,
    trainingMs: state.trainingMs,
    inFlight: others.length,
    outlook,
    resumable: pruner.nextToResume(state.curves, settings.direction) !== null,
  }
}

function trainingTime(store: Store, run: Run): number {
  const now = store.now()
  return store.attempts
    .ofRun(run.id)
    .reduce((sum, { startedAt, endedAt }) => sum + (startedAt === null ? 0 : (endedAt ?? now) - startedAt), 0)
}
