/**
 * Hone's search beside Optuna's, on real estimators (scikit-learn's bundled data) and, where its folder is given, on the
 * surrogate of LCBench: regret after 10, 20 and 50 trials, trials to 95 % of the best, cost of a suggestion.
 *
 * The searches run on a simulated clock, on which a training takes 0.5 to 1.5; every search begins with the same poor starting
 * values and meets the same lengths and noise. Problems, spaces and starting values: bench/search/problems.json. Two pairs
 * are left out: gradient boosting on digits (0.3 s an evaluation) and decision trees on iris (one random point in ten is as
 * good as the best).
 *
 * What was measured is kept in a folder of the system's temporary one, so that after a change of Hone's samplers only
 * these run again.
 *
 * Usage: npm run bench:search -- [options]   (needs a Docker engine; builds its image from Debian's packages)
 *   --seeds 5  --trials 50  --parallel 1,4  --jobs <cores>  --samplers hone,gp,tpe,random  --problems svm-digits,...
 *   --lcbench FOLDER (or in HONE_LCBENCH)  --tasks development | held-out | all  --noise 0 (standard deviation, on LCBench's points)
 *   --pruning yes | no (on LCBench's curves)
 *   --dist FOLDER of the compiled build  --fresh (forget what was measured before)  --out FILE of the report without extension
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildImage, lcbenchFolder, listProblems, versionsIn } from './search/evaluator.mjs'
import { pruningSearches, pruningTable, summarisePruning } from './search/pruning-table.mjs'
import { markdown } from './search/report.mjs'
import { runAll } from './search/runs.mjs'
import { summarise } from './search/summary.mjs'

const root = join(import.meta.dirname, '..')
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    trials: { type: 'string', default: '50' },
    parallel: { type: 'string', default: '1,4' },
    jobs: { type: 'string', default: String(cpus().length) },
    samplers: { type: 'string', default: 'hone,gp,tpe,random' },
    problems: { type: 'string' },
    lcbench: { type: 'string' },
    tasks: { type: 'string', default: 'development' },
    noise: { type: 'string', default: '0' },
    pruning: { type: 'string', default: 'yes' },
    dist: { type: 'string', default: join(root, 'dist') },
    cache: { type: 'string', default: join(tmpdir(), 'hone-bench-search') },
    fresh: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'bench/results/search') },
  },
})
const progress = (line) => console.error(`${new Date().toTimeString().slice(0, 8)} ${line}`)
const list = (text) => text.split(',').map((word) => word.trim())

const lcbench = lcbenchFolder(options.lcbench)
if (lcbench === null) progress('no folder of LCBench: its tasks are left out')
const every = listProblems({ lcbench, tasks: options.tasks })
const problems = options.problems ? list(options.problems).map(problemNamed) : every
function problemNamed(name) {
  const found = every.find((problem) => problem.name === name)
  if (found) return found
  throw new Error(
    `No problem ${name}, neither in bench/search/problems.json nor among the ${options.tasks} tasks of LCBench`,
  )
}
const isLcbench = ({ name }) => name.startsWith('lcbench-')

/** Random points that give the scale of a problem: their median, and with all runs the best known. */
const references = problems.map((problem) => ({
  sampler: 'points',
  problem,
  trials: isLcbench(problem) ? 20_000 : 300,
}))
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed)
const searches = seeds.flatMap((seed) =>
  problems.flatMap((problem) =>
    list(options.samplers).flatMap((sampler) =>
      list(options.parallel).map((parallel) => ({
        sampler,
        problem,
        seed,
        parallel: Number(parallel),
        trials: Number(options.trials),
        noise: isLcbench(problem) ? Number(options.noise) : 0,
      })),
    ),
  ),
)

const image = await buildImage(progress)
const settings = {
  folder: options.cache,
  jobs: Number(options.jobs),
  lcbench,
  fresh: options.fresh,
  progress,
}
const dist = resolve(options.dist)
const run = (wanted) => runAll(wanted, { ...settings, dist })
const done = await run([...references, ...searches])
const { createRandom } = await import(join(dist, 'src/search/random.js'))

const wanted = new Set(searches)
const samplers = list(options.samplers)
const summary = summarise({
  problems,
  results: done.filter(({ search }) => wanted.has(search)),
  references: done.filter(({ search }) => !wanted.has(search)),
  samplers,
  trials: Number(options.trials),
  random: createRandom(0),
})
const curves = options.pruning === 'no' ? [] : problems.filter(isLcbench)
const pruned = await run(pruningSearches(curves, summary.problems, seeds))
const pruning = curves.length > 0 ? summarisePruning(pruned, createRandom(0)) : null

const versions = { ...(await versionsIn(image)), node: process.version, cores: cpus().length }
const { seeds: _, trials, parallel, noise, tasks } = options
const setting = [
  `${problems.length} problems, ${seeds.length} seeds, ${trials} trials`,
  ...(Number(noise) > 0 ? [`noise of ${noise} points on LCBench`] : []),
  `Optuna ${versions.optuna}, scikit-learn ${versions['scikit-learn']}, torch ${versions.torch}, Node ${versions.node}`,
  `${versions.cores} cores`,
].join('; ')
const report = [setting, '', markdown(summary, samplers), ...(pruning ? [pruningTable(pruning)] : [])].join(
  '\n',
)
const figures = {
  versions,
  options: { seeds: seeds.length, trials, parallel, noise, tasks },
  sets: summary.sets,
  groups: summary.groups,
  problems: summary.problems,
  pruning,
}
const short = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value)
mkdirSync(dirname(options.out), { recursive: true })
writeFileSync(`${options.out}.json`, `${JSON.stringify(figures, short, 2)}\n`)
writeFileSync(`${options.out}.md`, report)
console.log(report)
