import { z } from 'zod'
import type { Detection } from '../src/domain/detection.ts'
import type { Conclusion as DomainConclusion } from '../src/domain/run.ts'
import type { ParameterValue } from '../src/domain/trial.ts'
import type { ImageChoice } from '../src/images/plan.ts'

/** What detect-model finds, as it is stored with the run. */
export interface RunDetection extends Detection {
  /** Null for a run of before images had reasons. */
  image: ImageChoice | null
  /** Names of what the budget is too small for. */
  closed?: string[] | undefined
  /** Patterns of hone.yaml: what is kept of the files that a training writes, besides models. */
  artifacts?: string[] | undefined
  /** Values that must not come together. */
  forbidden?: Record<string, ParameterValue>[] | undefined
  /** Graphics cards of each training. */
  gpus?: number | undefined
  /** Environment variables of hone.yaml. */
  env: Record<string, string>
}

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
  stopped: z.literal(true).optional(),
})
export type Conclusion = DomainConclusion
