import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { isForeign } from '../../python/select.ts'

const NOTHING: ReadonlyMap<string, Dirent> = new Map()

/** The own files below a root, each folder read at most once, and only when it is asked for. */
export class Tree {
  private readonly root: string
  private readonly folders = new Map<string, ReadonlyMap<string, Dirent>>()

  /** @param root absolute, without links */
  constructor(root: string) {
    this.root = root
  }

  /** Whether there is an own file at a path; a link counts where it stays below the root. */
  has(path: string): boolean {
    const [folder, name] = parted(path)
    const entry = this.entries(folder).get(name)
    if (!entry || isForeign(path)) return false
    return entry.isFile() || (entry.isSymbolicLink() && isOwnFile(this.root, path))
  }

  /** What lies in a folder, by name; nothing where there is no folder, or a link leads out. */
  entries(folder: string): ReadonlyMap<string, Dirent> {
    const known = this.folders.get(folder)
    if (known) return known
    const entries = this.isFolder(folder) ? read(join(this.root, folder)) : NOTHING
    this.folders.set(folder, entries)
    return entries
  }

  scriptsIn(folder: string): string[] {
    const paths = [...this.entries(folder).keys()].filter((name) => name.endsWith('.py'))
    return paths.map((name) => `${folder}/${name}`).filter((path) => this.has(path))
  }

  /** Scripts in a folder and below it, at most so many. */
  countScripts(folder: string, most: number): number {
    let count = 0
    for (const [name, entry] of this.entries(folder)) {
      if (count >= most) break
      if (entry.isFile() && name.endsWith('.py')) count++
      else if (entry.isDirectory()) count += this.countScripts(`${folder}/${name}`, most - count)
    }
    return count
  }

  private isFolder(folder: string): boolean {
    if (folder === '') return true
    const [above, name] = parted(folder)
    const entry = this.entries(above).get(name)
    if (!entry?.isSymbolicLink()) return entry?.isDirectory() ?? false
    return isInside(this.root, folder) && statSync(join(this.root, folder)).isDirectory()
  }
}

function parted(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/')
  return [at < 0 ? '' : path.slice(0, at), path.slice(at + 1)]
}

function read(folder: string): ReadonlyMap<string, Dirent> {
  try {
    return new Map(readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry]))
  } catch {
    return NOTHING
  }
}

/** Whether a path below the root is a file there, also by links. */
export const isOwnFile = (root: string, path: string): boolean =>
  lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined &&
  isInside(root, path) &&
  statSync(join(root, path)).isFile()

function isInside(root: string, path: string): boolean {
  try {
    return realpathSync(join(root, path)).startsWith(root.endsWith(sep) ? root : root + sep)
  } catch {
    return false
  }
}
