import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const OPTUNA = ['tpe', 'gp', 'random']
const here = import.meta.dirname
const hashOf = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 16)
}

/** A compiled module and all that it imports by a relative path. */
function closure(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g)) {
    closure(join(dirname(file), path), found)
  }
  return found
}

/** What the result of a search hangs on besides its options: the code behind the samplers, the problems and the clock. */
function versions(dist) {
  const local = (...names) => names.map((name) => readFileSync(join(here, name)))
  const compiled = (...names) =>
    names.flatMap((name) =>
      [...closure(join(dist, 'src/search', name))].sort().map((file) => readFileSync(file)),
    )
  const problems = local('Dockerfile', 'problems.py', 'points.py')
  const optuna = hashOf(...problems, ...local('conditions.mjs', 'study.py'))
  let hone
  let pruning
  return ({ sampler, pruner }) => {
    if (sampler === 'points' || OPTUNA.includes(sampler)) return optuna
    hone ??= hashOf(...problems, ...local('conditions.mjs', 'clock.mjs'), ...compiled('samplers/index.js'))
    if (pruner === undefined) return hone
    pruning ??= hashOf(hone, ...local('pruning.mjs'), ...compiled('pruners/index.js', 'curves.js'))
    return pruning
  }
}

/**
 * Runs the searches, some processes at a time; what an earlier call measured with the same code and definitions is taken from
 * the folder.
 * @param searches { sampler, problem (of `listProblems`), seed, parallel, trials, noise } each; the sampler `points` is no
 *   search, it gives the metrics of so many random points
 * @returns the searches with their `metrics` (finished trials, in order) and `seconds` (of each suggestion), and themselves as `search`;
 *   in any order
 */
export async function runAll(searches, { folder, jobs, dist, lcbench, fresh, progress }) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'runs.jsonl')
  const versionOf = versions(dist)
  const keyOf = (search) => hashOf(versionOf(search), JSON.stringify(Object.entries(search).sort()))
  const wanted = new Map(searches.map((search) => [keyOf(search), search]))
  const done = []
  const finish = (key, result) => {
    const search = wanted.get(key)
    done.push({ ...result, ...search, search })
    wanted.delete(key)
  }
  if (!fresh && existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { key, ...result } = JSON.parse(line)
      if (wanted.has(key)) finish(key, result)
    }
  }
  progress(`${done.length} searches known, ${wanted.size} to run`)
  const queue = [...wanted]
  const worker = async () => {
    const child = fork(join(here, 'worker.mjs'), [JSON.stringify({ lcbench, dist })])
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`a worker of the benchmark ended with ${code}; what it says stands above`)
    })
    const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0]
    await answer()
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [key, { problem, ...search }] = next
      child.send({ ...search, problem: problem.name })
      const result = await answer()
      appendFileSync(file, `${JSON.stringify({ key, problem: problem.name, ...search, ...result })}\n`)
      finish(key, result)
      if (queue.length % 50 === 0) progress(`${queue.length} searches left`)
    }
    ended.catch(() => {})
    child.disconnect()
  }
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, worker))
  return done
}
