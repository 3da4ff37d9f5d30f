import type { Evidence } from '../domain/detection.ts'
import { userError } from '../domain/failure.ts'
import type { RepositorySettings } from '../domain/settings.ts'
import { trainingsOf, usesOf } from './frameworks.ts'
import type { PythonProject } from './project.ts'

export interface Entry {
  path: string
  evidence: Evidence[]
}

/** Well-known names of training scripts, the best first; patterns of one row are equally good. */
const NAMES: readonly RegExp[] = [
  /^train\.py$/,
  /^main\.py$/,
  /^run\.py$/,
  /^(training|run_training|run_train|trainer|__main__)\.py$/,
  /^(train_.*|.*_train|.*_training)\.py$/,
  /^(fit|model|app|experiment|script|example|demo)\.py$/,
]

/** Scripts that train while they test, install or explore, not to give a model. */
const ASIDE =
  /(^|\/)(tests?|testing|docs?|benchmarks?|notebooks?)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest|setup)\.py$/

const nameRank = (path: string) => {
  const name = path.split('/').at(-1) ?? ''
  const rank = NAMES.findIndex((pattern) => pattern.test(name))
  return rank === -1 ? NAMES.length : rank
}

/**
 * The script to run.
 * @throws HoneError `entry-missing`, `no-training-found`, `ambiguous-entry`, `syntax-error`
 */
export function chooseEntry(project: PythonProject, hints: RepositorySettings): Entry {
  if (hints.entry !== undefined) return namedEntry(project, hints.entry)
  const paths = project.paths.filter((path) => !ASIDE.test(path))
  const trains = paths.filter((path) => isTraining(project, path))
  const candidates = trains.some((path) => isRunnable(project, path))
    ? trains.filter((path) => isRunnable(project, path))
    : trains
  const ranked = candidates
    .map((path) => ({ path, rank: rankOf(project, path, candidates) }))
    .sort((a, b) => compare(a.rank, b.rank))
  const [best, second] = ranked
  // A broken file with the better name is most likely the one that is meant.
  const broken = paths
    .filter((path) => project.syntaxError(path))
    .sort((a, b) => nameRank(a) - nameRank(b))
    .find((path) => !best || nameRank(path) < nameRank(best.path))
  if (broken) throw project.syntaxError(broken)
  if (!best) throw noTraining(project)
  if (second && compare(best.rank, second.rank) === 0) {
    const names = [best.path, second.path].sort()
    throw userError(
      'ambiguous-entry',
      `${names[0]} and ${names[1]} both train a model, and nothing says which one is meant.`,
      `Name one in hone.yaml at the repository's root, for example \`entry: ${names[0]}\`, and push again.`,
    )
  }
  return { path: best.path, evidence: explain(project, best.path) }
}

function namedEntry(project: PythonProject, given: string): Entry {
  const path = given
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
  if (project.has(path)) {
    const evidence = { file: 'hone.yaml', line: 1, text: `entry: ${given}`, why: 'names the script to run' }
    return { path, evidence: [evidence] }
  }
  const base = path.split('/').at(-1)
  const alike = project.paths.filter((known) => known.split('/').at(-1) === base)
  const known = (alike.length > 0 ? alike : project.paths).slice(0, 5).join(', ')
  throw userError(
    'entry-missing',
    `hone.yaml names ${given} as the script to run, but the repository has no Python file of that path.`,
    `Write the path relative to the repository's root. There is: ${known}.`,
    { file: 'hone.yaml' },
  )
}

const isTraining = (project: PythonProject, path: string) => {
  const closure = project.closure(path)
  return (
    closure.some((file) => usesOf(project, file).some((use) => use.model)) &&
    closure.some((file) => trainingsOf(project, file).length > 0)
  )
}

/** Does something when it is run: a main guard, or calls outside of functions and classes. */
const isRunnable = (project: PythonProject, path: string) => {
  const module = project.tryModule(path)
  return !!module && (module.mainGuard !== null || module.calls.some((call) => call.scope.length === 0))
}

/** Smaller is better, the first difference decides. */
function rankOf(project: PythonProject, path: string, candidates: readonly string[]): number[] {
  const rank = nameRank(path)
  // What a well-known script imports is its part, not its rival; an evaluation that imports train.py is neither.
  const isPart = candidates.some(
    (other) => other !== path && nameRank(other) < NAMES.length && project.closure(other).includes(path),
  )
  const guarded = project.tryModule(path)?.mainGuard != null
  const trainsItself = trainingsOf(project, path).length > 0
  return [isPart ? 1 : 0, rank, path.split('/').length, guarded ? 0 : 1, trainsItself ? 0 : 1]
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function explain(project: PythonProject, path: string): Evidence[] {
  const module = project.module(path)
  const line = module.mainGuard ?? trainingsOf(project, path)[0]?.evidence.line ?? 1
  const text = (module.lines[line - 1] ?? '').trim()
  if (nameRank(path) < NAMES.length) {
    return [{ file: path, line, text, why: 'has the name of a training script' }]
  }
  if (module.mainGuard !== null) return [{ file: path, line, text, why: 'is a script that trains' }]
  return [{ file: path, line, text, why: 'is the script that trains' }]
}

function noTraining(project: PythonProject) {
  const shown = project.paths.slice(0, 5).join(', ')
  const more = project.paths.length > 5 ? ` and ${project.paths.length - 5} more` : ''
  return userError(
    'no-training-found',
    `No script trains a model: Hone looked for fit(), backward(), xgb.train() and the like in ${shown}${more}.`,
    'Name the script with `entry:` in hone.yaml if there is one, and push again.',
  )
}
