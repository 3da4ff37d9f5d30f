import { type FileHandle, lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Of the data folder, what a backup holds besides the database. Mirrors and downloads come back by themselves. */
export const FOLDERS = ['git', 'logs', 'artifacts', 'workspaces', 'mailbox'] as const

export const DATABASE = 'hone.sqlite'
/** Says what the archive is; its first entry. */
export const MANIFEST = 'hone-backup.json'
/** Its last entry: without it the archive was cut off. */
export const END = 'hone-backup-end.json'

export interface Manifest {
  format: 1
  /** Version of the Hone that made it. */
  hone: string
  schema: number
  /** ISO 8601. */
  madeAt: string
  /** Of the database. */
  sha256: string
}

export interface Entry {
  /** Path below the data folder, with `/`. */
  name: string
  type: 'file' | 'directory' | 'symlink'
  /** Permission bits. */
  mode: number
  /** What a link points to. */
  link?: string
  /** Bytes. */
  size: number
  content: Buffer | Readable
}

/** Up to here a file is read at once, so that one that grows is as long as said. */
const AT_ONCE_BYTES = 32 * 1024 * 1024
const MOST_READS = 5

const NOTHING = Buffer.alloc(0)

/** A folder and all below it as it is now; what goes away meanwhile is left out, what takes its place is not. */
export async function* contentsOf(root: string, name: string): AsyncGenerator<Entry> {
  const list = async () => (await readdir(join(root, name)).catch(unlessGone)) ?? []
  if (!(await lstat(join(root, name)).catch(unlessGone))?.isDirectory()) return
  // Git knows a repository by its folders, the empty ones too.
  yield { name, type: 'directory', mode: 0o700, size: 0, content: NOTHING }
  const all = await list()
  if (all.includes('objects') && all.includes('refs')) return yield* repository(root, name, all)
  const done = new Set<string>()
  for (let names = all; names.length > 0; names = (await list()).filter((each) => !done.has(each))) {
    yield* below(root, name, names)
    // A log that was compressed meanwhile has another name now.
    for (const each of names) done.add(each)
  }
}

/** Branches before the commits that they name, since a push in between only adds; again where git packed them meanwhile. */
async function* repository(root: string, name: string, all: readonly string[]): AsyncGenerator<Entry> {
  const order = (entry: string) => (entry === 'refs' ? 0 : entry === 'objects' ? 2 : 1)
  const names = all.toSorted((a, b) => order(a) - order(b))
  for (let reads = 0; reads < MOST_READS; reads++) {
    const packs = await packsOf(join(root, name))
    yield* below(root, name, names)
    if (packs === (await packsOf(join(root, name)))) return
  }
}

const packsOf = async (folder: string) =>
  (await readdir(join(folder, 'objects', 'pack')).catch(unlessGone))?.sort().join()

async function* below(root: string, name: string, names: readonly string[]): AsyncGenerator<Entry> {
  for (const each of names) {
    const path = `${name}/${each}`
    const found = await lstat(join(root, path)).catch(unlessGone)
    if (found?.isDirectory()) yield* contentsOf(root, path)
    else if (found?.isSymbolicLink()) {
      const link = await readlink(join(root, path)).catch(unlessGone)
      if (link) yield { name: path, type: 'symlink', mode: 0o777, link, size: 0, content: NOTHING }
    } else if (found?.isFile()) yield* fileOf(root, path)
  }
}

/** One file; its descriptor is open until the next one is asked for. */
export async function* fileOf(root: string, name: string): AsyncGenerator<Entry> {
  const file: FileHandle | undefined = await open(join(root, name), 'r').catch(unlessGone)
  if (!file) return
  try {
    const { size, mode } = await file.stat()
    const entry = { name, type: 'file' as const, mode: mode & 0o777 }
    if (size <= AT_ONCE_BYTES) {
      const content = await file.readFile()
      yield { ...entry, size: content.length, content }
    } else {
      yield { ...entry, size, content: file.createReadStream({ end: size - 1, autoClose: false }) }
    }
  } finally {
    await file.close()
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
