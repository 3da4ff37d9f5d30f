import { userError } from '../domain/failure.ts'
import { FOREIGN } from './project.ts'

/** A file of a repository, by its path relative to the root and its size in bytes. */
export interface Listed {
  path: string
  size: number
}

/** What a repository may hold at most, and from which size on a file is data. */
export const LIMITS = {
  sources: 2000,
  scriptBytes: 32 * 2 ** 20,
  notebookBytes: 128 * 2 ** 20,
  /** Of one notebook: it carries its outputs, images too. */
  notebook: 32 * 2 ** 20,
  /** Of one configuration file or one text that hints at the entry. */
  other: 256 * 2 ** 10,
  others: 1000,
}

const SCRIPT = /\.py$/
const NOTEBOOK = /\.ipynb$/
const CONFIGURATION = /\.(ya?ml|json|toml|cfg|ini)$/i
/** What may say how the training is started. */
const HINT = /(^|\/)(readme[^/]*|makefile|gnumakefile|dockerfile[^/]*|procfile|mlproject|[^/]+\.sh)$/i

/** Whether a path, relative to a repository's root, is somebody else's code, or kept by a tool. */
export const isForeign = (path: string) => FOREIGN.test(path)

/**
 * Which of a repository's files are read: own scripts and notebooks, and what configures or starts a training.
 * @throws HoneError `too-many-files`
 */
export function selectFiles<File extends Listed>(listed: readonly File[]): File[] {
  const own = listed.filter(({ path }) => !isForeign(path))
  const scripts = own.filter(({ path }) => SCRIPT.test(path))
  const notebooks = own.filter(({ path, size }) => NOTEBOOK.test(path) && size <= LIMITS.notebook)
  const scriptBytes = sum(scripts.filter(({ size }) => size <= 2 ** 20))
  const count = scripts.length + notebooks.length
  if (count > LIMITS.sources || scriptBytes > LIMITS.scriptBytes) {
    throw tooMany(`${count} Python files of ${mebibytes(scriptBytes)} MiB`)
  }
  if (sum(notebooks) > LIMITS.notebookBytes) throw tooMany(`notebooks of ${mebibytes(sum(notebooks))} MiB`)
  const others = own
    .filter(({ path, size }) => (CONFIGURATION.test(path) || HINT.test(path)) && size <= LIMITS.other)
    .sort((a, b) => depth(a.path) - depth(b.path))
    .slice(0, LIMITS.others)
  return [...scripts, ...notebooks, ...others]
}

const sum = (files: readonly Listed[]) => files.reduce((total, { size }) => total + size, 0)
const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
const depth = (path: string) => path.split('/').length

const tooMany = (what: string) =>
  userError(
    'too-many-files',
    `The repository has ${what}; Hone reads up to ${LIMITS.sources} files, ${mebibytes(LIMITS.scriptBytes)} MiB of scripts and ${mebibytes(LIMITS.notebookBytes)} MiB of notebooks.`,
    'Keep virtual environments and vendored packages out of the repository, or name a folder in it.',
  )
