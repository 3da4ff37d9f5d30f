import { z } from 'zod'
import { SAMPLERS } from '../../domain/settings.ts'

const MAX_TRIALS = 10_000

const Value = z.union([z.number(), z.string(), z.boolean()])
const Condition = z.strictObject({ name: z.string(), values: z.array(Value).min(1) })

/** Python writes what is no number without quotes; they are put in where the line is read. */
const Metric = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)])

const range = { low: z.number(), high: z.number(), log: z.boolean().default(false) }
const common = { condition: Condition.nullable().optional() }
const Float = z.strictObject({
  type: z.literal('float'),
  ...range,
  step: z.number().positive().optional(),
  ...common,
})
const Int = z.strictObject({
  type: z.literal('int'),
  ...range,
  low: z.int(),
  high: z.int(),
  step: z.int().positive().optional(),
  ...common,
})
const Categorical = z.strictObject({
  type: z.literal('categorical'),
  choices: z.array(Value).min(1),
  ordered: z.boolean().optional(),
  ...common,
})

/** `["a", "b"]` and `{"choices": ["a", "b"]}` say enough. */
function inFull(given: unknown): unknown {
  if (Array.isArray(given)) return { type: 'categorical', choices: given }
  const isChoice = typeof given === 'object' && given !== null && 'choices' in given && !('type' in given)
  return isChoice ? { type: 'categorical', ...given } : given
}

const Name = z.string().min(1).max(200)
const Space = z.record(Name, z.preprocess(inFull, z.discriminatedUnion('type', [Float, Int, Categorical])))

const Trial = z.strictObject({
  number: z.int().min(0).optional(),
  values: z.record(Name, Value),
  state: z.enum(['completed', 'pruned', 'failed', 'running']).optional(),
  metric: Metric.nullable().optional(),
  repeats: z.array(Metric).optional(),
})
const Trials = z.array(Trial).max(MAX_TRIALS)
const Related = z.strictObject({ space: Space, trials: Trials })

/** One line of `hone suggest`. */
export const StudyLine = z.strictObject({
  space: Space,
  direction: z.enum(['maximize', 'minimize']).default('maximize'),
  trials: Trials.default([]),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  sampler: z.enum(SAMPLERS).optional(),
  forbidden: z.array(z.record(Name, Value)).optional(),
  related: z.array(Related).optional(),
})
export type StudyLine = z.infer<typeof StudyLine>
export type TrialLine = z.infer<typeof Trial>

/** The keys that there are at a path, for who has mistyped one. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const [first, , third] = path
  if (first === undefined) return Object.keys(StudyLine.shape)
  if (first === 'related') return path.length === 2 ? Object.keys(Related.shape) : keysAt(path.slice(2))
  if (first === 'trials') return Object.keys(Trial.shape)
  if (third === 'condition') return Object.keys(Condition.shape)
  return [...new Set([Float, Categorical].flatMap(({ shape }) => Object.keys(shape)))]
}
