/**
 * What the trials of an earlier commit are worth: searches on real estimators and LCBench's networks after a search on the
 * commit before, with and without what that one found; trials until 95 % of the way from a random search's median to the
 * best known are made.
 *
 * Usage: npm run bench:commits -- [--lcbench FOLDER] [--dist dist] [--each 3] [--seeds 2] [--trials 30] [--groups LCBench,SVM]
 *          [--out bench/results/commits.json]
 *
 * Needs a compiled build (npm run build) and Docker. LCBench's folder may also stand in HONE_LCBENCH; without one its
 * tasks are left out.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CHANGES } from './commits/changes.mjs'
import { ratio } from './commits/report.mjs'
import { chosenProblems, compare } from './commits/run.mjs'
import { lcbenchFolder, startEvaluator } from './search/evaluator.mjs'

const here = import.meta.dirname
const { values } = parseArgs({
  options: {
    lcbench: { type: 'string' },
    dist: { type: 'string', default: join(here, '../dist') },
    each: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '2' },
    trials: { type: 'string', default: '30' },
    groups: { type: 'string' },
    out: { type: 'string', default: join(here, 'results/commits.json') },
  },
})
const source = (path) => import(join(resolve(values.dist), 'src/search', path))
const { propose } = await source('propose.js')
const { gaussianProcess } = await source('samplers/gaussian-process.js')
const { random } = await source('samplers/random.js')
const { createRandom } = await source('random.js')

const NOISE = 0.3
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed)
const next = (study, seed) => propose(study, gaussianProcess, seed)?.values ?? null
const randomValues = (space, count) =>
  Array.from({ length: count }, (_, seed) =>
    random.suggest({ space, direction: 'maximize', trials: [] }, seed),
  )

const evaluator = await startEvaluator({ lcbench: lcbenchFolder(values.lcbench) })
// The error of a regression has another scale than the noise.
const known = evaluator.problems.filter(({ direction }) => direction === 'maximize')
const groups = values.groups?.split(',') ?? [...new Set(known.map(({ group }) => group))]
const cases = []
for (const [turn, problem] of chosenProblems(known, groups, Number(values.each)).entries()) {
  const trials = Number(values.trials)
  cases.push(
    ...(await compare({
      problem,
      turn,
      evaluator,
      propose: next,
      randomValues,
      seeds,
      trials,
      noise: NOISE,
    })),
  )
  console.error(problem.name)
  save()
}
await evaluator.close()
console.log(table())

function summary(some) {
  const mean = (arm) => some.reduce((sum, one) => sum + one[arm], 0) / some.length
  return { without: mean('cold'), with: mean('warm'), ...ratio(some, createRandom(1)) }
}

function results() {
  const changes = Object.keys(CHANGES).filter((name) => cases.some(({ change }) => change === name))
  return {
    trials: Number(values.trials),
    seeds: seeds.length,
    noise: NOISE,
    problems: [...new Set(cases.map(({ problem }) => problem))],
    alike: summary(cases.filter(({ alike }) => alike)),
    unlike: summary(cases.filter(({ alike }) => !alike)),
    changes: Object.fromEntries(
      changes.map((name) => [name, summary(cases.filter(({ change }) => change === name))]),
    ),
    cases,
  }
}

function save() {
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(values.out, `${JSON.stringify(results(), null, 1)}\n`)
}

function table() {
  const { alike, unlike, changes } = results()
  const rows = Object.entries({ ...changes, 'all alike': alike, 'all unlike': unlike })
  return rows
    .map(([name, { without, with: warm, ratio, typical, searches }]) =>
      [
        name.padEnd(26),
        `${without.toFixed(1)} -> ${warm.toFixed(1)} trials`,
        `${shown(ratio)} times fewer, typically ${shown(typical)}`,
        `${searches} searches`,
      ].join('   '),
    )
    .join('\n')
}

function shown({ value, low, high }) {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}
