import type { Detection } from '../domain/detection.ts'
import type { RepositorySettings } from '../domain/settings.ts'
import type { PythonParser } from './parser.ts'
import type { SourceFile } from './source.ts'

/**
 * What a repository trains, with which script, and which values of its source the search may change.
 * @param files the repository's files; see `openSource`
 * @param hints hone.yaml, whose word counts more than any guess
 * @throws HoneError `no-python`, `no-training-found`, `ambiguous-entry`, `entry-missing`, `syntax-error`, `python-2`,
 *   `framework-unknown`, and the `source-…` and `notebook-…` problems of a file that the entry needs
 */
export declare function analyse(
  python: PythonParser,
  files: readonly SourceFile[],
  hints: RepositorySettings,
): Detection
