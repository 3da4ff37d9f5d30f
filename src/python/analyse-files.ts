import type { RepositorySettings } from '../domain/settings.ts'
import { type Analysis, analyse } from './analyse.ts'
import type { PythonParser } from './parser.ts'
import { closed, tooLarge } from './source/text.ts'
import { openSource } from './source.ts'

/** A larger script is not even read. */
export const MAX_SCRIPT_BYTES = 1024 * 1024

/** What a repository holds of what the analysis looks at. Plain data, so that it can go to another thread. */
export interface RepositoryFiles {
  read: readonly { path: string; bytes: Uint8Array }[]
  /** Scripts that were not read, for their size. */
  tooLarge: readonly { path: string; size: number }[]
}

export type AnalysisHints = Pick<RepositorySettings, 'entry' | 'args' | 'framework'>

/** `analyse` over files as they are. @throws as `analyse` */
export function analyseFiles(python: PythonParser, files: RepositoryFiles, hints: AnalysisHints): Analysis {
  const read = files.read.map(({ path, bytes }) =>
    openSource(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
  )
  const left = files.tooLarge.map(({ path, size }) => closed(path, tooLarge(path, size, MAX_SCRIPT_BYTES)))
  return analyse(python, [...read, ...left], hints)
}
