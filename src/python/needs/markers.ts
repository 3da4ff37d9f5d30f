import { compareVersions, parseVersion } from './version.ts'

/** What a marker may ask for: `python_version`, `sys_platform`, ... */
export type MarkerEnvironment = Record<string, string>

/** That of an image. @param python `3.13.5` */
export const linuxEnvironment = (python: string, machine: string): MarkerEnvironment => ({
  python_version: python.split('.').slice(0, 2).join('.'),
  python_full_version: python,
  implementation_version: python,
  implementation_name: 'cpython',
  platform_python_implementation: 'CPython',
  os_name: 'posix',
  sys_platform: 'linux',
  platform_system: 'Linux',
  platform_machine: machine,
  extra: '',
})

const TOKEN =
  /\s*(?:(\(|\)|and\b|or\b|not\s+in\b|in\b|===|==|!=|~=|>=|<=|>|<)|'([^']*)'|"([^"]*)"|([a-z_.]+))/giy

type Token = { kind: 'sign' | 'text' | 'name'; text: string }

/**
 * Whether `python_version < "3.8" and sys_platform == "win32"` holds; see "Environment markers" in PEP 508.
 * @returns true also for what cannot be read: pip has the last word
 */
export function markerHolds(marker: string, environment: MarkerEnvironment): boolean {
  const tokens = tokensOf(marker)
  if (!tokens) return true
  const reader = new Reader(tokens, environment)
  const value = reader.either()
  return value === null || !reader.atEnd ? true : value
}

function tokensOf(marker: string): Token[] | null {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  while (pattern.lastIndex < marker.trimEnd().length) {
    const match = pattern.exec(marker)
    if (!match) return null
    const [, sign, single, double, name] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign.toLowerCase().replace(/\s+/, ' ') })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.toLowerCase() })
    else tokens.push({ kind: 'text', text: single ?? double ?? '' })
  }
  return tokens
}

/** By recursive descent; null where the marker is not understood. */
class Reader {
  private at = 0
  private readonly tokens: Token[]
  private readonly environment: MarkerEnvironment

  constructor(tokens: Token[], environment: MarkerEnvironment) {
    this.tokens = tokens
    this.environment = environment
  }

  get atEnd(): boolean {
    return this.at === this.tokens.length
  }

  either(): boolean | null {
    let value = this.both()
    while (this.takes('or')) {
      const other = this.both()
      value = value === null || other === null ? null : value || other
    }
    return value
  }

  private both(): boolean | null {
    let value = this.one()
    while (this.takes('and')) {
      const other = this.one()
      value = value === null || other === null ? null : value && other
    }
    return value
  }

  private one(): boolean | null {
    if (this.takes('(')) {
      const value = this.either()
      return this.takes(')') ? value : null
    }
    const [left, operator, right] = this.tokens.slice(this.at, this.at + 3)
    if (!left || !operator || !right || operator.kind !== 'sign') return null
    this.at += 3
    const [a, b] = [this.valueOf(left), this.valueOf(right)]
    return a === null || b === null ? null : compare(a, operator.text, b)
  }

  private takes(sign: string): boolean {
    const token = this.tokens[this.at]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.at++
    return true
  }

  private valueOf({ kind, text }: Token): string | null {
    if (kind === 'text') return text
    return kind === 'name' ? (this.environment[text.replace('.', '_')] ?? null) : null
  }
}

function compare(a: string, operator: string, b: string): boolean | null {
  if (operator === 'in') return b.includes(a)
  if (operator === 'not in') return !b.includes(a)
  const [first, second] = [parseVersion(a), parseVersion(b.replace(/\.\*$/, ''))]
  const order = first && second ? compareVersions(first, second) : a < b ? -1 : a > b ? 1 : 0
  switch (operator) {
    case '==':
    case '===':
      return b.endsWith('.*') ? `${a}.`.startsWith(b.slice(0, -1)) : order === 0
    case '!=':
      return order !== 0
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
