import type { Detection } from '../domain/detection.ts'
import type { RepositorySettings } from '../domain/settings.ts'
import { chooseEntry } from './detect/entry.ts'
import { kindOf } from './detect/kind.ts'
import { untrained } from './detect/untrained.ts'
import { findHyperparameters } from './hyperparameters/find.ts'
import { namesOf } from './names/names.ts'
import { type ImportedModule, importedModules } from './needs/imports.ts'
import { networkUse } from './needs/network.ts'
import { notebookInstalls } from './needs/notebook.ts'
import type { Requirement } from './needs/requirement.ts'
import type { PythonParser } from './parser.ts'
import { openProject } from './project.ts'
import { openSource, type SourceFile } from './source.ts'

export interface Analysis extends Detection {
  /** What the program imports from outside. */
  imports: ImportedModule[]
  /** What a notebook installs. */
  installs: Requirement[]
}

/**
 * What a repository trains, with which script, and which values of its source the search may change.
 * @param files the repository's files; see `openSource`
 * @param hints hone.yaml, whose word counts more than any guess
 * @throws HoneError `no-python`, `no-training-found`, `estimator-unknown`, `ambiguous-entry`, `entry-missing`,
 *   `syntax-error`, `python-2`, `framework-unknown`, and the `source-…` and `notebook-…` problems of a file that the entry needs
 */
export function analyse(
  python: PythonParser,
  files: readonly SourceFile[],
  hints: Pick<RepositorySettings, 'entry' | 'args' | 'framework'>,
): Analysis {
  const project = openProject(python, files)
  const entry = chooseEntry(project, hints)
  const names = namesOf(project, entry.path)
  for (const module of names.modules) if (module.problem) throw module.problem
  const kind = kindOf(names, hints)
  if (!kind) throw untrained(names, entry.path, hints.entry !== undefined)
  const args = hints.args ?? entry.args
  const { hyperparameters, leftAlone } = findHyperparameters(names, args)
  const { evidence, ...model } = kind
  const network = networkUse(names)
  return {
    ...model,
    entry: entry.path,
    args,
    evidence: [...entry.evidence, ...evidence],
    hyperparameters,
    leftAlone,
    network: { wanted: network.length > 0, evidence: network },
    imports: importedModules(names),
    installs: notebookInstalls(names),
  }
}

/** Whether Python 3 reads the bytes of a script or notebook. */
export function isValidPython(python: PythonParser, path: string, bytes: Buffer): boolean {
  return python.parse(openSource(path, bytes)).problem === null
}
