import { z } from 'zod'
import type { Conclusion as DomainConclusion } from '../src/domain/run.ts'

const Failure = z.object({
  kind: z.enum(['user', 'system', 'unavailable']),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  file: z.string().optional(),
  line: z.number().int().optional(),
  detail: z.string().optional(),
})

/** How a run ends, as it goes from job to job. */
export const Conclusion: z.ZodType<DomainConclusion> = z.object({
  kind: z.enum(['target', 'budget', 'failed']),
  reason: z.string(),
  failure: Failure.optional(),
})
export type Conclusion = DomainConclusion
