import { mean, median, ratioOfMeans, regretCurve, scaleOf, trialsTo, winsTiesLosses } from './regret.mjs'

const AFTER = [10, 20, 50]
/** "95 % of the way from the median of random points to the best known". */
const REACHED = 0.05
const isLcbench = ({ name }) => name.startsWith('lcbench-')

function groupsBy(values, keyOf) {
  const groups = new Map()
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value])
  return groups
}

/**
 * @param results of `runAll`: the searches; `references`: those of random points
 * @param random uniform numbers in [0, 1)
 * @returns `sets`: for each number of trials at a time and each set of problems what every sampler reached (`samplers`) and
 *   how `hone` compares with the others (`against`); `groups`: regret by estimator; `problems`: every problem by itself
 */
export function summarise({ problems, results, references, samplers, trials, random }) {
  const after = AFTER.filter((count) => count <= trials)
  const measured = problems.map((problem) => measure(problem, results, references, trials))
  const estimators = measured.filter(({ problem }) => !isLcbench(problem))
  const lcbench = measured.filter(({ problem }) => isLcbench(problem))
  const named = [
    ['estimators', estimators],
    ['LCBench', lcbench],
    ['all', estimators.length && lcbench.length ? measured : []],
  ].filter(([, part]) => part.length > 0)
  const parallels = [...new Set(results.map(({ parallel }) => parallel))]
  const sets = parallels.flatMap((parallel) =>
    named.map(([name, part]) => {
      const of = (sampler) => part.map((one) => one.runs[`${sampler} ${parallel}`])
      return {
        parallel,
        name,
        problems: part.length,
        samplers: Object.fromEntries(samplers.map((sampler) => [sampler, reached(of(sampler), after)])),
        against: samplers.includes('hone')
          ? Object.fromEntries(
              samplers
                .filter((sampler) => sampler !== 'hone')
                .map((sampler) => [sampler, compare(of('hone'), of(sampler), after, random)]),
            )
          : {},
      }
    }),
  )
  const groups = [...groupsBy(measured, ({ problem }) => problem.group)].map(([name, part]) => ({
    name,
    problems: part.length,
    regret: Object.fromEntries(
      samplers.map((sampler) => [
        sampler,
        Object.fromEntries(
          after.map((count) => [
            count,
            mean(part.map((one) => one.runs[`${sampler} ${parallels[0]}`].curve[count - 1])),
          ]),
        ),
      ]),
    ),
  }))
  return {
    after,
    sets,
    groups,
    problems: measured.map(({ problem, scale, runs }) => ({
      name: problem.name,
      ...scale,
      regret: Object.fromEntries(
        Object.entries(runs).map(([key, { curve }]) => [
          key,
          Object.fromEntries(after.map((count) => [count, curve[count - 1]])),
        ]),
      ),
    })),
  }
}

/** One problem: its scale, and for each sampler and number of trials at a time the mean over the seeds. */
function measure(problem, results, references, trials) {
  const ofProblem = (one) => one.problem.name === problem.name
  const random = references.filter(ofProblem).flatMap(({ metrics }) => metrics)
  const searches = results.filter(ofProblem)
  const scale = scaleOf(problem.direction, random, [...random, ...searches.flatMap(({ metrics }) => metrics)])
  const runs = {}
  for (const [key, seeds] of groupsBy(searches, ({ sampler, parallel }) => `${sampler} ${parallel}`)) {
    const curves = seeds.map(({ metrics }) => regretCurve(metrics, scale, trials))
    runs[key] = {
      curve: Array.from({ length: trials }, (_, trial) => mean(curves.map((curve) => curve[trial]))),
      reach: curves.map((curve) => trialsTo(curve, REACHED)),
      budget: trials,
      // Trial 0 has the user's own values.
      seconds: mean(seeds.flatMap(({ seconds }) => seconds.slice(1))),
      lastSeconds: mean(seeds.flatMap(({ seconds }) => seconds.slice(-10))),
    }
  }
  return { problem, scale, runs }
}

/** Not reached counts as the whole budget, which favours the slower search. */
const censored = ({ reach, budget }) => reach.map((count) => count ?? budget)

const reached = (runs, after) => ({
  regret: Object.fromEntries(after.map((count) => [count, mean(runs.map(({ curve }) => curve[count - 1]))])),
  trialsToReach: median(runs.flatMap(censored)),
  reached: mean(runs.flatMap(({ reach }) => reach.map((count) => (count === null ? 0 : 1)))),
  seconds: mean(runs.map(({ seconds }) => seconds)),
  lastSeconds: mean(runs.map(({ lastSeconds }) => lastSeconds)),
})

function compare(ours, theirs, after, random) {
  const at = (runs, count) => runs.map(({ curve }) => curve[count - 1])
  const last = after.at(-1)
  const goal = mean(at(theirs, last))
  const matched = ours[0].curve.findIndex((_, trial) => mean(at(ours, trial + 1)) <= goal)
  const toReach = (runs) => runs.map((run) => mean(censored(run)))
  return {
    regret: Object.fromEntries(
      after.map((count) => [count, ratioOfMeans(at(ours, count), at(theirs, count), random)]),
    ),
    trialsToReach: ratioOfMeans(toReach(ours), toReach(theirs), random),
    /** Trials after which our mean regret is what theirs is at the end. */
    matchedAfter: matched < 0 ? null : matched + 1,
    wins: Object.fromEntries(
      after.map((count) => [count, winsTiesLosses(at(ours, count), at(theirs, count))]),
    ),
  }
}
