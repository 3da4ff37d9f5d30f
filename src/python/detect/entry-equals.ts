import type { Evidence } from '../../domain/detection.ts'
import type { Project } from '../project.ts'
import { orderOf } from './entry-names.ts'

/** Of several files the one that the README at the root names first; null when it names none. */
export function namedFirst(
  project: Project,
  paths: readonly string[],
): { path: string; evidence: Evidence } | null {
  const readme = [...project.files.values()].find((file) => /^readme[^/]*$/i.test(file.path))
  if (!readme) return null
  const [first] = paths
    .map((path) => ({ path, at: indexOfName(readme.text, path.split('/').at(-1) ?? path) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
  if (!first) return null
  const line = readme.text.slice(0, first.at).split(/\r\n|\r|\n/).length
  const text = (readme.text.split(/\r\n|\r|\n/)[line - 1] ?? '').trim().slice(0, 200)
  return {
    path: first.path,
    evidence: { file: readme.path, line, text, why: 'is what the README names first' },
  }
}

/** Where a file's name stands, not as the end of another one. */
function indexOfName(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w.-]/.test(text[at - 1] ?? '')) return at
  }
  return -1
}

/** Of several numbered files of one folder the last, where the folder has numbered files of another kind too. */
export function lastStep(project: Project, paths: readonly string[]): string | null {
  const numbered = (path: string) => /(^|\/)\d{1,3}[_-][^/]*\.py$/.test(path)
  const folders = new Set(paths.map(folderOf))
  const [folder = ''] = folders
  const steps = project.paths.filter((path) => folderOf(path) === folder && numbered(path))
  if (folders.size > 1 || !paths.every(numbered) || steps.length <= paths.length) return null
  return [...paths].sort((a, b) => (orderOf(b) ?? 0) - (orderOf(a) ?? 0))[0] ?? null
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
