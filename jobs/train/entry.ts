import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { TRAINING_USER } from '../../src/containers/executor.ts'
import type { Detection } from '../../src/domain/detection.ts'
import { notebookScript } from '../../src/python/notebook.ts'
import { openSource } from '../../src/python/source.ts'
import { tarOf } from '../../src/tar.ts'

/** Where the repository lies in a training container. */
export const WORKDIR = '/workspace'

const NOTEBOOK = /\.ipynb$/
export const isNotebook = (entry: string) => NOTEBOOK.test(entry)

/** The script that a notebook is run as, beside it and hidden, relative to the repository's root. */
export const scriptOf = (notebook: string) =>
  posix.join(
    posix.dirname(notebook),
    `.hone-${posix.basename(notebook).replace(NOTEBOOK, '').replaceAll(/\s/g, '_')}.py`,
  )

/** The directory that an entry runs in: for a script the repository's root, for a notebook, as in Jupyter, its own. */
export const workdirOf = (entry: string) =>
  isNotebook(entry) ? posix.join(WORKDIR, posix.dirname(entry)) : WORKDIR

/**
 * How an entry is started.
 * @param launcher what stands before the script: Python with the runtime
 */
export function startOf({ entry, args }: Pick<Detection, 'entry' | 'args'>, launcher: readonly string[]) {
  const script = isNotebook(entry) ? posix.basename(scriptOf(entry)) : entry
  return {
    command: [...launcher, script, ...args],
    workdir: workdirOf(entry),
    env: { HONE_WORKSPACE: WORKDIR, ...(isNotebook(entry) ? { HONE_NOTEBOOK: entry } : {}) },
  }
}

/** The script of a notebook as a tar stream to unpack in the repository's root. */
export const scriptArchive = (notebook: string, content: Buffer): Readable =>
  tarOf([[{ name: scriptOf(notebook), mode: 0o644, ...TRAINING_USER }, notebookScript(content, notebook)]])

/**
 * A place in the script of a notebook as one in the notebook; any other as it is.
 * @param read the notebook's content
 */
export async function placeInEntry<Place extends { file: string | null; line: number | null }>(
  place: Place,
  entry: string,
  read: () => Promise<Buffer>,
): Promise<Place> {
  if (!isNotebook(entry) || place.file !== scriptOf(entry)) return place
  if (place.line === null) return { ...place, file: entry }
  const source = openSource(entry, await read())
  const before = source.text.split('\n').slice(0, place.line - 1)
  const start = before.reduce((length, line) => length + line.length + 1, 0)
  return { ...place, file: entry, line: source.place(start, start + 1).line }
}
