import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { userError } from '../../domain/failure.ts'
import { isOwnFile } from '../sources/tree.ts'

/**
 * Puts the new files in the place of the old, each at once, with its permissions; a link keeps being one.
 * Nothing is changed where one of them could not be written.
 * @param before what was read; a file that has changed since is not overwritten
 * @throws HoneError `changed-meanwhile`, `outside-root`; errors of the file system
 */
export function writeInPlace(
  root: string,
  before: Readonly<Record<string, Buffer>>,
  after: Readonly<Record<string, Buffer>>,
): void {
  const written: { from: string; to: string }[] = []
  try {
    for (const [path, bytes] of Object.entries(after)) {
      const to = target(root, path, before[path])
      const from = `${to}.${randomBytes(4).toString('hex')}.hone`
      const { mode, uid, gid } = statSync(to)
      written.push({ from, to })
      writeFileSync(from, bytes, { flag: 'wx', mode: 0o600 })
      giveTo(from, uid, gid)
      chmodSync(from, mode & 0o7777)
    }
    for (const { from, to } of written) renameSync(from, to)
  } finally {
    for (const { from } of written) rmSync(from, { force: true })
  }
}

function target(root: string, path: string, before: Buffer | undefined): string {
  if (!isOwnFile(root, path)) {
    throw userError('outside-root', `${path} does not lie in ${root}.`, 'Name the folder that it lies in.', {
      file: path,
    })
  }
  const to = realpathSync(join(root, path))
  if (!before?.equals(readFileSync(to))) {
    throw userError('changed-meanwhile', `${path} has changed since it was read.`, 'Run it again.', {
      file: path,
    })
  }
  return to
}

/** The administrator may write somebody else's file; it stays theirs. */
function giveTo(file: string, uid: number, gid: number): void {
  const own = statSync(file)
  if (own.uid !== uid || own.gid !== gid) chownSync(file, uid, gid)
}
