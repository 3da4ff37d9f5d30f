import { HoneError } from '../domain/failure.ts'
import { type Import, type Module, readModule } from './module.ts'
import type { PythonParser, SourceFile } from './parser.ts'

/** Folders whose Python is not the person's own. */
const FOREIGN = /(^|\/)(\.[^/]+|node_modules|site-packages|dist-packages|venv|env|__pycache__|build|dist)\//

/** A repository's Python files, read on demand, each once. */
export interface PythonProject {
  /** Own Python files, sorted. */
  paths: string[]
  has(path: string): boolean
  /** @throws HoneError `syntax-error` */
  module(path: string): Module
  /** Null when the file is no valid Python. */
  tryModule(path: string): Module | null
  syntaxError(path: string): HoneError | null
  /** Own files that an import loads; empty for one that comes from outside. */
  resolve(from: string, imported: Import): string[]
  /** The file and all own files that it imports, directly or through others, itself first. Broken ones included. */
  closure(path: string): string[]
}

export function openProject(python: PythonParser, files: readonly SourceFile[]): PythonProject {
  const sources = new Map(
    files.filter(({ path }) => path.endsWith('.py') && !FOREIGN.test(path)).map((file) => [file.path, file]),
  )
  const read = new Map<string, Module | HoneError>()
  const closures = new Map<string, string[]>()

  const load = (path: string): Module | HoneError => {
    const known = read.get(path)
    if (known) return known
    const file = sources.get(path)
    if (!file) throw new Error(`${path} is no file of this repository`)
    let result: Module | HoneError
    try {
      result = readModule(python, file)
    } catch (error) {
      if (!(error instanceof HoneError)) throw error
      result = error
    }
    read.set(path, result)
    return result
  }

  const project: PythonProject = {
    paths: [...sources.keys()].sort(),
    has: (path) => sources.has(path),
    module(path) {
      const result = load(path)
      if (result instanceof HoneError) throw result
      return result
    },
    tryModule(path) {
      const result = load(path)
      return result instanceof HoneError ? null : result
    },
    syntaxError(path) {
      const result = load(path)
      return result instanceof HoneError ? result : null
    },
    resolve(from, imported) {
      const dotted = imported.module === '' ? [] : imported.module.split('.')
      for (const root of rootsOf(from, imported.level)) {
        const found = filesOf(sources, root, dotted, imported.name)
        if (found.length > 0) return found.filter((path) => path !== from)
      }
      return []
    },
    closure(path) {
      const known = closures.get(path)
      if (known) return known
      const seen = new Set([path])
      for (const current of seen) {
        for (const imported of project.tryModule(current)?.imports ?? []) {
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
function rootsOf(from: string, level: number): string[] {
  const folder = from.split('/').slice(0, -1)
  if (level > 0)
    return level - 1 > folder.length ? [] : [folder.slice(0, folder.length - level + 1).join('/')]
  const above = folder.map((_, depth) => folder.slice(0, folder.length - depth).join('/'))
  return [...new Set([...above, '', 'src'])]
}

function filesOf(sources: Map<string, SourceFile>, root: string, dotted: string[], name: string | null) {
  const at = (parts: string[]) => {
    const base = [...(root === '' ? [] : [root]), ...parts].join('/')
    const candidates = base === '' ? ['__init__.py'] : [`${base}.py`, `${base}/__init__.py`]
    return candidates.filter((path) => sources.has(path)).slice(0, 1)
  }
  const packages = dotted.slice(0, -1).flatMap((_, index) => at(dotted.slice(0, index + 1)))
  const module = dotted.length > 0 || name !== null ? at(dotted) : []
  const member = name !== null && name !== '*' ? at([...dotted, name]) : []
  if (module.length === 0 && member.length === 0) return []
  return [...new Set([...packages, ...module, ...member])]
}

/** Dotted names as written -> as imported: `nn.Linear` -> `torch.nn.Linear`. */
export function resolverOf(module: Module): (dotted: string) => string {
  const aliases = new Map<string, string>()
  for (const { alias, module: from, name, level } of module.imports) {
    if (name === '*' || level > 0) continue
    if (name !== null) aliases.set(alias, `${from}.${name}`)
    else if (from.split('.')[0] !== alias) aliases.set(alias, from)
  }
  return (dotted) => {
    const [first = '', ...rest] = dotted.split('.')
    return [aliases.get(first) ?? first, ...rest].join('.')
  }
}
