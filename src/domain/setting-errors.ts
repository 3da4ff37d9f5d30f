import type { z } from 'zod'
import { expectation } from './expectation.ts'
import { HoneError } from './failure.ts'
import { nearestNames } from './nearest.ts'

/** What is wrong with one setting; `field` is its place, such as `trials` or `mail.0`. */
export interface FieldError {
  field: string
  /** Goes on from the field's name: `has to be at least 1, not 0`. */
  message: string
}

/** Some settings are refused: `bad-settings`, with what is wrong with each. */
export class BadSettings extends HoneError {
  readonly fields: readonly FieldError[]
  /** @param nameOf how the person who is told knows a field */
  constructor(
    fields: readonly FieldError[],
    remedy: string,
    nameOf = (field: string) => `settings.${field}:`,
  ) {
    const message = fields.map(({ field, message }) => `${nameOf(field)} ${message}`).join('; ')
    super({ kind: 'user', code: 'bad-settings', message: `${message}.`, remedy })
    this.name = 'BadSettings'
    this.fields = fields
  }
}

const CORRECT = 'Correct it, or leave it out to have its default.'

/** @param known names of all settings @param given what was refused */
export function badSettings(
  issues: readonly z.core.$ZodIssue[],
  known: readonly string[],
  given: unknown,
): BadSettings {
  const fields = issues.flatMap((issue) => fieldErrors(issue, given))
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  )
  const near = unknown.map((name) => nearestNames(name, known, 1)[0])
  const meant = near.flatMap((name) => (name === undefined ? [] : [`\`${name}\``]))
  const remedies = [
    ...(meant.length > 0 ? [`Did you mean ${meant.join(', ')}?`] : []),
    ...(near.includes(undefined) ? [`The settings are ${known.join(', ')}.`] : []),
  ]
  return new BadSettings(fields, remedies.length > 0 ? remedies.join(' ') : CORRECT)
}

function fieldErrors(issue: z.core.$ZodIssue, given: unknown): FieldError[] {
  const field = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      message: 'there is no such setting',
    }))
  }
  // What a rule of our own says names the value itself.
  if (issue.code === 'custom') return [{ field, message: issue.message }]
  const value = issue.path.reduce<unknown>((at, key) => (at as never)?.[key], given)
  const was = value === undefined ? '' : `, not ${shortened(JSON.stringify(value))}`
  return [{ field, message: `${expectation(issue)}${was}` }]
}

const shortened = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text)
