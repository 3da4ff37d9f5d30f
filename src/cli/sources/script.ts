import { statSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { frameworkOfName } from '../../python/knowledge/libraries.ts'
import { filesOf, LIBRARY_SIZE, loadsItsFolder, rootsOf } from '../../python/project.ts'
import { isForeign, LIMITS } from '../../python/select.ts'
import type { EditableFile } from '../../python/source.ts'
import { type Mentions, mentionsOf } from './imports.ts'
import { Tree } from './tree.ts'

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
 * @param open reads one file, by its path relative to the root
 */
export function openClosure(
  root: string,
  script: string,
  open: (path: string) => EditableFile,
): EditableFile[] {
  const tree = new Tree(root)
  const found = new Map<string, EditableFile>()
  const queue = [script]
  const configurations = new Map<string, string>()
  for (const path of queue) {
    if (found.has(path) || found.size >= LIMITS.sources) continue
    const file = open(path)
    found.set(path, file)
    const { modules, folders, configurations: named } = mentionsOf(file.text)
    const added = folders.flatMap((folder) => folderFrom(path, folder) ?? [])
    for (const module of modules) queue.push(...modulePaths(tree, path, module, added))
    if (loadsItsFolder(path, file.text)) queue.push(...tree.scriptsIn(posix.dirname(path)))
    for (const wanted of named) configurations.set(wanted, path)
  }
  for (const path of configurationPaths(tree, configurations)) {
    if (!found.has(path)) found.set(path, open(path))
  }
  return [...found.values()]
}

/** A folder that a script names, relative to the root; null for one outside. */
function folderFrom(script: string, folder: string): string | null {
  const path = posix.join(posix.dirname(script), folder)
  return folder.startsWith('/') || path.startsWith('..') ? null : path.replace(/^\.$|\/$/, '')
}

/** As the analysis resolves an import. */
function modulePaths(
  tree: Tree,
  from: string,
  { level, dotted, names }: Mentions['modules'][number],
  added: readonly string[],
): string[] {
  const parts = dotted === '' ? [] : dotted.split('.')
  const above = rootsOf(from, level)
  const roots =
    level > 0 ? above : [...above, ...added].filter((root) => !isLibrary(tree, root, parts[0] ?? ''))
  return [...(names.length > 0 ? names : [null])].flatMap((name) => {
    for (const root of roots) {
      const found = filesOf(tree, root, parts, name)
      if (found.length > 0) return found
    }
    return []
  })
}

/** Whether a folder of a framework's name is not what an import of that name finds; see the analysis' project. */
function isLibrary(tree: Tree, root: string, top: string): boolean {
  if (frameworkOfName(top) === null) return false
  const folder = root === '' ? top : `${root}/${top}`
  if (tree.has(`${folder}.py`)) return false
  return !tree.has(`${folder}/__init__.py`) || tree.countScripts(folder, LIBRARY_SIZE) >= LIBRARY_SIZE
}

/** Beside the file that names it, at the root, or anywhere below it where the name ends alike. */
function configurationPaths(tree: Tree, wanted: ReadonlyMap<string, string>): string[] {
  const missing: string[] = []
  const found = [...wanted].flatMap(([path, from]) => {
    const there = rootsOf(from, 0)
      .map((folder) => (folder === '' ? path : `${folder}/${path}`))
      .filter((candidate) => tree.has(candidate))
    if (there.length === 0) missing.push(path)
    return there
  })
  return missing.length === 0 ? found : [...found, ...alike(tree, missing)]
}

function alike(tree: Tree, wanted: readonly string[]): string[] {
  const found: string[] = []
  const folders = ['']
  for (let index = 0; index < Math.min(folders.length, SEARCH.folders); index++) {
    const folder = folders[index] as string
    for (const [name, entry] of tree.entries(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`
      if (entry.isFile() && wanted.some((one) => path.endsWith(`/${one}`)) && tree.has(path)) found.push(path)
      const deep = path.split('/').length >= SEARCH.depth
      if (entry.isDirectory() && !deep && !isForeign(`${path}/`)) folders.push(path)
    }
    if (found.length >= SEARCH.alike) break
  }
  return found.sort()
}
