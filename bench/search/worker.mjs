/** A process of the benchmark: runs whole searches, one after the other, with an evaluator of its own. */
import { simulate } from './clock.mjs'
import { startEvaluator } from './evaluator.mjs'
import { OPTUNA } from './runs.mjs'
import { loadSampler } from './samplers.mjs'

const { lcbench, dist } = JSON.parse(process.argv[2])
const evaluator = await startEvaluator({ lcbench, tasks: 'all' })

process.on('message', async ({ sampler, problem, seed, parallel, trials, noise }) => {
  if (sampler === 'points') return process.send(await evaluator.points(problem, trials))
  const search = { problem, seed, parallel, trials, noise }
  const { metrics, seconds } = OPTUNA.includes(sampler)
    ? await evaluator.run({ sampler, ...search })
    : await simulate({ sampler: await loadSampler(sampler, dist), evaluator, ...search })
  process.send({ metrics, seconds: seconds.map((value) => Number(value.toFixed(5))) })
})
process.once('disconnect', () => evaluator.close())
process.send('ready')
