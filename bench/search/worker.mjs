/** A process of the benchmark: runs whole searches, one after the other, with an evaluator of its own. */
import { simulate } from './clock.mjs'
import { startEvaluator } from './evaluator.mjs'
import { searchWithPruning } from './pruning.mjs'
import { OPTUNA } from './runs.mjs'
import { loadSampler } from './samplers.mjs'

const { lcbench, dist } = JSON.parse(process.argv[2])
const evaluator = await startEvaluator({ lcbench, tasks: 'all' })

async function answer({ sampler, pruner, problem, trials, ...rest }) {
  if (sampler === 'points') return evaluator.points(problem, trials)
  if (pruner) return searchWithPruning({ evaluator, dist, sampler, pruner, problem, ...rest })
  const { metrics, seconds } = OPTUNA.includes(sampler)
    ? await evaluator.run({ sampler, problem, trials, ...rest })
    : await simulate({ evaluator, sampler: await loadSampler(sampler, dist), problem, trials, ...rest })
  return { metrics, seconds: seconds.map((value) => Number(value.toFixed(5))) }
}

process.on('message', async (search) => process.send(await answer(search)))
process.once('disconnect', () => evaluator.close())
process.send('ready')
