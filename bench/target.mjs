/**
 * Trainings and time from a script's poor values to its target, through the whole chain in real containers: Hone as it
 * comes against the plain rules that people follow by hand (one change at a time, epochs + n), several seeds each.
 *
 * Usage: npm run bench:target [-- --seeds 5] [--only NAME,...]   (needs a Docker engine and the images; `npm test` sets both up)
 *
 * A training counts by the share of its epochs that it trained, so that what was given up early counts as what it cost; the
 * confirmation with another seed is counted too. A run that spends its budget without the target counts with its budget.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median, root, startServer } from './server.mjs'

const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, only: { type: 'string' } },
})
const seeds = Number(options.seeds)
const BUDGET = 40
/** Where each example has to get to: well above its own values, and within reach. */
const TARGETS = {
  'digits-sklearn': 0.97,
  'digits-pytorch': 0.97,
  'digits-boosting': 0.96,
  'digits-svm': 0.985,
}
const WAYS = {
  hone: {},
  plain: { sampler: 'plain', pruner: 'none', confirm: 0 },
}

async function examples() {
  const folders = [join(root, 'examples'), join(import.meta.dirname, 'target')]
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder)).map((name) => ({ name, folder: join(folder, name) })),
    ),
  )
  const only = options.only?.split(',')
  return found.flat().filter(({ name }) => name in TARGETS && (!only || only.includes(name)))
}

/** Trainings as full ones: of one that was given up, the share of the steps that it came to. */
function cost(run, steps) {
  const full = Math.max(...steps.map((count) => count ?? 0), 1)
  return run.trials.reduce((sum, { state }, index) => {
    return sum + (state === 'pruned' ? Math.min(1, (steps[index] ?? full) / full) : 1)
  }, 0)
}

async function measure(server, { name, folder }, way, seed) {
  const settings = { target: TARGETS[name], trials: BUDGET, giveUp: 0, seed, ...WAYS[way] }
  const { pushedAt, runId } = await server.push(`${name}-${way}-${seed}`, folder, settings)
  const run = await server.ended(runId)
  const steps = await Promise.all(
    run.trials.map(async ({ id }) => {
      const { metrics } = await server.api(`/trials/${id}`)
      return Math.max(0, ...metrics.map(({ step }) => step ?? 0))
    }),
  )
  const reached = run.state === 'succeeded'
  return {
    way,
    seed,
    reached,
    trainings: reached ? cost(run, steps) : BUDGET,
    trials: run.trials.length,
    seconds: (run.endedAt - pushedAt) / 1000,
  }
}

const server = await startServer()
const results = []
try {
  for (const example of await examples()) {
    for (let seed = 0; seed < seeds; seed++) {
      // In turn, so that whatever else the machine does falls on both.
      for (const way of Object.keys(WAYS)) {
        const result = { example: example.name, ...(await measure(server, example, way, seed)) }
        results.push(result)
        const outcome = result.reached ? 'reached' : 'not reached'
        console.error(
          `${result.example} ${way} seed ${seed}: ${outcome}, ${result.trainings.toFixed(1)} trainings, ${result.seconds.toFixed(0)} s`,
        )
      }
    }
  }
} finally {
  await server.stop()
}

const of = (example, way) => results.filter((result) => result.example === example && result.way === way)
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
console.log(
  `${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.version}, ${seeds} seeds, at most ${BUDGET} trials\n`,
)
console.log(
  '| example | target | Hone: reached | trainings, mean (median) | s | plain: reached | trainings, mean (median) | s | trainings plain / Hone | time plain / Hone |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const example of new Set(results.map((result) => result.example))) {
  const [hone, plain] = ['hone', 'plain'].map((way) => of(example, way))
  const cells = (own) => [
    `${own.filter(({ reached }) => reached).length} of ${own.length}`,
    `${mean(own.map(({ trainings }) => trainings)).toFixed(1)} (${median(own.map(({ trainings }) => trainings)).toFixed(1)})`,
    mean(own.map(({ seconds }) => seconds)).toFixed(0),
  ]
  const ratio = (key) => (mean(plain.map((one) => one[key])) / mean(hone.map((one) => one[key]))).toFixed(2)
  console.log(
    `| ${[example, TARGETS[example], ...cells(hone), ...cells(plain), ratio('trainings'), ratio('seconds')].join(' | ')} |`,
  )
}
await writeFile(join(import.meta.dirname, 'results', 'target.json'), `${JSON.stringify(results, null, 1)}\n`)
