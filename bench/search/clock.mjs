import { conditions } from './conditions.mjs'

/**
 * A whole search with one of Hone's samplers, some trials at a time on a simulated clock: study.py does the same for Optuna's.
 * @param sampler has `suggest(study, seed)`
 * @param evaluator of evaluator.mjs
 * @returns the true metrics in the order in which the trials finished, their values, and the seconds of processor time of
 *   each suggestion
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
    const before = process.cpuUsage()
    const values = number === 0 ? start : sampler.suggest(study, seed)
    const { user, system } = process.cpuUsage(before)
    result.seconds.push((user + system) / 1e6)
    if (values === null) break
    const trial = { number, values, state: 'running', metric: null }
    study.trials = [...study.trials, trial]
    running.push({ trial, end: clock + met.durations[number] })
  }
  while (running.length > 0) await finishNext()
  return result
}
