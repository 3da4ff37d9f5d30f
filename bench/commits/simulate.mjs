import { conditions } from '../search/conditions.mjs'

/**
 * A search on one commit, one trial at a time.
 * @param propose `(study, seed) -> values`, null when there is nothing left
 * @param evaluate `values -> metric`, null where these values cannot be trained
 * @returns the trials as the search saw them, and the true metrics
 */
export async function search({ commit, direction, related, propose, evaluate, seed, trials, noise }) {
  const met = conditions(seed, trials, noise)
  const study = { space: commit.space, direction, trials: [], related }
  const metrics = []
  for (let number = 0; number < trials; number++) {
    const values = number === 0 ? commit.own : propose(study, seed)
    if (values === null) break
    const metric = await evaluate(commit, values)
    metrics.push(metric)
    const seen = metric === null ? null : metric + met.noise[number]
    study.trials = [
      ...study.trials,
      { number, values, state: metric === null ? 'failed' : 'completed', metric: seen },
    ]
  }
  return { trials: study.trials, metrics }
}

/** Evaluates the values of a commit's source; remembers what it has evaluated. */
export function evaluatorOf(evaluator, problem) {
  const known = new Map()
  return async (commit, values) => {
    const name = commit.problem ?? problem.name
    const inProblem = { ...problem.start, ...commit.inProblem(values) }
    const key = JSON.stringify([name, commit.epochs ?? 1, inProblem])
    if (!known.has(key)) {
      known.set(
        key,
        commit.epochs === undefined
          ? evaluator.evaluate(name, inProblem)
          : evaluator
              .curve(name, inProblem)
              .then((curve) => curve[Math.floor(curve.length * commit.epochs) - 1]),
      )
    }
    return known.get(key)
  }
}
