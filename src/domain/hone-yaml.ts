import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type HoneError, userError } from './failure.ts'
import { RepositorySettings } from './settings.ts'

const FILE = 'hone.yaml'
const KEYS = Object.keys(RepositorySettings.shape)

/**
 * Reads a repository's hone.yaml; an empty one sets nothing.
 * @throws HoneError `hone-yaml`, a user failure with file and line that names the key
 */
export function parseHoneYaml(text: string): RepositorySettings {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [problem] = document.errors
  const lineAt = (offset: number) => lines.linePos(offset).line
  if (problem) {
    // What is never closed is noticed at the end: the line meant is the last one with something in it.
    const rows = text.split(/\r\n|\r|\n/)
    let line = lineAt(problem.pos[0])
    while (line > 1 && !rows[line - 1]?.trim()) line--
    const shown = (rows[line - 1] ?? '').trim()
    const why = problem.code === 'MULTIPLE_DOCS' ? 'it holds more than one document' : problem.message
    throw yamlError(`line ${line} (${shown}): ${why}`, line)
  }
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return {}
  if (!isMap(root))
    throw yamlError('expected `key: value` lines, found something else', lineAt(root.range?.[0] ?? 0))

  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const holder = length === 1 ? root : document.getIn(path.slice(0, length - 1), true)
      const key = path[length - 1]
      const pair = isMap(holder)
        ? holder.items.find((item) => isScalar(item.key) && item.key.value === key)
        : null
      const node = isScalar(pair?.key) ? pair.key : document.getIn(path.slice(0, length), true)
      const range = (node as { range?: [number, number, number] } | undefined)?.range
      if (range) return lineAt(range[0])
    }
    return 1
  }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw yamlError((error as Error).message, 1)
  }
  const result = RepositorySettings.safeParse(content)
  if (result.success) return result.data
  throw settingsError(result.error.issues, content, lineOf)
}

function settingsError(
  issues: readonly z.core.$ZodIssue[],
  content: unknown,
  lineOf: (path: readonly PropertyKey[]) => number,
): HoneError {
  const [issue] = issues
  if (!issue) return yamlError('it cannot be read', 1)
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const line = lineOf([...issue.path, key])
    const near = nearest(key, KEYS)
    const remedy = near ? `Did you mean \`${near}\`?` : `The keys are ${KEYS.join(', ')}.`
    return yamlError(`line ${line} sets \`${key}\`, which is no setting`, line, remedy)
  }
  const line = lineOf(issue.path)
  const key = issue.path.join('.')
  const given = JSON.stringify(issue.path.reduce<unknown>((at, key) => (at as never)?.[key], content))
  return yamlError(`line ${line}: \`${key}\` is ${given ?? 'empty'}, but ${expectation(issue)}`, line)
}

/** What zod asks for, in the words of a person. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${NOUNS[issue.expected] ?? `of type ${issue.expected}`}`
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`
    case 'too_small':
      return `has to be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `has to be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_key':
      return 'a variable has a name of letters, digits and underscores'
    case 'invalid_union':
      return 'has to be a text or a number'
    default:
      return issue.message
  }
}

const NOUNS: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  record: 'a list of `NAME: value`',
}

const yamlError = (what: string, line: number, remedy = 'Correct the line and push again.') =>
  userError('hone-yaml', `hone.yaml is not valid: ${what.replace(/\.$/, '')}.`, remedy, { file: FILE, line })

/** The known key that is most likely meant; null when none is near. */
function nearest(key: string, known: readonly string[]): string | null {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(bare(key), bare(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : null
}

/** Levenshtein's edit distance; keys longer than 64 characters are nobody's typing error. */
function distance(a: string, b: string): number {
  if (a.length > 64) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[b.length] ?? 0
}
