import { createHash } from 'node:crypto'

/** Uniform in [0, 1), the same for equal names. */
const drawn = (...name) => createHash('sha256').update(name.join(' ')).digest().readUInt32LE() / 2 ** 32
/** Standard normal, by Box and Muller. */
const drawnNormal = (...name) =>
  Math.sqrt(-2 * Math.log(1 - drawn(...name, 'radius'))) * Math.cos(2 * Math.PI * drawn(...name, 'angle'))

/**
 * What a search meets whatever its sampler: by trial, in the order of their start, its length on the simulated clock and
 * what is added to the metric that the sampler sees.
 */
export const conditions = (seed, trials, noise) => ({
  durations: Array.from({ length: trials }, (_, trial) => 0.5 + drawn('duration', seed, trial)),
  noise: Array.from({ length: trials }, (_, trial) => noise * drawnNormal('noise', seed, trial)),
})

/**
 * A whole search with one of Hone's samplers, some trials at a time on a simulated clock: study.py does the same for Optuna's.
 * @param sampler has `suggest(study, seed)`
 * @param evaluator of evaluator.mjs
 * @returns the true metrics in the order in which the trials finished, their values, and the seconds of each suggestion
 */
export async function simulate({ sampler, evaluator, problem, seed, trials = 50, parallel = 1, noise = 0 }) {
  const { name, space, start, direction } = evaluator.problems.find((known) => known.name === problem)
  const met = conditions(seed, trials, noise)
  const study = { space, direction, trials: [] }
  const result = { metrics: [], values: [], seconds: [] }
  let running = []
  let clock = 0
  const finishNext = async () => {
    const next = running.reduce((first, one) => (one.end < first.end ? one : first))
    running = running.filter((one) => one !== next)
    clock = next.end
    const metric = await evaluator.evaluate(name, next.trial.values)
    result.metrics.push(metric)
    result.values.push(next.trial.values)
    study.trials[next.trial.number] = {
      ...next.trial,
      state: metric === null ? 'failed' : 'completed',
      metric: metric === null ? null : metric + met.noise[next.trial.number],
    }
  }
  for (let number = 0; number < trials; number++) {
    if (running.length === parallel) await finishNext()
    const started = performance.now()
    const values = number === 0 ? start : sampler.suggest(study, seed)
    result.seconds.push((performance.now() - started) / 1000)
    if (values === null) break
    const trial = { number, values, state: 'running', metric: null }
    study.trials = [...study.trials, trial]
    running.push({ trial, end: clock + met.durations[number] })
  }
  while (running.length > 0) await finishNext()
  return result
}
