import { frameworkOfName } from './knowledge/libraries.ts'
import { type Module, readModule } from './names/module.ts'
import type { PythonParser } from './parser.ts'
import type { SourceFile } from './source.ts'
import type { Import } from './syntax/tree.ts'

/** Folders whose Python is not the person's own. */
export const FOREIGN =
  /(^|\/)(\.[^/]+|node_modules|site-packages|dist-packages|venv|env|virtualenv|__pycache__|build|dist|\.ipynb_checkpoints)\//
const PYTHON = /\.(py|ipynb)$/
/** A package loads or names the modules of its folder by listing it. */
const LISTS = /\b(?:listdir|glob|iter_modules|walk_packages|scandir|iterdir)\s*\(/
const LOADS = /\b(?:__import__|import_module|__all__)\b/

/** Whether a package lists its own folder and loads what it finds there. */
export const loadsItsFolder = (path: string, text: string): boolean =>
  path.endsWith('/__init__.py') && LISTS.test(text) && LOADS.test(text)

/** A repository's files; Python is read on demand, each file once. */
export interface Project {
  /** Own scripts and notebooks, sorted. */
  paths: string[]
  /** All files by path, those that are no Python included. */
  files: ReadonlyMap<string, SourceFile>
  has(path: string): boolean
  /** What cannot be read has a `problem`. */
  module(path: string): Module
  /** The own file that a dotted name stands for, as seen from another; null for one from outside. */
  find(from: string, level: number, dotted: string): string | null
  /** Own files that an import loads; empty for one that comes from outside. */
  resolve(from: string, imported: Import): string[]
  /** The file and all own files that it imports, directly or through others, itself first. */
  closure(path: string): string[]
}

export function openProject(python: PythonParser, files: readonly SourceFile[]): Project {
  const all = new Map(files.map((file) => [file.path, file]))
  const paths = [...all.keys()].filter((path) => PYTHON.test(path) && !FOREIGN.test(path)).sort()
  const own = new Set(paths)
  const modules = new Map<string, Module>()
  const closures = new Map<string, string[]>()

  const elsewhere = rootsElsewhere(paths)
  const roots = (from: string, level: number, parts: readonly string[]) =>
    level > 0
      ? rootsOf(from, level)
      : [...rootsOf(from, 0).filter((root) => !isLibrary(own, root, parts[0] ?? '')), ...elsewhere(parts)]

  /** What a package loads that lists its own folder for it. */
  const listed = (path: string): string[] => {
    if (!loadsItsFolder(path, all.get(path)?.text ?? '')) return []
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    return paths.filter(
      (one) =>
        one !== path && one.startsWith(folder) && one.endsWith('.py') && !one.includes('/', folder.length),
    )
  }

  const project: Project = {
    paths,
    files: all,
    has: (path) => own.has(path),
    module(path) {
      const known = modules.get(path)
      if (known) return known
      const file = all.get(path)
      if (!file || !own.has(path)) throw new Error(`${path} is no file of this repository`)
      const module = readModule(python, file)
      modules.set(path, module)
      return module
    },
    find(from, level, dotted) {
      const parts = dotted === '' ? [] : dotted.split('.')
      for (const root of roots(from, level, parts)) {
        const [found] = moduleAt(own, root, parts)
        if (found !== undefined && found !== from) return found
      }
      return null
    },
    resolve(from, imported) {
      const parts = imported.module === '' ? [] : imported.module.split('.')
      for (const root of roots(from, imported.level, parts)) {
        const found = filesOf(own, root, parts, imported.name)
        if (found.length > 0) return [...found, ...listed(found.at(-1) ?? '')].filter((path) => path !== from)
      }
      return []
    },
    closure(path) {
      const known = closures.get(path)
      if (known) return known
      const seen = new Set([path])
      for (const current of seen) {
        for (const imported of project.module(current).imports) {
          for (const file of project.resolve(current, imported)) seen.add(file)
        }
      }
      closures.set(path, [...seen])
      return [...seen]
    },
  }
  return project
}

/** Folders in which an import may be found, the most likely first. */
export function rootsOf(from: string, level: number): string[] {
  const folder = from.split('/').slice(0, -1)
  if (level > 0)
    return level - 1 > folder.length ? [] : [folder.slice(0, folder.length - level + 1).join('/')]
  const above = folder.map((_, depth) => folder.slice(0, folder.length - depth).join('/'))
  return [...new Set([...above, '', 'src'])]
}

/**
 * The folder below which alone a dotted module lies, wherever that is: scripts add folders to `sys.path`. Only for a name
 * of two parts and more: one part is too often another library's name.
 */
function rootsElsewhere(paths: readonly string[]): (parts: readonly string[]) => string[] {
  let byStem: Map<string, string[]> | null = null
  return (parts) => {
    if (parts.length < 2 || frameworkOfName(parts[0] ?? '') !== null) return []
    byStem ??= groupByStem(paths)
    const suffix = `/${parts.join('/')}`
    const found = (byStem.get(parts.at(-1) ?? '') ?? []).filter((path) =>
      path.replace(/(\/__init__)?\.(py|ipynb)$/, '').endsWith(suffix),
    )
    const [only] = found
    return only && found.length === 1 ? [only.slice(0, only.lastIndexOf(suffix))] : []
  }
}

function groupByStem(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const known = groups.get(stemOf(path))
    if (known) known.push(path)
    else groups.set(stemOf(path), [path])
  }
  return groups
}

/** `b` for `a/b.py` and `a/b/__init__.py`. */
const stemOf = (path: string): string =>
  path
    .replace(/(\/__init__)?\.(py|ipynb)$/, '')
    .split('/')
    .at(-1) ?? ''

/** Files of a package that is a framework's own source rather than a person's package of the same name. */
export const LIBRARY_SIZE = 30

/**
 * Whether a folder of a framework's name is not what an import of that name finds: one without `__init__.py`, which an
 * installed package goes before, or the source of the framework itself, beside whose examples it lies.
 */
function isLibrary(own: ReadonlySet<string>, root: string, top: string): boolean {
  if (frameworkOfName(top) === null) return false
  const folder = root === '' ? top : `${root}/${top}`
  if (own.has(`${folder}.py`)) return false
  if (!own.has(`${folder}/__init__.py`)) return true
  let size = 0
  for (const path of own) if (path.startsWith(`${folder}/`) && ++size >= LIBRARY_SIZE) return true
  return false
}

function moduleAt(own: Paths, root: string, parts: readonly string[]): string[] {
  const base = [...(root === '' ? [] : [root]), ...parts].join('/')
  const candidates = base === '' ? ['__init__.py'] : [`${base}.py`, `${base}/__init__.py`]
  return candidates.filter((path) => own.has(path)).slice(0, 1)
}

type Paths = Pick<ReadonlySet<string>, 'has'>

/** The files that `import dotted`, or `from dotted import name`, loads where `root` is a folder of Python's path. */
export function filesOf(own: Paths, root: string, dotted: string[], name: string | null): string[] {
  const at = (parts: string[]) => moduleAt(own, root, parts)
  const packages = dotted.slice(0, -1).flatMap((_, index) => at(dotted.slice(0, index + 1)))
  const module = dotted.length > 0 || name !== null ? at(dotted) : []
  const member = name !== null && name !== '*' ? at([...dotted, name]) : []
  if (module.length === 0 && member.length === 0) return []
  return [...new Set([...packages, ...module, ...member])]
}
