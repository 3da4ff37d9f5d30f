import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { conditions } from './conditions.mjs'

const exec = promisify(execFile)
const here = import.meta.dirname
const definitions = JSON.parse(readFileSync(join(here, 'problems.json'), 'utf8'))

/**
 * The folder of LCBench's surrogate: the one given, else that of the environment variable HONE_LCBENCH; null without either.
 * @throws Error where it does not hold the surrogate
 */
export function lcbenchFolder(given = process.env.HONE_LCBENCH) {
  if (!given) return null
  const folder = resolve(given)
  if (existsSync(join(folder, 'model.onnx'))) return folder
  throw new Error(`No model.onnx in ${folder}: it has to hold LCBench's surrogate.`)
}

/**
 * @param tasks `development`, `held-out` or `all` of LCBench
 * @returns name, group, space, starting values and direction of each problem
 */
export function listProblems({ lcbench = lcbenchFolder(), tasks = 'development' } = {}) {
  const problems = []
  for (const [name, { label, space, start, data, ...code }] of Object.entries(definitions.estimators)) {
    for (const set of data) {
      const direction = set === 'diabetes' ? 'minimize' : 'maximize'
      const settings = { ...code, ...definitions.data[set] }
      problems.push({ name: `${name}-${set}`, group: label, data: set, settings, space, start, direction })
    }
  }
  if (lcbench === null) return problems
  const { space, start, label, development } = definitions.lcbench
  const { '#na#': _, ...codes } = JSON.parse(
    readFileSync(join(lcbench, 'encoding.json'), 'utf8'),
  ).OpenML_task_id
  const known = JSON.parse(readFileSync(join(lcbench, 'config_space.json'), 'utf8')).hyperparameters
  for (const task of known.find(({ name }) => name === 'OpenML_task_id').choices) {
    if (!(task in codes)) throw new Error(`LCBench's task ${task} has no code in encoding.json`)
    if (tasks !== 'all' && development.includes(task) !== (tasks === 'development')) continue
    problems.push({ name: `lcbench-${task}`, group: label, data: task, space, start, direction: 'maximize' })
  }
  return problems
}

/** Builds the image, unless there is one of the same Dockerfile. @returns its name */
export async function buildImage(progress = () => {}) {
  const dockerfile = readFileSync(join(here, 'Dockerfile'))
  const image = `hone-bench/search:${createHash('sha256').update(dockerfile).digest('hex').slice(0, 12)}`
  const isThere = (name) =>
    exec('docker', ['image', 'inspect', name]).then(
      () => true,
      () => false,
    )
  if (await isThere(image)) return image
  progress(`building ${image} from Debian's packages, a minute or two`)
  const base = (await isThere('hone/debian:trixie')) ? 'hone/debian:trixie' : 'debian:trixie-slim'
  const building = exec('docker', ['build', '--quiet', '--build-arg', `BASE=${base}`, '--tag', image, '-'])
  building.child.stdin.end(dockerfile)
  await building
  return image
}

/** Versions of what an image compares with. */
export async function versionsIn(image) {
  const script =
    'import json; from importlib.metadata import version; ' +
    "print(json.dumps({name: version(name) for name in ('optuna', 'scikit-learn', 'torch')}))"
  const { stdout } = await exec('docker', [
    'run',
    '--rm',
    '--network',
    'none',
    image,
    'python3',
    '-c',
    script,
  ])
  return JSON.parse(stdout)
}

/**
 * Starts a container that evaluates problems and runs whole studies of Optuna, one request after the other.
 * @returns `points(problem, count)`: the metrics of random points; `evaluate(problem, values)`: the metric, null where these values cannot be trained; `curve(problem, values)`:
 *   the metric after each epoch (LCBench); `run({ sampler: 'tpe' | 'gp' | 'random', problem, seed, trials, parallel })`:
 *   metrics and values in the order in which the trials finished, and the seconds of processor
 *   time of each suggestion; `close()`
 */
export async function startEvaluator({ lcbench = lcbenchFolder(), tasks, progress } = {}) {
  const image = await buildImage(progress)
  const mounts = ['--volume', `${here}:/bench:ro`, ...(lcbench ? ['--volume', `${lcbench}:/lcbench:ro`] : [])]
  const command = ['nice', '-n', `${Math.max(getPriority(), 0)}`, 'python3', '/bench/worker.py']
  const child = spawn(
    'docker',
    ['run', '--rm', '--interactive', '--network', 'none', ...mounts, image, ...command],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const waiting = new Map()
  let requests = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, error, ...answer } = JSON.parse(line)
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(error))
    else resolve(answer)
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  ended.then((code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the evaluator ended with ${code}`))
  })
  const ask = (operation, rest) =>
    new Promise((resolve, reject) => {
      const id = requests++
      waiting.set(id, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ id, operation, ...rest })}\n`)
    })
  return {
    problems: listProblems({ lcbench, tasks }),
    evaluate: async (problem, values) => (await ask('evaluate', { problem, values })).metric,
    curve: async (problem, values) => (await ask('curve', { problem, values })).curve,
    points: (problem, count) => ask('points', { problem, count }),
    run: ({ sampler, problem, seed, trials = 50, parallel = 1, noise = 0 }) =>
      ask('study', { sampler, problem, seed, parallel, ...conditions(seed, trials, noise) }),
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}
