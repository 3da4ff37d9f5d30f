import type { Evidence } from '../../domain/detection.ts'
import { type HoneError, userError } from '../../domain/failure.ts'
import type { RepositorySettings } from '../../domain/settings.ts'
import type { Project } from '../project.ts'
import { type Candidate, Candidates } from './entry-candidates.ts'
import { lastStep, namedFirst } from './entry-equals.ts'
import { isAside, isNever, nameRank, notebookRank } from './entry-names.ts'
import { requiredArgs } from './entry-options.ts'
import { compare, explain, type Ranked, rankedOf, rivalsOf } from './entry-rank.ts'
import { type Scan, scanOf } from './entry-scan.ts'
import { hintsOf, type RunHint } from './hints.ts'
import { evaluates } from './hints-words.ts'
import { noTraining } from './untrained.ts'

/** The script or notebook to run. */
export interface Entry {
  path: string
  args: string[]
  evidence: Evidence[]
}

/**
 * Candidates that are looked at, and modules that are read for it, at most, once one is found that trains; and files
 * that are looked at for a reason why nothing does.
 */
const ENOUGH = { candidates: 60, modules: 2000, broken: 200 }

/**
 * The script to run: what hone.yaml names; else what Makefile, README, Dockerfile and the like run, if it trains; else
 * what trains when it is run and has the most telling name.
 * @throws HoneError `no-python`, `entry-missing`, `no-training-found`, `estimator-unknown`, `ambiguous-entry`, and
 *   the problem (`syntax-error`, `python-2`, ...) of a file that most likely is the one that is meant
 */
export function chooseEntry(project: Project, hints: Pick<RepositorySettings, 'entry'>): Entry {
  if (project.paths.length === 0) throw noPython()
  const scan = scanOf(project)
  const candidates = new Candidates(project, scan)
  const commands = hintsOf(project)
  if (hints.entry !== undefined) {
    const named = namedEntry(project, hints.entry)
    return { ...named, ...withArgs(project, candidates, named, commands) }
  }
  const found = hinted(candidates, scan, commands) ?? ranked(project, candidates, scan)
  return withArgs(project, candidates, found, commands)
}

type Found = Omit<Entry, 'args'>

function namedEntry(project: Project, given: string): Found {
  const path = given
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
  if (project.has(path)) return { path, evidence: [inHoneYaml(project, given)] }
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

function inHoneYaml(project: Project, given: string): Evidence {
  const file = project.files.get('hone.yaml') ?? project.files.get('hone.yml')
  const lines = file?.text.split(/\r\n|\r|\n/) ?? []
  const index = Math.max(
    0,
    lines.findIndex((line) => /^entry\s*:/.test(line)),
  )
  const text = lines[index]?.trim() ?? `entry: ${given}`
  return { file: file?.path ?? 'hone.yaml', line: index + 1, text, why: 'names the script to run' }
}

/** The first command that runs what trains; scripts before notebooks, trainings before what only may get there. */
function hinted(candidates: Candidates, scan: Scan, commands: readonly RunHint[]): Found | null {
  const useful = commands.filter(
    ({ path, args }) => !isNever(path) && !isAside(path) && !evaluates(args) && scan.mayReach(path),
  )
  const told = useful.map((hint) => ({ hint, candidate: candidates.at(hint.path) }))
  const sure = (one: Candidate) => one.training !== null && one.reached && !one.aside
  const likely = (one: Candidate) => one.training !== null && one.start !== null && !one.aside
  const scripts = told.filter(({ hint }) => !hint.opens)
  const found =
    scripts.find(({ candidate }) => sure(candidate)) ??
    scripts.find(({ candidate }) => likely(candidate)) ??
    told.find(({ candidate }) => sure(candidate))
  const broken = told.find(({ candidate }) => candidate.problem !== null)
  if (broken?.candidate.problem && (!found || told.indexOf(broken) <= told.indexOf(found))) {
    throw broken.candidate.problem
  }
  if (!found) return null
  const { file, line, text, why } = found.hint
  return { path: found.hint.path, evidence: [{ file, line, text, why }] }
}

function ranked(project: Project, candidates: Candidates, scan: Scan): Found {
  const paths = project.paths
    .filter((path) => !isNever(path) && scan.mayReach(path))
    .map((path) => ({ path, rank: firstRank(path, scan) }))
    .sort((a, b) => compare(a.rank, b.rank))
  const read: Candidate[] = []
  let trains = 0
  for (const { path } of paths) {
    if (trains > 0 && (read.length >= ENOUGH.candidates || candidates.work > ENOUGH.modules)) break
    const candidate = candidates.at(path)
    read.push(candidate)
    if (candidate.training && candidate.problem === null && !candidate.aside) trains++
  }
  const order = rankedOf(read.filter(({ training, problem }) => training !== null && problem === null))
  const settled = settle(project, order)
  const [best, second] = order
  const broken = brokenOf(project, read, best)
  if (broken) throw broken
  if (!best) throw noTraining(project)
  if (second && !settled && compare(best.rank, second.rank) === 0) {
    throw ambiguous(
      order.filter(({ rank }) => compare(rank, best.rank) === 0).map(({ candidate }) => candidate.path),
    )
  }
  const unread = paths.slice(read.length).flatMap(({ path }) => (isLikely(path, scan) ? path : []))
  const rivals = rivalsOf(order, unread)
  if (rivals.length > 0) throw ambiguous([best.candidate.path, ...rivals])
  return { path: best.candidate.path, evidence: [...explain(project, order), ...(settled ?? [])] }
}

/**
 * Puts one of several equals first: the one that the README names first, or the last step of a numbered sequence whose
 * other steps do not train (`03_eda.py`, `05_xgboost.py`, `06_catboost.py`).
 * @returns what tells it; null where nothing does
 */
function settle(project: Project, order: Ranked[]): Evidence[] | null {
  const [best] = order
  const equal = order.filter(({ rank }) => best && compare(rank, best.rank) === 0)
  if (equal.length < 2) return null
  const paths = equal.map(({ candidate }) => candidate.path)
  const named = namedFirst(project, paths)
  const chosen = named?.path ?? lastStep(project, paths)
  const index = order.findIndex(({ candidate }) => candidate.path === chosen)
  const [found] = index === -1 ? [] : order.splice(index, 1)
  if (!found) return null
  order.unshift(found)
  return named ? [named.evidence] : []
}

const isLikely = (path: string, scan: Scan) => path.endsWith('.py') && !isAside(path) && scan.guarded(path)

/** What a path and a look at the text tell, for the order in which candidates are read. */
const firstRank = (path: string, scan: Scan): number[] => {
  const notebook = path.endsWith('.ipynb')
  const name = notebook ? notebookRank(path) : nameRank(path)
  return [isAside(path) ? 1 : 0, notebook ? 1 : 0, name, path.split('/').length, scan.guarded(path) ? 0 : 1]
}

/** The problem of a file that has the better name than the best: most likely it is the one that is meant. */
function brokenOf(project: Project, read: readonly Candidate[], best: Ranked | undefined): HoneError | null {
  const found = read
    .filter(
      ({ problem, aside, notebook }) =>
        problem !== null && !aside && (!best || best.candidate.notebook || !notebook),
    )
    .find(
      ({ path }) => !best || isAside(best.candidate.path) || nameRank(path) < nameRank(best.candidate.path),
    )
  if (found) return found.problem
  if (best || read.some(({ problem }) => problem === null)) return null
  // Nothing may train at all: broken files are the likelier reason.
  for (const path of project.paths.slice(0, ENOUGH.broken)) {
    const { problem } = project.module(path)
    if (problem) return problem
  }
  return null
}

/** With the arguments that the script needs, from the first command that gives them all. */
function withArgs(
  project: Project,
  candidates: Candidates,
  found: Found,
  commands: readonly RunHint[],
): Entry {
  const given = commands.filter(
    ({ path, args }) => path === found.path && args.length > 0 && !evaluates(args),
  )
  if (given.length === 0) return { ...found, args: [] }
  const names = candidates.namesAt(found.path)
  for (const { args, folder, file, line, text } of given) {
    const needed = requiredArgs(names, args, (path) => located(project, path, folder))
    if (!needed || needed.length === 0) continue
    const why = `gives the arguments that it needs: ${needed.join(' ')}`
    return { ...found, args: needed, evidence: [...found.evidence, { file, line, text, why }] }
  }
  return { ...found, args: [] }
}

/** A script is run in the repository's root, whatever folder a command is meant for. */
function located(project: Project, path: string, folder: string): string | null {
  const parts: string[] = []
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  const plain = path.replace(/^\.\//, '')
  return project.files.has(plain) ? plain : project.files.has(parts.join('/')) ? parts.join('/') : null
}

const noPython = () =>
  userError(
    'no-python',
    'The repository has no Python file.',
    'Commit the script that trains the model, such as train.py, and push again.',
  )

const SHOWN = 5

function ambiguous(equal: readonly string[]): HoneError {
  const [first = ''] = equal
  const names = equal.length > SHOWN ? equal.slice(0, SHOWN) : equal.slice(0, -1)
  const last = equal.length > SHOWN ? `${equal.length - SHOWN} more` : (equal.at(-1) ?? '')
  const verb = equal.length === 2 ? 'both' : 'all'
  return userError(
    'ambiguous-entry',
    `${names.join(', ')} and ${last} ${verb} train a model, and nothing says which one is meant.`,
    `Name one in hone.yaml at the repository's root, for example \`entry: ${first}\`, and push again.`,
  )
}
