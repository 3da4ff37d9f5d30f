import type { Run } from '../../src/domain/run.ts'
import {
  aDetectedRun,
  aDoneJob,
  aProject,
  aRunningTrial,
  diffOf,
  logOf,
  readEpochs,
  VALUES,
  type World,
  writeLog,
} from '../../test/helpers/factories.ts'

const metricOf = (number: number) => 0.6 + 0.34 * Math.abs(Math.sin(number * 12.9898))

/** A run that is going, with many trials of many epochs behind it and one before it. */
export function aLargeRun(world: World, { trials, epochs }: { trials: number; epochs: number }) {
  const { store } = world
  const run = aDetectedRun(world, aProject(world, { name: 'large' }))
  store.transaction(() => {
    for (let number = 0; number < trials - 1; number++) aTrial(world, run, number, epochs)
  })
  return { run, live: aRunningTrial(world, run, trials - 1, { values: valuesOf(trials - 1) }) }
}

const valuesOf = (number: number) => ({
  ...VALUES,
  learning_rate_init: Number((10 ** (-4 + 3 * Math.abs(Math.sin(number)))).toPrecision(3)),
  hidden: 4 + ((number * 37) % 250),
})

function aTrial(world: World, run: Run, number: number, epochs: number): void {
  const { store } = world
  if (number > 0) aDoneJob(world, run, 'tweak', `tweak:${number}`, 350)
  const values = number === 0 ? VALUES : valuesOf(number)
  const { job, trial, attempt } = aRunningTrial(world, run, number, { values, diff: diffOf(values) })
  const metric = Number(metricOf(number).toFixed(4))
  const log = logOf(metric, epochs)
  writeLog(world, run, attempt, log)
  readEpochs(world, run, attempt, log)
  const line = epochs + 1
  const about = { runId: run.id, trialId: trial.id, attemptId: attempt.id }
  const evidence = `Test accuracy: ${metric}`
  const place = { source: 'log', evidence, line } as const
  const final = { name: 'accuracy', split: 'test', value: metric, step: null, ...place } as const
  store.metrics.insert(about, final)
  store.metrics.decide(attempt.id, final)
  world.pass(9000)
  store.attempts.transition(attempt.id, 'succeeded', { exitCode: 0 })
  store.trials.transition(trial.id, 'completed', { metric })
  store.jobs.complete(job, {})
}
