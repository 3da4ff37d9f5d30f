import { z } from 'zod'
import { HEALTH_STATES } from '../../domain/health-parts.ts'

const time = z.number().int().describe('ms since the epoch')

export const HealthPartView = z
  .object({
    /** `engine`, `disk`, `engine-disk`, `mail` or `webhook`. */
    part: z.string(),
    state: z.enum(HEALTH_STATES),
    text: z.string(),
    /** What to do; null where there is nothing to do. */
    remedy: z.string().nullable(),
    /** Since when it is wrong; null where it is not, or where that is not known. */
    since: time.nullable(),
    /** When it was seen to work last. */
    seenAt: time.nullable(),
  })
  .meta({ id: 'HealthPart' })

export const HealthView = z
  .object({
    ok: z.boolean(),
    /** What is wrong now, in words for a person; empty when nothing is. */
    problems: z.array(z.object({ part: z.string(), since: time, message: z.string(), remedy: z.string() })),
    /** Every part of the surroundings with what is known of it. */
    parts: z.array(HealthPartView),
  })
  .meta({ id: 'Health' })

export type HealthPartView = z.infer<typeof HealthPartView>
export type HealthView = z.infer<typeof HealthView>
