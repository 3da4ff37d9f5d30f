import type { Outlook } from '../../src/domain/outlook.ts'
import type { Run } from '../../src/domain/run.ts'
import type { Trial } from '../../src/domain/trial.ts'
import {
  aCompletedTrial,
  aRunningTrial,
  diffOf,
  logOf,
  MISSING_MODULE,
  readEpochs,
  type World,
  writeLog,
} from './factories.ts'

export const anOutlook = (change: Partial<Outlook> = {}): Outlook => ({
  trials: 8,
  chance: 0.624,
  best: { trial: 4, mean: 0.9512, sd: 0.0041 },
  importance: [
    { name: 'learning_rate_init', share: 0.71 },
    { name: 'hidden', share: 0.22 },
    { name: 'activation', share: 0.03 },
  ],
  advice: ['Train longer: the accuracy of trial 4 still rises at its last epoch, `max_iter` 40.'],
  ...change,
})

type Options = NonNullable<Parameters<typeof aRunningTrial>[3]>

/** The first epochs of the training that would come to `metric`. */
const beginOf = (metric: number, epochs: number) =>
  logOf(metric)
    .split('\n')
    .slice(0, epochs)
    .map((line) => `${line}\n`)
    .join('')

/** In training, some epochs in. */
export function aTrialUnderWay(
  world: World,
  run: Run,
  number: number,
  metric: number,
  epochs: number,
  options: Options = {},
) {
  const running = aRunningTrial(world, run, number, options)
  const log = beginOf(metric, epochs)
  world.pass(epochs * 900)
  writeLog(world, run, running.attempt, log)
  readEpochs(world, run, running.attempt, log)
  return running
}

/** Given up by the search after some epochs, its container stopped. */
export function aPrunedTrial(
  world: World,
  run: Run,
  number: number,
  metric: number,
  epochs: number,
  options: Options = {},
): Trial {
  const { store } = world
  const { trial, attempt, job } = aTrialUnderWay(world, run, number, metric, epochs, options)
  const value = Number((metric * (1 - 0.6 ** epochs)).toFixed(4))
  const pruning = `${value} after ${epochs} epochs, behind 5 of 6 others`
  store.attempts.transition(attempt.id, 'stopped', { exitCode: 143, signal: 'SIGTERM' })
  store.jobs.complete(job, {})
  return store.trials.transition(trial.id, 'pruned', { pruning })
}

/** Ended with an exception. */
export function aFailedTrial(world: World, run: Run, number: number, options: Options = {}): Trial {
  const { store } = world
  const { trial, attempt, job } = aRunningTrial(world, run, number, options)
  world.pass(2000)
  const failure = { ...MISSING_MODULE, message: 'The training ended with ValueError: hidden must be > 0.' }
  writeLog(world, run, attempt, 'Traceback (most recent call last):\nValueError: hidden must be > 0.\n')
  store.attempts.transition(attempt.id, 'failed', { exitCode: 1, failure })
  store.jobs.complete(job, {})
  return store.trials.transition(trial.id, 'failed', { failure })
}

/** The same values once more, to see whether they were luck. */
export function aRepeat(
  world: World,
  run: Run,
  number: number,
  of: Trial,
  seed: number,
  metric: number,
): Trial {
  const origin = `trial ${of.number} with another seed`
  const change = { values: of.values, diff: diffOf(of.values), repeats: of.number, seed, origin }
  return aCompletedTrial(world, run, number, metric, change)
}

/**
 * A search with something of everything: completed, given up and failed trials, one repeated with another seed, and
 * two in training.
 */
export function aBusySearch(world: World, run: Run): Trial[] {
  const values = (rate: number, hidden: number) => ({
    values: { learning_rate_init: rate, hidden, activation: 'tanh' },
  })
  const trials = [
    aCompletedTrial(world, run, 0, 0.4122),
    aCompletedTrial(world, run, 1, 0.8831, {
      ...values(0.004, 96),
      origin: 'the best of run #12, its trial 7',
    }),
    aPrunedTrial(world, run, 2, 0.4411, 3, values(0.3, 12)),
    aFailedTrial(world, run, 3, values(0.02, 0)),
  ]
  const best = aCompletedTrial(world, run, 4, 0.9532, values(0.0011, 180))
  world.store.runs.update(run.id, { bestTrialId: best.id, outlook: anOutlook() })
  return [
    ...trials,
    best,
    aCompletedTrial(world, run, 5, 0.9013, { ...values(0.0021, 64), restarts: 1 }),
    aRepeat(world, run, 6, best, 1, 0.9478),
    aPrunedTrial(world, run, 7, 0.62, 4, values(0.09, 150)),
    aTrialUnderWay(world, run, 8, 0.94, 6, values(0.0014, 164)).trial,
    aTrialUnderWay(world, run, 9, 0.91, 3, {
      ...values(0.0011, 180),
      origin: 'more epochs: trial 4 still rises after 12 epochs: 0.95, by its curve 0.96 after 24',
    }).trial,
  ]
}
