import { userError } from '../domain/failure.ts'
import { blob, type Call, git, type Runner } from './run.ts'

/** One entry of a commit's tree, with its full path. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule), `040000` (folder). */
  mode: string
  oid: string
  /** Bytes; 0 for all but files and links. */
  size: number
  path: string
}

/** All entries of a commit, folders before what is in them. */
export async function listTree(runner: Runner, sha: string, call: Call): Promise<TreeEntry[]> {
  const text = await git(runner, ['ls-tree', '-r', '-t', '-z', '--long', '--full-tree', sha], call)
  return text
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const tab = record.indexOf('\t')
      const [mode = '', , oid = '', size = '-'] = record.slice(0, tab).split(/ +/)
      return { mode, oid, size: size === '-' ? 0 : Number(size), path: record.slice(tab + 1) }
    })
}

export const isFile = (entry: TreeEntry) => entry.mode === '100644' || entry.mode === '100755'

/** Whether a path stays inside the repository and outside of git's own folder. */
export const isPlainPath = (path: string) =>
  path !== '' &&
  !path.includes('\0') &&
  path.split('/').every((part) => !['', '.', '..'].includes(part) && part.toLowerCase() !== '.git')

/** @throws HoneError `user`, `file-missing` */
export async function readFile(runner: Runner, sha: string, path: string, call: Call): Promise<Buffer> {
  const [entry] = isPlainPath(path) ? await listPath(runner, sha, path, call) : []
  if (entry === undefined || !isFile(entry)) throw missing(sha, path)
  return blob(runner, entry.oid, call)
}

export const missing = (sha: string, path: string) =>
  userError(
    'file-missing',
    `The commit ${sha.slice(0, 12)} has no file ${JSON.stringify(path)}.`,
    'Check the path; it is relative to the root of the repository.',
    { file: path },
  )

/** The entry at a path, no pattern. */
export async function listPath(runner: Runner, sha: string, path: string, call: Call): Promise<TreeEntry[]> {
  const text = await git(runner, ['ls-tree', '-z', '--full-tree', sha, '--', path], call)
  const match = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(text)
  return match ? [{ mode: match[1] as string, oid: match[2] as string, size: 0, path }] : []
}
