import type { Evidence } from '../../domain/detection.ts'
import type { Module } from '../names/module.ts'
import type { Project } from '../project.ts'
import type { Candidate } from './entry-candidates.ts'
import {
  extendsName,
  nameRank,
  notebookRank,
  orderOf,
  UNKNOWN_NAME,
  WEAK_NAME,
  WELL_KNOWN,
} from './entry-names.ts'
import { evidenceAt } from './evidence.ts'

/** A candidate with what speaks for it: smaller is better, the first difference decides. */
export interface Ranked {
  candidate: Candidate
  rank: number[]
}

/** What each place of a rank says of the one that loses by it. */
const REASONS: readonly ((winner: Candidate, loser: Candidate) => string)[] = [
  (_, loser) => KIND_REASONS[kindOf(loser)] ?? '',
  ({ path }) => `${path} makes use of it`,
  () => 'nothing tells that it gets there when it is run',
  () => 'has a less telling name',
  () => 'is an earlier notebook',
  () => 'is a variant by its name',
  () => 'lies deeper in the folders',
  () => 'does so only through what it imports',
]

const KIND_REASONS: readonly string[] = [
  '',
  'nothing tells that it gets there when it is run',
  'is a notebook, and there is a script',
  'is there for something else, by its name or what it imports',
  'does nothing when it is run',
]

/** The best first. */
export function rankedOf(candidates: readonly Candidate[]): Ranked[] {
  return candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate, candidates) }))
    .sort((a, b) => compare(a.rank, b.rank) || (a.candidate.path < b.candidate.path ? -1 : 1))
}

function rankOf(candidate: Candidate, all: readonly Candidate[]): number[] {
  const { path, notebook } = candidate
  const order = notebook ? orderOf(path) : null
  const variant = all.some(
    (other) =>
      other.notebook === notebook &&
      !other.aside &&
      kindOf(other) === kindOf(candidate) &&
      extendsName(path, other.path),
  )
  return [
    kindOf(candidate),
    all.some((other) => isPartOf(candidate, other)) ? 1 : 0,
    candidate.reached ? 0 : 1,
    notebook ? notebookRank(path) : nameRank(path),
    order === null ? 0 : -order,
    variant ? 1 : 0,
    path.split('/').length,
    candidate.own ? 0 : 1,
  ]
}

/** Smaller is better: a script, a notebook, what is there for something else, a file of functions. */
const KINDS = { script: 0, doubtful: 1, notebook: 2, aside: 3, functions: 4 }

function kindOf({ notebook, reached, start, dynamic, aside }: Candidate): number {
  if (start === null && !notebook) return KINDS.functions
  if (aside) return KINDS.aside
  if (notebook) return KINDS.notebook
  return reached || dynamic ? KINDS.script : KINDS.doubtful
}

/** What another script of training makes use of is a part of it; a well-known name is no part of an unknown one. */
function isPartOf(candidate: Candidate, other: Candidate): boolean {
  if (other === candidate || other.notebook || kindOf(other) > Math.min(kindOf(candidate), KINDS.doubtful))
    return false
  if (!other.parts.has(candidate.path) || candidate.parts.has(other.path)) return false
  return (
    nameRank(other.path) < UNKNOWN_NAME || nameRank(candidate.path) === UNKNOWN_NAME || !candidate.reached
  )
}

/** Folders with a training of their own beside the best one's, from which on a repository is a collection. */
const COLLECTION = { telling: 3, any: 5 }

/**
 * What stands beside the best in unrelated folders and is a training of its own; empty where the best stands out.
 * @param unread scripts that most likely train too
 */
export function rivalsOf(order: readonly Ranked[], unread: readonly string[]): string[] {
  const [best] = order
  if (!best || best.candidate.notebook) return []
  const home = folderOf(best.candidate.path)
  if (home === '' || home === 'src') return []
  const own = nameRank(best.candidate.path)
  const scripts = order.filter(({ rank: [kind, part] }) => kind === KINDS.script && part === 0)
  const apart = [...scripts.map(({ candidate }) => candidate.path), ...unread].filter((path) => {
    const folder = folderOf(path)
    return folder !== '' && !`${folder}/`.startsWith(`${home}/`) && !`${home}/`.startsWith(`${folder}/`)
  })
  const telling = apart.filter((path) => nameRank(path) <= Math.max(own, WELL_KNOWN) || own >= WEAK_NAME)
  const folders = (some: readonly string[]) => new Set(some.map(folderOf)).size
  if (folders(telling) >= COLLECTION.telling) return telling
  return folders(apart) >= COLLECTION.any ? apart : []
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

export function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Why one was chosen among the ranked. */
export function explain(project: Project, [best, second]: readonly Ranked[]): Evidence[] {
  if (!best) return []
  const { candidate } = best
  const { path, notebook, training } = candidate
  const telling = notebook ? notebookRank(path) === 0 : nameRank(path) < UNKNOWN_NAME
  const what = notebook ? 'notebook' : 'script'
  const why = !second
    ? `is the only ${what} that trains`
    : telling
      ? `has the name of a ${what} that trains`
      : `is a ${what} that trains`
  const module = project.module(path)
  const found =
    training?.module === module
      ? lineAt(module, training.site.call)
      : lineAt(module, lineSpan(module, candidate.start ?? 1))
  const evidence: Evidence = { ...found, why }
  if (!second) return [evidence]
  const difference = best.rank.findIndex((value, index) => value !== second.rank[index])
  const loser = project.module(second.candidate.path)
  const reason = REASONS[difference]?.(candidate, second.candidate)
  if (!reason) return [evidence]
  const at = second.candidate.training
  const place = at?.module === loser ? at.site.call : lineSpan(loser, second.candidate.start ?? 1)
  return [evidence, { ...lineAt(loser, place), why: `trains too, but ${reason}` }]
}

const lineAt = (module: Module, span: { start: number; end: number; line: number }) =>
  evidenceAt(module, span, '')

function lineSpan(module: Module, line: number) {
  const before = module.lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  return { start: before, end: before, line }
}
