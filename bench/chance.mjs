/**
 * Whether the chance that Hone tells is one: searches on real estimators and LCBench's networks, the chance of several targets
 * at several moments of each, and how often they were met in the trials that followed.
 *
 * Usage: npm run bench:chance -- [--lcbench FOLDER] [--dist dist] [--each 4] [--seeds 2] [--groups LCBench,SVM]
 *          [--out bench/results/chance.json]
 *
 * Needs a compiled build (npm run build) and Docker. LCBench's folder may also stand in HONE_LCBENCH; without one its
 * tasks are left out.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { search } from './commits/simulate.mjs'
import { lcbenchFolder, startEvaluator } from './search/evaluator.mjs'

const here = import.meta.dirname
const { values } = parseArgs({
  options: {
    lcbench: { type: 'string' },
    dist: { type: 'string', default: join(here, '../dist') },
    each: { type: 'string', default: '4' },
    seeds: { type: 'string', default: '2' },
    groups: { type: 'string' },
    out: { type: 'string', default: join(here, 'results/chance.json') },
  },
})
const source = (path) => import(join(resolve(values.dist), 'src/search', path))
const { outlookOf } = await source('outlook.js')
const { gaussianProcess } = await source('samplers/gaussian-process.js')

const NOISE = 0.3
const TRIALS = 40
/** Trials done and left. */
const MOMENTS = [
  [5, 15],
  [10, 20],
  [20, 20],
  [30, 5],
]
/** Above the best so far, in widths of the better half of the metrics. */
const HEIGHTS = [0.02, 0.1, 0.3, 0.6, 1, 2, 5, 10]
const EDGES = [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1]

const evaluator = await startEvaluator({ lcbench: lcbenchFolder(values.lcbench) })
const known = evaluator.problems.filter(({ direction }) => direction === 'maximize')
const groups = values.groups?.split(',') ?? [...new Set(known.map(({ group }) => group))]
const cases = []
for (const group of groups) {
  for (const problem of known.filter((one) => one.group === group).slice(0, Number(values.each))) {
    for (let seed = 0; seed < Number(values.seeds); seed++) cases.push(...(await casesOf(problem, seed)))
    console.error(problem.name)
    save()
  }
}
await evaluator.close()
for (const { from, to, cases: count, told, met } of bands()) {
  console.log(`told ${from} to ${to}: ${count} cases, ${told.toFixed(3)} on average; met ${met.toFixed(3)}`)
}

async function casesOf({ name, space, start, direction }, seed) {
  const { trials } = await search({
    commit: { space, own: start },
    direction,
    propose: gaussianProcess.suggest,
    evaluate: (_, tried) => evaluator.evaluate(name, tried),
    seed,
    trials: TRIALS,
    noise: NOISE,
  })
  return MOMENTS.flatMap(([done, left]) => {
    const metrics = trials.slice(0, done).flatMap(({ metric }) => metric ?? [])
    const ascending = metrics.toSorted((a, b) => a - b)
    const best = ascending.at(-1)
    const width = best - ascending[Math.floor(ascending.length / 2)]
    const later = Math.max(...trials.slice(done, done + left).map(({ metric }) => metric ?? -Infinity))
    return HEIGHTS.flatMap((height) => {
      const target = best + height * width
      const { chance } = outlookOf({ space, direction, trials: trials.slice(0, done) }, { target, left })
      return chance === null || width === 0
        ? []
        : [{ problem: name, seed, done, left, height, chance, met: later >= target }]
    })
  })
}

function bands() {
  return EDGES.slice(1).flatMap((to, index) => {
    const from = EDGES[index]
    const inside = cases.filter(({ chance }) => chance >= from && chance < to)
    const mean = (of) => inside.reduce((sum, one) => sum + of(one), 0) / inside.length
    return inside.length === 0
      ? []
      : [
          {
            from,
            to,
            cases: inside.length,
            told: mean((one) => one.chance),
            met: mean((one) => Number(one.met)),
          },
        ]
  })
}

function save() {
  const mean = (of) => cases.reduce((sum, one) => sum + of(one), 0) / cases.length
  const brier = mean(({ chance, met }) => (chance - met) ** 2)
  const rate = mean(({ met }) => Number(met))
  const problems = [...new Set(cases.map(({ problem }) => problem))]
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(
    values.out,
    `${JSON.stringify({ problems, cases: cases.length, brier, brierOfTheRate: rate * (1 - rate), bands: bands() }, null, 1)}\n`,
  )
}
