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
        paired: paired(runs, spent(sampler, 'none').runs),
      }
    }),
  )
}

/** Ratio of the budgets of those searches that got there with and without pruning; null where there are none. */
function paired(runs, unpruned) {
  const pairs = runs.flatMap((run) => {
    const other = unpruned.find(({ problem, seed }) => problem.name === run.problem.name && seed === run.seed)
    return run.budget === null || other.budget === null ? [] : [[run.budget, other.budget]]
  })
  if (pairs.length === 0) return null
  return mean(pairs.map(([budget]) => budget)) / mean(pairs.map(([, budget]) => budget))
}

export const pruningTable = (rows) =>
  [
    'Training budget until a training ends within 10 % of the best (normalised regret 0.1), on the curves of LCBench, one at a time; a search is given up after 100 full trainings and then counts as that many:',
    '',
    ...table(
      [
        'proposals',
        'pruner',
        'full trainings, mean',
        'median',
        'got there',
        'started',
        'over none',
        'where both got there',
      ],
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
        row.paired?.toFixed(2) ?? '-',
      ]),
    ),
  ].join('\n')
