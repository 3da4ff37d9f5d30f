import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { isForeign, LIMITS } from '../../python/select.ts'
import type { EditableFile } from '../../python/source.ts'
import { type Mentions, mentionsOf } from './imports.ts'

/** How far below the root a named configuration file is looked for. */
const SEARCH = { folders: 300, depth: 4, alike: 8 }

/**
 * The folder that a script's imports and paths are relative to: the nearest with a `.git` in or above its own, else its
 * own; its own too where the path from there leads through a folder of foreign code.
 */
export function rootOf(file: string): string {
  const own = dirname(file)
  for (let folder = own; ; folder = dirname(folder)) {
    if (statSync(join(folder, '.git'), { throwIfNoEntry: false })) {
      return isForeign(pathIn(folder, file)) ? own : folder
    }
    if (folder === dirname(folder)) return own
  }
}

export const pathIn = (root: string, file: string) => relative(root, file).replaceAll(sep, '/')

/**
 * The script, what it imports of its own repository, directly or through others, and the configuration files that these
 * name, so that one script among thousands of files is read quickly.
 * @param open reads one file, by its path relative to the root; null when it is none
 */
export function openClosure(
  root: string,
  script: string,
  open: (path: string) => EditableFile | null,
): EditableFile[] {
  const found = new Map<string, EditableFile>()
  const exists = finder(root)
  const queue = [script]
  const configurations = new Map<string, string>()
  for (const path of queue) {
    if (found.has(path) || found.size >= LIMITS.sources) continue
    const file = open(path)
    if (!file) continue
    found.set(path, file)
    const mentions = mentionsOf(file.text)
    const added = mentions.folders.flatMap((folder) => folderFrom(path, folder) ?? [])
    for (const module of mentions.modules) queue.push(...modulePaths(exists, path, module, added))
    for (const wanted of mentions.configurations) configurations.set(wanted, path)
  }
  for (const path of configurationPaths(root, exists, configurations)) {
    const file = found.has(path) ? null : open(path)
    if (file) found.set(path, file)
  }
  return [...found.values()]
}

type Exists = (path: string) => boolean

/** Whether there is a file of the repository's own at a path; links that lead out of the root are none. */
function finder(root: string): Exists {
  const known = new Map<string, boolean>()
  return (path) => {
    const before = known.get(path)
    if (before !== undefined) return before
    const answer = !isForeign(path) && isOwnFile(root, path)
    known.set(path, answer)
    return answer
  }
}

export function isOwnFile(root: string, path: string): boolean {
  const full = join(root, path)
  if (!lstatSync(full, { throwIfNoEntry: false })) return false
  try {
    const real = realpathSync(full)
    return real.startsWith(root.endsWith(sep) ? root : root + sep) && statSync(real).isFile()
  } catch {
    return false
  }
}

/** A folder that a script names, relative to the root; null for one outside. */
function folderFrom(script: string, folder: string): string | null {
  const path = posix.join(posix.dirname(script), folder)
  return folder.startsWith('/') || path.startsWith('..') ? null : path.replace(/^\.$|\/$/, '')
}

function modulePaths(
  exists: Exists,
  from: string,
  { level, dotted, names }: Mentions['modules'][number],
  added: readonly string[],
): string[] {
  const parts = dotted === '' ? [] : dotted.split('.')
  const found: string[] = []
  const add = (root: string, wanted: string[]) => {
    const base = [...(root === '' ? [] : [root]), ...wanted].join('/')
    const candidates = base === '' ? ['__init__.py'] : [`${base}.py`, `${base}/__init__.py`]
    found.push(...candidates.filter(exists))
  }
  for (const root of [...rootsFor(from, level), ...(level === 0 ? added : [])]) {
    for (const index of parts.keys()) add(root, parts.slice(0, index + 1))
    if (level > 0 && parts.length === 0) add(root, [])
    for (const name of names) add(root, [...parts, name])
  }
  return found
}

/** As the analysis looks for a module: beside the importing file, above it, at the root, in `src`. */
function rootsFor(from: string, level: number): string[] {
  const folder = from.split('/').slice(0, -1)
  if (level > 0) {
    return level - 1 > folder.length ? [] : [folder.slice(0, folder.length - level + 1).join('/')]
  }
  const above = folder.map((_, depth) => folder.slice(0, folder.length - depth).join('/'))
  return [...new Set([...above, '', 'src'])]
}

/** Beside the file that names it, at the root, or anywhere below it where the name ends alike. */
function configurationPaths(root: string, exists: Exists, wanted: ReadonlyMap<string, string>): string[] {
  const missing: string[] = []
  const found = [...wanted].flatMap(([path, from]) => {
    const there = rootsFor(from, 0)
      .map((folder) => (folder === '' ? path : `${folder}/${path}`))
      .filter(exists)
    if (there.length === 0) missing.push(path)
    return there
  })
  return missing.length === 0 ? found : [...found, ...alike(root, missing).filter(exists)]
}

function alike(root: string, wanted: readonly string[]): string[] {
  const found: string[] = []
  const folders = ['']
  for (const folder of folders) {
    if (folders.indexOf(folder) >= SEARCH.folders || found.length >= SEARCH.alike) break
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile() && wanted.some((name) => path.endsWith(`/${name}`))) found.push(path)
      const deep = path.split('/').length >= SEARCH.depth
      if (entry.isDirectory() && !deep && !isForeign(`${path}/`)) folders.push(path)
    }
  }
  return found.sort()
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
