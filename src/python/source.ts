import { readNotebook } from './notebook.ts'
import { type EditableFile, openText } from './source/text.ts'

export type { EditableFile, SourceFile } from './source/text.ts'

/** What is larger is data, not a script. */
const LIMITS = { bytes: 2 ** 20, lines: 50_000 }

/**
 * A file of the repository as the text that is analysed. For a notebook (`.ipynb`) that is the code of its cells.
 * Never throws: what is wrong with the file is its `problem`.
 */
export function openSource(path: string, bytes: Buffer): EditableFile {
  if (path.endsWith('.ipynb')) return readNotebook(path, bytes, LIMITS)
  return openText(path, bytes, { cookie: /\.pyw?$/.test(path), limits: LIMITS })
}

/** A file in UTF-8 that holds this text. */
export const sourceOf = (path: string, text: string): EditableFile => openSource(path, Buffer.from(text))
