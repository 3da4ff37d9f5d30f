import type { z } from 'zod'
import { nearestNames } from '../../domain/nearest.ts'
import { type Problem, problemAt, shown } from './problem.ts'
import { keysAt } from './schema.ts'

const REMEDY = 'Correct it and send the line again; docs/suggest.md describes every key.'

const NOUNS: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** What does not have the form of a study, in words. */
export function formProblem(issue: z.core.$ZodIssue, line: unknown): Problem {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const keys = keysAt(path)
    const [near] = nearestNames(key, keys, 1)
    const remedy = near ? `Did you mean \`${near}\`?` : `The keys are ${keys.join(', ')}.`
    return problemAt([...path, key], 'is no key that Hone knows', remedy)
  }
  const given = path.reduce<unknown>((at, key) => (at as never)?.[key], line)
  const has = given === undefined ? 'is missing; it' : `is ${shown(given)}, but`
  return problemAt(path, `${has} has to ${expectation(issue)}`, REMEDY)
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `be ${NOUNS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `be one of ${issue.values.map(shown).join(', ')}`
    case 'invalid_union':
      if (issue.discriminator) return 'be "float", "int" or "categorical"'
      return issue.path.includes('metric') || issue.path.includes('repeats')
        ? 'be a number'
        : 'be a number, a text, true or false'
    case 'too_small':
      if (issue.origin === 'array') return 'hold something'
      if (issue.origin === 'string') return 'have a letter or more'
      return `be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'array') return `hold at most ${issue.maximum}`
      if (issue.origin === 'string') return `have at most ${issue.maximum} characters`
      return `be at most ${issue.maximum}`
    case 'invalid_key':
      return 'have a name of 1 to 200 characters'
    default:
      return `be right (${issue.message})`
  }
}
