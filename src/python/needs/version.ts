/** A version as PEP 440 orders them. */
export interface Version {
  epoch: number
  release: number[]
  /** `a`, `b` or `rc`, with its number. */
  pre: [letter: string, number: number] | null
  post: number | null
  dev: number | null
  /** What follows a `+`. */
  local: string | null
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i
const LETTERS: Record<string, string> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' }

/** Null for what is no version of PEP 440. */
export function parseVersion(text: string): Version | null {
  const match = VERSION.exec(text.trim())
  if (!match) return null
  const [, epoch, release = '', letter, preNumber, implicitPost, post, postNumber, dev, devNumber, local] =
    match
  const name = letter?.toLowerCase()
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    pre: name === undefined ? null : [LETTERS[name] ?? name, Number(preNumber || 0)],
    post: implicitPost !== undefined ? Number(implicitPost) : post ? Number(postNumber || 0) : null,
    dev: dev ? Number(devNumber || 0) : null,
    local: local?.toLowerCase() ?? null,
  }
}

/** Negative when `a` is older; what follows a `+` does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.epoch - b.epoch ||
    compareReleases(a.release, b.release) ||
    rankOf(a) - rankOf(b) ||
    letters(a, b) ||
    (a.pre?.[1] ?? 0) - (b.pre?.[1] ?? 0) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    (a.dev ?? Number.POSITIVE_INFINITY) - (b.dev ?? Number.POSITIVE_INFINITY) ||
    0
  )
}

/** A development release comes before all pre-releases, those before the release itself. */
const rankOf = ({ pre, post, dev }: Version) => (pre ? 1 : post === null && dev !== null ? 0 : 2)

const letters = (a: Version, b: Version) => {
  const [first = '', second = ''] = [a.pre?.[0], b.pre?.[0]]
  return first === second ? 0 : first < second ? -1 : 1
}

function compareReleases(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const CLAUSE = /^(===|==|!=|~=|>=|<=|>|<)\s*(.+?)$/

/**
 * Whether a version is one that `>=1.2,<2` and the like ask for; see "Version specifiers" in PEP 440.
 * @returns null when one of the two cannot be read
 */
export function satisfies(version: string, specifier: string): boolean | null {
  const given = parseVersion(version)
  if (!given) return null
  const clauses = specifier.split(',').flatMap((clause) => clause.trim() || [])
  const results = clauses.map((clause) => meets(given, clause))
  return results.includes(null) ? null : !results.includes(false)
}

function meets(given: Version, clause: string): boolean | null {
  const [, operator = '', text = ''] = CLAUSE.exec(clause) ?? []
  if (operator === '===') return null
  const prefix = /^(.*)\.\*$/.exec(text)?.[1]
  const wanted = parseVersion(prefix ?? text)
  if (!wanted || (prefix !== undefined && !/^[!=]=$/.test(operator))) return null
  const order = compareVersions(given, wanted)
  switch (operator) {
    case '==':
      return prefix === undefined
        ? order === 0 && sameLocal(given, wanted)
        : startsWith(given, wanted.release)
    case '!=':
      return prefix === undefined
        ? order !== 0 || !sameLocal(given, wanted)
        : !startsWith(given, wanted.release)
    case '~=':
      return wanted.release.length > 1 ? order >= 0 && startsWith(given, wanted.release.slice(0, -1)) : null
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
  }
  return null
}

const sameLocal = (given: Version, wanted: Version) => wanted.local === null || wanted.local === given.local

const startsWith = ({ release }: Version, start: readonly number[]) =>
  start.every((part, index) => part === (release[index] ?? 0))
