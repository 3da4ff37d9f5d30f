import type { z } from 'zod'

/** What zod asks for where a value is refused, in the words of a person: `has to be at least 1`. Pure. */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${NOUNS[issue.expected] ?? `of type ${issue.expected}`}`
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`
    case 'too_small':
      if (issue.origin === 'array') return 'has to hold something'
      if (issue.origin === 'string') return 'has to be a text with something in it'
      return `has to be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'array') return `has to hold at most ${issue.maximum}`
      if (issue.origin === 'string') return `has to have at most ${issue.maximum} characters`
      return `has to be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_key':
      return 'a variable has a name of letters, digits and underscores'
    case 'invalid_format':
      return issue.format === 'email' ? 'has to be a mail address such as ada@example.org' : issue.message
    case 'invalid_union':
      if (issue.path[0] === 'network') return 'has to be true, false or auto'
      return isHint(issue.path)
        ? 'has to be a value, `exclude`, or one of {low, high}, {choices} and {tie}'
        : 'has to be a text or a number'
    default:
      return issue.message
  }
}

const isHint = (path: readonly PropertyKey[]) => path[0] === 'hyperparameters' && path.length === 2

const NOUNS: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  record: 'a list of `NAME: value`',
}
