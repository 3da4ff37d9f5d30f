import { CHANGES } from './changes.mjs'
import { levelOf, trialsTo } from './report.mjs'
import { evaluatorOf, search } from './simulate.mjs'

/** Random values that tell the level. */
const RANDOM = 60
/** Seeds of the commit before. */
const EARLIER = 1000

/** Problems with the one that stands for other data: the next of the same group. */
export function chosenProblems(problems, groups, each) {
  return groups.flatMap((name) => {
    const group = problems.filter((problem) => problem.group === name).slice(0, each)
    return group.map((problem, index) => ({
      ...problem,
      other: group.length > 1 ? group[(index + 1) % group.length].name : undefined,
    }))
  })
}

/**
 * Searches on a commit after one on the commit before, with and without what that one tells.
 * @param propose `(study, seed) -> values`
 * @returns one case a change and seed: trials to the level that both have in common, `cold` without and `warm` with
 */
export async function compare({ problem, turn, evaluator, propose, randomValues, seeds, trials, noise }) {
  const sign = problem.direction === 'maximize' ? 1 : -1
  const evaluate = evaluatorOf(evaluator, problem)
  const run = (rest) => search({ direction: problem.direction, propose, evaluate, trials, noise, ...rest })
  const cases = []
  for (const [change, { alike, needs, make }] of Object.entries(CHANGES)) {
    if (needs === 'other' && !problem.other) continue
    if (needs === 'curve' && !problem.name.startsWith('lcbench')) continue
    const { before, after } = make(problem, turn)
    const random = []
    for (const values of randomValues(after.space, RANDOM)) random.push(await evaluate(after, values))
    const searches = []
    for (const seed of seeds) {
      const first = await run({ commit: before, seed: EARLIER + seed, trials: Math.ceil(trials / 2) })
      const related = [{ space: before.space, trials: first.trials }]
      const { metrics: cold } = await run({ commit: after, seed })
      const { metrics: warm } = await run({ commit: after, related, seed })
      searches.push({ seed, cold, warm })
    }
    const level = levelOf(
      random,
      searches.flatMap(({ cold, warm }) => [...cold, ...warm]),
      sign,
    )
    const count = (metrics) => trialsTo(metrics, level, sign)
    for (const { seed, cold, warm } of searches) {
      cases.push({ problem: problem.name, change, alike, seed, cold: count(cold), warm: count(warm) })
    }
  }
  return cases
}
