import { z } from 'zod'
import type { ParameterValue } from './trial.ts'

/** What hone.yaml says about one hyperparameter. */
export type Hint = (
  | { kind: 'exclude' }
  | { kind: 'fix'; value: ParameterValue }
  | { kind: 'range'; low: number; high: number; log: boolean | null; type: 'float' | 'int' | null }
  | { kind: 'choices'; choices: ParameterValue[] }
  | { kind: 'tie'; to: string }
) & {
  /** Of hone.yaml; null when it did not come from there. */
  line: number | null
}

/** By the hyperparameter's name, as the run's page shows it. */
export type Hints = Readonly<Record<string, Hint>>

const value = z.union([z.number(), z.string(), z.boolean()])

const range = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    log: z.boolean().optional(),
    type: z.enum(['float', 'int']).optional(),
  })
  .superRefine(({ low, high, log, type }, { addIssue }) => {
    const wrong = (key: string, message: string) => addIssue({ code: 'custom', path: [key], message })
    if (low > high) wrong('high', `has to be at least \`low\`, ${low}`)
    if (log && low <= 0) wrong('low', 'has to be more than 0 where `log` is set')
    if (type !== 'int') return
    if (!Number.isSafeInteger(low)) wrong('low', 'has to be a whole number')
    if (!Number.isSafeInteger(high)) wrong('high', 'has to be a whole number')
  })

/** The keys of a hint that is no single value. */
export const HINT_KEYS = ['low', 'high', 'log', 'type', 'choices', 'tie']

const MAX_CHOICES = 1000

/** One entry of `hyperparameters:` as it is spelled there. */
export const Hint = z
  .union([
    value,
    range,
    z.strictObject({ choices: z.array(value).min(1).max(MAX_CHOICES) }),
    z.strictObject({ tie: z.string().min(1) }),
  ])
  .transform((said): Hint => {
    const line = null
    if (said === 'exclude') return { kind: 'exclude', line }
    if (typeof said !== 'object') return { kind: 'fix', value: said, line }
    if ('tie' in said) return { kind: 'tie', to: said.tie, line }
    if ('choices' in said) return { kind: 'choices', choices: [...new Set(said.choices)], line }
    const { low, high, log = null, type = null } = said
    return { kind: 'range', low, high, log, type, line }
  })
