import type { Detection, Evidence, Framework } from '../domain/detection.ts'
import { FRAMEWORKS } from '../domain/detection.ts'
import { userError } from '../domain/failure.ts'
import type { RepositorySettings } from '../domain/settings.ts'
import { chooseEntry } from './entry.ts'
import { FRAMEWORK_NAMES, type Training, trainingsOf, type Use, usesOf } from './frameworks.ts'
import type { PythonParser, SourceFile } from './parser.ts'
import { openProject, type PythonProject } from './project.ts'

/**
 * What kind of model a repository trains, and with which script.
 * @param files the repository's files; others than Python are looked past
 * @param hints hone.yaml, whose word counts more than any guess
 * @throws HoneError `no-python`, `no-training-found`, `ambiguous-entry`, `entry-missing`, `syntax-error`,
 *   `framework-unknown`
 */
export function detectModel(
  python: PythonParser,
  files: readonly SourceFile[],
  hints: RepositorySettings,
): Omit<Detection, 'hyperparameters'> {
  const hinted = hintedFramework(hints)
  const project = openProject(python, files)
  if (project.paths.length === 0) {
    throw userError(
      'no-python',
      'The repository has no Python file.',
      'Commit the script that trains the model, such as train.py, and push again.',
    )
  }
  const entry = chooseEntry(project, hints)
  const closure = project.closure(entry.path)
  for (const path of closure) project.module(path)
  const uses = closure.flatMap((path) => usesOf(project, path))
  const trainings = closure.flatMap((path) => trainingsOf(project, path))
  const found = hinted ?? trainedFramework(uses, trainings)
  if (!found) throw noFramework(project, entry.path)
  return {
    framework: found,
    entry: entry.path,
    args: hints.args ?? [],
    evidence: [...entry.evidence, ...explain(found, uses, trainings)],
  }
}

function hintedFramework(hints: RepositorySettings): Framework | null {
  if (hints.framework === undefined) return null
  const name = hints.framework.trim().toLowerCase()
  const framework = Object.hasOwn(FRAMEWORK_NAMES, name) ? FRAMEWORK_NAMES[name] : undefined
  if (framework) return framework
  throw userError(
    'framework-unknown',
    `hone.yaml names the framework '${hints.framework}', which Hone does not know.`,
    `Use one of ${FRAMEWORKS.join(', ')}, or take the line out: Hone then goes by the imports.`,
    { file: 'hone.yaml' },
  )
}

/** Where several train, the one whose image holds the others' helpers too. */
const PRECEDENCE: readonly Framework[] = ['keras', 'pytorch', 'xgboost', 'lightgbm', 'sklearn']

/** A framework that trains by its own call counts before one that builds a model, and that before a mere import. */
function trainedFramework(uses: readonly Use[], trainings: readonly Training[]): Framework | null {
  const named = new Set(trainings.map((training) => training.framework))
  const models = new Set(uses.filter((use) => use.model).map((use) => use.framework))
  const imported = new Set(uses.map((use) => use.framework))
  // `fit` on something whose maker is unknown: any framework that builds models here may be the one.
  const fits = trainings.some((training) => training.framework === null)
  const rank = (framework: Framework) =>
    named.has(framework) && imported.has(framework) ? 3 : models.has(framework) ? (fits ? 2 : 1) : 0
  const candidates = PRECEDENCE.filter((framework) => imported.has(framework))
  const best = Math.max(...candidates.map(rank))
  return candidates.find((framework) => rank(framework) === best) ?? null
}

function explain(framework: Framework, uses: readonly Use[], trainings: readonly Training[]): Evidence[] {
  const own = uses.filter((use) => use.framework === framework)
  const use = own.find((use) => use.model) ?? own[0]
  const training = trainings.find((training) => training.framework === framework) ?? trainings[0]
  return [use?.evidence ?? [], training?.evidence ?? []].flat()
}

function noFramework(project: PythonProject, entry: string) {
  const broken = project.paths.map((path) => project.syntaxError(path)).find((error) => error !== null)
  if (broken) return broken
  return userError(
    'no-training-found',
    `${entry} imports none of the frameworks that Hone knows (${FRAMEWORKS.join(', ')}).`,
    'Name the script that trains with `entry:` in hone.yaml, or its framework with `framework:`.',
    { file: entry },
  )
}
