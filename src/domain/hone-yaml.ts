import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { expectation } from './expectation.ts'
import { type HoneError, userError } from './failure.ts'
import { HINT_KEYS } from './hints.ts'
import { nearestNames } from './nearest.ts'
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
        ? holder.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
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
  if (!result.success) throw settingsError(result.error.issues, content, lineOf)
  const { hyperparameters, forbidden, ...settings } = result.data
  const hints = Object.entries(hyperparameters ?? {}).map(([name, hint]) => {
    return [name, { ...hint, line: lineOf(['hyperparameters', name]) }]
  })
  const combinations = forbidden?.map(({ values }, index) => ({ values, line: lineOf(['forbidden', index]) }))
  return {
    ...settings,
    ...(hyperparameters && { hyperparameters: Object.fromEntries(hints) }),
    ...(combinations && { forbidden: combinations }),
  }
}

interface Mistake {
  line: number
  text: string
  remedy: string
}

/** All that is wrong at once, by line: who mends one mistake a push pushes often. */
function settingsError(
  issues: readonly z.core.$ZodIssue[],
  content: unknown,
  lineOf: (path: readonly PropertyKey[]) => number,
): HoneError {
  const mistakes = issues
    .flatMap((issue) => mistakesOf(meant(issue), content, lineOf))
    .sort((one, other) => one.line - other.line)
  const [first] = mistakes
  if (!first) return yamlError('it cannot be read', 1)
  const remedies = [...new Set(mistakes.map(({ remedy }) => remedy))]
  return yamlError(mistakes.map(({ text }) => text).join('; '), first.line, remedies.join(' '))
}

function mistakesOf(
  issue: z.core.$ZodIssue,
  content: unknown,
  lineOf: (path: readonly PropertyKey[]) => number,
): Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.path.length === 0 ? KEYS : HINT_KEYS
    const where = issue.path.length === 0 ? '' : ` of \`${issue.path.join('.')}\``
    return issue.keys.map((key) => {
      const line = lineOf([...issue.path, key])
      const [near] = nearestNames(key, keys, 1)
      const remedy = near ? `Did you mean \`${near}\`?` : `The keys are ${keys.join(', ')}.`
      return { line, text: `line ${line} sets \`${key}\`${where}, which is no setting`, remedy }
    })
  }
  const line = lineOf(issue.path)
  const key = issue.path.join('.')
  const given = JSON.stringify(issue.path.reduce<unknown>((at, key) => (at as never)?.[key], content))
  const text = `line ${line}: \`${key}\` is ${given ?? 'empty'}, but ${expectation(issue).replace(/\.$/, '')}`
  return [{ line, text, remedy: CORRECT }]
}

/** Of what fits none of several forms, the issue of the form that was most likely meant. */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const unknown = (errors: z.core.$ZodIssue[]) =>
    errors.reduce((count, error) => count + (error.code === 'unrecognized_keys' ? error.keys.length : 0), 0)
  const forms = issue.errors.filter((errors) =>
    errors.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  const [form] = forms.sort((a, b) => unknown(a) - unknown(b))
  const found = form?.find(({ code }) => code === 'unrecognized_keys') ?? form?.[0]
  return found ? meant({ ...found, path: [...issue.path, ...found.path] }) : issue
}

const CORRECT = 'Correct the line and push again.'

const yamlError = (what: string, line: number, remedy = CORRECT) =>
  userError('hone-yaml', `hone.yaml is not valid: ${what.replace(/\.$/, '')}.`, remedy, { file: FILE, line })
