import { openBlobs } from './blobs.ts'
import type { Runner } from './run.ts'
import { isFile, listTree, missing } from './tree.ts'

/** See the contract. @throws HoneError `user`, `file-missing` */
export async function readFiles(
  runner: Runner,
  sha: string,
  paths: readonly string[],
  place: { gitDir: string; workTree: string },
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  if (paths.length === 0) return found
  const entries = new Map((await listTree(runner, sha, place)).map((entry) => [entry.path, entry]))
  const blobs = openBlobs(runner, place.gitDir, new AbortController().signal)
  try {
    for (const path of paths) {
      const entry = entries.get(path)
      if (!entry || !isFile(entry)) throw missing(sha, path)
      const pieces: Buffer[] = []
      for await (const piece of blobs.read(entry.oid)) pieces.push(piece)
      found.set(path, Buffer.concat(pieces))
    }
    return found
  } finally {
    blobs.close()
  }
}
