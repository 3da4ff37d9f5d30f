import { userError } from '../../domain/failure.ts'
import type { ConfigEntry } from '../config/entry.ts'
import { readToml } from '../config/toml.ts'
import { type Needs, noNeeds } from './needs.ts'
import { parseRequirement, type Requirement } from './requirement.ts'

/**
 * What `[project]` depends on, or `[tool.poetry.dependencies]` where there is no such list.
 * @throws HoneError `user`, `requirements`, with file and line of what cannot be read
 */
export function readPyproject(path: string, text: string): Needs {
  const needs = noNeeds()
  const entries = entriesOf(path, text)
  const lineOf = ({ start }: ConfigEntry) => text.slice(0, start).split('\n').length
  for (const entry of entries) {
    const [table, key, ...rest] = entry.path
    if (table !== 'project' || key !== 'dependencies' || rest.length !== 1) continue
    const place = { file: path, line: lineOf(entry) }
    const requirement = parseRequirement(String(entry.value), place)
    if (requirement) needs.requirements.push(requirement)
    else {
      throw userError(
        'requirements',
        `${path} depends on something that is no requirement: ${String(entry.value).slice(0, 100)}`,
        'Write it as `"einops>=0.7"`.',
        place,
      )
    }
  }
  if (needs.requirements.length === 0)
    needs.requirements.push(...poetry(entries, (entry) => ({ file: path, line: lineOf(entry) })))
  // With a build system it is a package, which its scripts import from wherever they lie.
  if (entries.some((entry) => entry.path[0] === 'build-system')) needs.paths.push('')
  return needs
}

function entriesOf(path: string, text: string): ConfigEntry[] {
  try {
    return readToml(text)
  } catch (error) {
    const { message, lineNumber } = error as Error & { lineNumber?: number }
    throw userError(
      'requirements',
      `${path} is not valid TOML: ${message}`,
      'Correct the line and push again.',
      {
        file: path,
        line: lineNumber,
      },
    )
  }
}

function poetry(
  entries: readonly ConfigEntry[],
  placeOf: (entry: ConfigEntry) => Pick<Requirement, 'file' | 'line'>,
): Requirement[] {
  return entries.flatMap((entry) => {
    const [tool, table, list, name, key, ...rest] = entry.path
    if (tool !== 'tool' || table !== 'poetry' || list !== 'dependencies' || rest.length > 0) return []
    if (name === undefined || name === 'python' || (key !== undefined && key !== 'version')) return []
    return parseRequirement(`${name}${poetrySpecifier(String(entry.value))}`, placeOf(entry)) ?? []
  })
}

/** `^1.2.3` -> `>=1.2.3,<2`; see "Dependency specification" in Poetry's documentation. */
function poetrySpecifier(written: string): string {
  const text = written.trim()
  if (text === '*' || text === '') return ''
  const caret = /^\^\s*(\d+(?:\.\d+)*)/.exec(text)?.[1]
  if (caret !== undefined) {
    const parts = caret.split('.').map(Number)
    const first = parts.findIndex((part) => part > 0)
    const at = first === -1 ? parts.length - 1 : first
    return `>=${caret},<${[...parts.slice(0, at), (parts[at] ?? 0) + 1].join('.')}`
  }
  const tilde = /^~\s*(\d+(?:\.\d+)*)/.exec(text)?.[1]
  if (tilde !== undefined) {
    const parts = tilde.split('.').map(Number)
    const at = Math.min(1, parts.length - 1)
    return `>=${tilde},<${[...parts.slice(0, at), (parts[at] ?? 0) + 1].join('.')}`
  }
  return /^\d/.test(text) ? `==${text}` : text
}
