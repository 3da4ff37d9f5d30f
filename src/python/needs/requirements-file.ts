import { posix } from 'node:path'
import { userError } from '../../domain/failure.ts'
import { type Needs, noNeeds, type ReadFile } from './needs.ts'
import { parseRequirement } from './requirement.ts'

/** Options that pip takes in a requirements file and that mean the same while an image is built. */
const OPTION =
  /^(--index-url|--extra-index-url|-i|--pre|--no-binary|--only-binary|--prefer-binary|--trusted-host|--find-links|-f|--no-index)\b/
const INCLUDE = /^(?:-r|--requirement)(?:\s*=\s*|\s+|(?=\S))(\S+)/
const CONSTRAINT = /^(?:-c|--constraint)(?:\s*=\s*|\s+|(?=\S))(\S+)/
const EDITABLE = /^(?:-e|--editable)(?:\s*=\s*|\s+)/
const LOCAL = /^(?:\.{1,2}(?:\/|$|\[)|\/|file:|~\/|[\w.-]+\/[\w./-]*$)/
/** Of one requirement; the hashes themselves are of no use once something else is installed, too. */
const HASH = /\s+--hash[=\s]\S+/g
const DEPTH = 10

/**
 * Reads a requirements file with those that it includes; see "Requirements File Format" in pip's documentation.
 * @param read by paths relative to the repository's root
 * @throws HoneError `user`, `requirements`, with file and line of what cannot be read
 */
export function readRequirements(path: string, read: ReadFile): Needs {
  const needs = noNeeds()
  include(path, read, needs, 'requirements', [])
  return needs
}

function include(
  path: string,
  read: ReadFile,
  needs: Needs,
  into: 'requirements' | 'constraints',
  from: readonly string[],
): void {
  const text = read(path)
  if (text === null || from.includes(path) || from.length > DEPTH) return
  const folder = posix.dirname(path)
  const inRepository = (named: string) => posix.join(folder, named)
  for (const { content, line } of logicalLines(text)) {
    const place = { file: path, line }
    const wrong = (what: string, remedy: string) => userError('requirements', what, remedy, place)
    const [, included] = INCLUDE.exec(content) ?? []
    const [, constraint] = CONSTRAINT.exec(content) ?? []
    const other = included ?? constraint
    if (other !== undefined) {
      if (read(inRepository(other)) === null) {
        throw wrong(
          `${path} includes ${other}, which the repository does not have.`,
          'Commit the file, or take the line out.',
        )
      }
      include(inRepository(other), read, needs, included === undefined ? 'constraints' : into, [
        ...from,
        path,
      ])
      continue
    }
    if (OPTION.test(content)) {
      needs.options.push(content)
      continue
    }
    const bare = content.replace(EDITABLE, '').replace(HASH, '').trim()
    if (LOCAL.test(bare)) {
      needs.paths.push(folderOf(bare, inRepository, wrong))
      continue
    }
    const requirement = parseRequirement(bare, place)
    if (!requirement) {
      throw wrong(
        `${path} has a line that is no requirement: ${bare.slice(0, 100)}`,
        'Write one package a line, such as `einops>=0.7`.',
      )
    }
    // Neither comes from PyPI.
    if (!/^(python|pip)$/.test(requirement.name ?? '')) needs[into].push(requirement)
  }
}

/** `-e .` and `./lib` -> the folder, relative to the root. */
function folderOf(
  written: string,
  inRepository: (path: string) => string,
  wrong: (what: string, remedy: string) => Error,
): string {
  const path = written.replace(/^file:(?:\/\/)?/, '').replace(/\s*;.*$|\[[^\]]*\]$|#.*$/g, '')
  const folder = inRepository(path).replace(/\/$/, '')
  if (path.startsWith('/') || path.startsWith('~') || folder.startsWith('..')) {
    throw wrong(
      `${written} lies outside of the repository.`,
      'Commit it and name it relative to the requirements file, or write the package on PyPI.',
    )
  }
  if (/\.(whl|tar\.gz|zip)$/.test(path)) {
    throw wrong(
      `${written} is a package file in the repository, which Hone does not install.`,
      'Install it in a `Dockerfile` of the repository, or write the package on PyPI.',
    )
  }
  return folder === '.' ? '' : folder
}

/** Lines without comments, with those that go on after a `\` joined; the line is that of the first. */
function logicalLines(text: string): { content: string; line: number }[] {
  const found: { content: string; line: number }[] = []
  let open: { content: string; line: number } | null = null
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const goesOn = raw.endsWith('\\') && !/^\s*#/.test(raw)
    const part = goesOn ? raw.slice(0, -1) : raw
    const joined: { content: string; line: number } = open
      ? { content: `${open.content} ${part.trim()}`, line: open.line }
      : { content: part, line: index + 1 }
    open = goesOn ? joined : null
    if (open) continue
    const content = joined.content.replace(/(^|\s)#.*$/, '').trim()
    if (content !== '') found.push({ content, line: joined.line })
  }
  if (open && open.content.trim() !== '') found.push({ content: open.content.trim(), line: open.line })
  return found
}

/** Paths that a requirements file includes, relative to the root. */
export function includedBy(path: string, text: string): string[] {
  return logicalLines(text).flatMap(({ content }) => {
    const named = INCLUDE.exec(content)?.[1] ?? CONSTRAINT.exec(content)?.[1]
    return named === undefined ? [] : posix.join(posix.dirname(path), named)
  })
}
