import { FULL_TRAININGS } from './pruning.mjs'
import { mean, median, ratioOfMeans } from './regret.mjs'
import { table } from './report.mjs'

const PRUNERS = ['none', 'median', 'halving']
const PROPOSALS = { 'hone:random': 'random', hone: 'Hone' }
/** Normalised regret to reach. */
const GOAL = 0.1

/**
 * The searches of the comparison of pruners.
 * @param scales best known and median of random points of each problem
 */
export const pruningSearches = (problems, scales, seeds) =>
  seeds.flatMap((seed) =>
    problems.flatMap((problem) => {
      const { best, median: zero } = scales.find(({ name }) => name === problem.name)
      return Object.keys(PROPOSALS).flatMap((sampler) =>
        PRUNERS.map((pruner) => ({ sampler, pruner, problem, seed, goal: best - GOAL * (best - zero) })),
      )
    }),
  )

/** Full trainings until one within the goal, by proposals and pruner; a search that did not get there counts as the limit. */
export function summarisePruning(results, random) {
  const names = [...new Set(results.map(({ problem }) => problem.name))]
  const spent = (sampler, pruner) => {
    const of = results.filter((one) => one.sampler === sampler && one.pruner === pruner)
    const byProblem = names.map((name) => of.filter(({ problem }) => problem.name === name))
    return {
      runs: of,
      all: of.map(({ budget }) => budget ?? FULL_TRAININGS),
      means: byProblem.map((runs) => mean(runs.map(({ budget }) => budget ?? FULL_TRAININGS))),
    }
  }
  return Object.entries(PROPOSALS).flatMap(([sampler, proposals]) =>
    PRUNERS.map((pruner) => {
      const { runs, all, means } = spent(sampler, pruner)
      return {
        proposals,
        pruner,
        mean: mean(means),
        median: median(all),
        reached: mean(runs.map(({ budget }) => (budget === null ? 0 : 1))),
        started: mean(runs.map(({ started }) => started)),
        overNone: ratioOfMeans(means, spent(sampler, 'none').means, random),
      }
    }),
  )
}

export const pruningTable = (rows) =>
  [
    'Training budget until a training ends within 10 % of the best (normalised regret 0.1), on the curves of LCBench, one at a time:',
    '',
    ...table(
      ['proposals', 'pruner', 'full trainings, mean', 'median', 'got there', 'started', 'over none'],
      rows.map(({ proposals, pruner, overNone, ...row }) => [
        proposals,
        pruner,
        row.mean.toFixed(1),
        row.median.toFixed(1),
        `${(100 * row.reached).toFixed(0)} %`,
        row.started.toFixed(0),
        pruner === 'none'
          ? '1'
          : `${overNone.ratio.toFixed(2)} (${overNone.low.toFixed(2)} to ${overNone.high.toFixed(2)})`,
      ]),
    ),
  ].join('\n')
