/** One source file, path relative to the repository's root. */
export interface Source {
  path: string
  text: string
}

export interface Import {
  /** The specifier as written. */
  name: string
  /** The imported file of ours, relative to the root; null for a package. */
  target: string | null
  /** Nothing of it is left after compilation. */
  typeOnly: boolean
}

// An import or re-export up to its specifier: no quote, semicolon or parenthesis stands between.
const STATEMENT = /^[ \t]*(?:import|export)\b(?<what>[^'"`;()=]*?)(?:\bfrom\s*)?['"](?<name>[^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"](?<name>[^'"]+)['"]\s*\)/g

/** What a file imports. A text search is enough for sources that a formatter has laid out. */
export function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text)
  const found = [
    ...[...code.matchAll(STATEMENT)].map((match) => ({
      name: match.groups?.name ?? '',
      typeOnly: isTypeOnly(match.groups?.what ?? ''),
    })),
    ...[...code.matchAll(DYNAMIC)].map((match) => ({ name: match.groups?.name ?? '', typeOnly: false })),
  ]
  return found.map((found) => ({ ...found, target: resolve(path, found.name) }))
}

/** The text without comments, strings untouched, so that words in prose are not taken for code. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/^\s*\/\/.*$/gm, '')
}

function isTypeOnly(what: string): boolean {
  if (/^\s+type\b/.test(what)) return true
  const names = /^\s*\{([\s\S]*)\}\s*$/.exec(what)?.[1]
  if (names === undefined) return false
  const each = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return each.length > 0 && each.every((name) => name.startsWith('type '))
}

function resolve(from: string, name: string): string | null {
  if (!name.startsWith('.')) return null
  return new URL(name, `file:///${from}`).pathname.slice(1)
}

/** Cycles among files, each as the path that closes it; imports of types alone are no cycle at run time. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const cycles: string[][] = []
  const visit = (file: string) => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file])
      return
    }
    state.set(file, 'open')
    trail.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    trail.pop()
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file)
  return cycles
}
