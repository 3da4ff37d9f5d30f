import { normaliseName } from '../../domain/packages.ts'

/** One package that a repository asks for. */
export interface Requirement {
  /** Normalised; null for an address that names no package. */
  name: string | null
  extras: string[]
  /** `>=1.2,<2`; empty for any version. */
  specifier: string
  /** Where it comes from, in place of a version: `git+https://...`. */
  url: string | null
  marker: string | null
  /** As pip takes it. */
  text: string
  file: string
  line: number
}

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*/
const ADDRESS = /^(?:(?:git|hg|svn|bzr)\+[a-z]+:\/\/|https?:\/\/)/i
const SPECIFIER = /^(?:===|==|!=|~=|>=|<=|>|<)\s*[^\s,]+(?:\s*,\s*(?:===|==|!=|~=|>=|<=|>|<)\s*[^\s,]+)*$/

/**
 * Reads one line of a requirements file or one entry of a list of dependencies; see "Grammar" in PEP 508.
 * @param written without comments and options such as `--hash`
 * @returns null for what is none
 */
export function parseRequirement(
  written: string,
  place: Pick<Requirement, 'file' | 'line'>,
): Requirement | null {
  const text = written.trim()
  if (ADDRESS.test(text)) {
    const name = /#(?:.*&)?egg=([\w.-]+)/.exec(text)?.[1]
    const url = text.replace(/\s*;.*$/, '')
    return {
      ...{ name: name === undefined ? null : normaliseName(name), extras: [], specifier: '', url },
      ...{ marker: markerOf(text), text, ...place },
    }
  }
  const match = NAME.exec(text)
  if (!match) return null
  const [whole, name = '', extras = ''] = match
  const rest = text.slice(whole.length)
  const address = /^@\s*([^\s;]+)/.exec(rest)?.[1] ?? null
  // Where conda or a build had it: `pip freeze` writes that in the place of a version.
  const local = address?.startsWith('file:') ?? false
  const url = local ? null : address
  const [before = ''] = rest.split(';')
  const specifier = address === null ? before.trim().replace(/^\((.*)\)$/, '$1') : ''
  if (specifier !== '' && !SPECIFIER.test(specifier)) return null
  return {
    name: normaliseName(name),
    extras: extras.split(',').flatMap((extra) => extra.trim() || []),
    specifier,
    url,
    marker: markerOf(rest),
    text: local ? name : text,
    ...place,
  }
}

const markerOf = (text: string): string | null => /;\s*(.+)$/.exec(text)?.[1] ?? null
