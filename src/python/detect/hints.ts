import type { Project } from '../project.ts'
import type { SourceFile } from '../source.ts'
import { isAside } from './entry-names.ts'
import {
  readDockerfile,
  readMakefile,
  readPyproject,
  readReadme,
  readSetup,
  readShell,
  readStages,
} from './hints-files.ts'
import type { Command, HasFolder } from './hints-reader.ts'

/** A command with the file of the repository that it runs. */
export interface RunHint extends Command {
  path: string
}

interface Kind {
  name: RegExp
  /** The folders in which it counts; deeper it is about a part of the repository. */
  where: RegExp
  read(file: SourceFile, hasFolder: HasFolder): Command[]
  /** Of many such files each may start something else: they count when all start the same. */
  agree?: true
}

const ROOT = /^$/
const SCRIPTS = /^(|bin|run|shell|sh|\w*scripts?)$/

/** Kinds of files that say how a program is started, the most telling first. */
const KINDS: readonly Kind[] = [
  { name: /^(gnu)?makefile$/i, where: ROOT, read: readMakefile },
  { name: /^readme[^/]*$/i, where: ROOT, read: readReadme },
  { name: /^(dockerfile[^/]*|[^/]+\.dockerfile)$/i, where: /^(docker)?$/, read: readDockerfile },
  { name: /^procfile$/i, where: ROOT, read: readStages },
  { name: /^pyproject\.toml$/, where: ROOT, read: readPyproject },
  { name: /^setup\.(cfg|py)$/, where: ROOT, read: readSetup },
  { name: /^train\.sh$/i, where: SCRIPTS, read: readShell },
  { name: /^(run_?)?train(ing)?\.sh$/i, where: SCRIPTS, read: readShell },
  { name: /^(run|main|start)\.sh$/i, where: SCRIPTS, read: readShell },
  { name: /\.sh$/i, where: SCRIPTS, read: readShell, agree: true },
  { name: /^(dvc\.ya?ml|mlproject|(docker-)?compose[^/]*\.ya?ml)$/i, where: ROOT, read: readStages },
]

/**
 * What Makefile, README, Dockerfile and the like run, in the order in which they count. Files in inner folders are left
 * out: they are about a part of the repository.
 */
export function hintsOf(project: Project): RunHint[] {
  const folders = foldersOf(project)
  const hasFolder = (path: string) => folders.has(path)
  const files = [...project.files.values()].filter(({ problem }) => problem === null)
  const installed = new Map<string, Command>()
  const all = KINDS.map((kind) => {
    const commands = filesOf(kind, files).flatMap((file) => kind.read(file, hasFolder))
    for (const command of commands) {
      if (command.installs !== null && !installed.has(command.installs))
        installed.set(command.installs, command)
    }
    return commands.sort((a, b) => a.order - b.order)
  })
  const followed = new Set<SourceFile>()
  const resolve = (command: Command): RunHint[] => {
    const { target } = command
    const meant = target.kind === 'command' ? installed.get(target.name)?.target : target
    if (!meant) return []
    if (meant.kind === 'file' && meant.name.endsWith('.sh')) {
      const script = shellFile(project, meant.name, command.folder)
      if (!script || followed.has(script)) return []
      followed.add(script)
      return readShell(script, hasFolder).flatMap(resolve)
    }
    const path = pathOf(project, meant, command.folder)
    return path === null ? [] : [{ ...command, path }]
  }
  const seen = new Set<string>()
  return all.flatMap((commands, index) => {
    const hints = commands.flatMap(resolve).filter(({ file, line, path }) => {
      const place = `${file}:${line}:${path}`
      return !seen.has(place) && seen.add(place)
    })
    if (!KINDS[index]?.agree) return hints
    const started = hints.filter(({ path }) => !isAside(path))
    return new Set(started.map(({ path }) => path)).size === 1 ? started : []
  })
}

/** Files of a kind that are of no more telling one. */
function filesOf(kind: Kind, files: readonly SourceFile[]): SourceFile[] {
  return files
    .filter(({ path }) => {
      const base = path.slice(path.lastIndexOf('/') + 1)
      const folder = path.slice(0, -base.length - 1)
      return KINDS.find(({ name, where }) => name.test(base) && where.test(folder)) === kind
    })
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
}

function shellFile(project: Project, name: string, folder: string): SourceFile | null {
  const written = normalise(name).join('/')
  const roots = rootsOf(folder).map((root) => (root === '' ? written : `${root}/${written}`))
  const file = roots.flatMap((path) => project.files.get(path) ?? [])[0]
  return file && file.problem === null ? file : null
}

function foldersOf(project: Project): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const path of project.files.keys()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return folders
}

/** The own file that is meant, as seen from a folder; null when there is none or more than one. */
function pathOf(project: Project, target: Command['target'], folder: string): string | null {
  const written =
    target.kind === 'module'
      ? target.name.replaceAll('.', '/')
      : target.name.replaceAll('\\', '/').replace(/\/+$/, '')
  const endings = target.kind === 'module' ? ['.py', '/__main__.py'] : ['', '.py', '/__main__.py']
  const parts = normalise(written)
  // Absolute paths and names of the checkout's own folder: what is left when the first folders are dropped.
  for (let skipped = 0; skipped < parts.length; skipped++) {
    const tail = parts.slice(skipped).join('/')
    for (const root of skipped === 0 ? rootsOf(folder) : ['']) {
      for (const ending of endings) {
        const path = `${root === '' ? '' : `${root}/`}${tail}${ending}`
        if (project.has(path)) return path
      }
    }
  }
  const tail = `/${parts.join('/')}`
  const alike = project.paths.filter((path) =>
    endings.some((ending) =>
      ending !== '' || /\.(py|ipynb)$/.test(tail) ? path.endsWith(tail + ending) : false,
    ),
  )
  return alike.length === 1 ? (alike[0] ?? null) : null
}

function rootsOf(folder: string): string[] {
  const parts = folder.split('/').filter(Boolean)
  const above = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return [...above, '', 'src']
}

function normalise(path: string): string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}
