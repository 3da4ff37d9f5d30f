/** What pruning saves, on LCBench's curves: a search is repeated epoch by epoch until one training has come to the goal. */
import { join } from 'node:path'
import { loadSampler } from './samplers.mjs'

/** Full trainings after which a search is given up; new trainings per full one at most. */
export const FULL_TRAININGS = 100
const TRIALS_EACH = 6

/**
 * One training at a time. A paused one whose rank has risen goes on before a new one starts; a finished one counts by its
 * last value.
 * @param pruner `halving`, `median` or `none` of Hone
 * @param goal the metric to reach
 * @returns `budget`: epochs spent until then as full trainings, null where the budget ended first; `started`: trainings
 */
export async function searchWithPruning({ evaluator, dist, sampler, pruner, problem, seed, goal }) {
  const load = (file) => import(join(dist, 'src/search', file))
  const { prunerFor } = await load('pruners/index.js')
  const { expectedFinal } = await load('curves.js')
  const rule = prunerFor(pruner, FULL_TRAININGS)
  const proposals = await loadSampler(sampler, dist)
  const { name, space, start, direction } = evaluator.problems.find((known) => known.name === problem)

  const trials = []
  let epochs = 0
  let length = 1
  const study = () => {
    const completed = trials.filter(({ state }) => state === 'completed')
    const metricOf = ({ state, points, metric }) =>
      state === 'pruned' ? expectedFinal(points, completed, direction) : metric
    return { space, direction, trials: trials.map((trial) => ({ ...trial, metric: metricOf(trial) })) }
  }
  const startNext = async () => {
    const number = trials.length
    const values = number === 0 ? start : proposals.suggest(study(), seed)
    const whole = await evaluator.curve(name, values)
    length = whole.length
    trials.push({ number, values, whole, points: [], state: 'running', metric: null })
    return trials[number]
  }
  while (epochs < FULL_TRAININGS * length && trials.length < FULL_TRAININGS * TRIALS_EACH) {
    const risen = rule.nextToResume(trials, direction)
    const trial = risen === null ? await startNext() : trials[risen]
    trial.state = 'running'
    const others = trials.filter((other) => other !== trial)
    while (trial.state === 'running') {
      const step = trial.points.length + 1
      trial.points.push({ step, value: trial.whole[step - 1] })
      epochs += 1
      if (step === length) trial.state = 'completed'
      else if (rule.shouldPrune(trial, others, direction)) trial.state = 'pruned'
    }
    if (trial.state !== 'completed') continue
    trial.metric = trial.whole.at(-1)
    if (trial.metric >= goal) return { budget: epochs / length, started: trials.length }
  }
  return { budget: null, started: trials.length }
}
