import { z } from 'zod'
import { SPLITS } from './metric.ts'

const maybe = <T extends z.ZodType>(type: T) => type.nullable()

/** What the runtime in an attempt's container told; times in ms since the epoch, by the container's clock. */
export const AttemptReport = z.object({
  python: maybe(z.string()),
  /** Name -> version, of those that the script imported. */
  frameworks: z.record(z.string(), maybe(z.string())),
  /** The checkpoint that it went on from; null for one that began anew. */
  resumed: maybe(
    z.object({
      /** Epochs that were done. */
      step: maybe(z.number()),
      /** The attempt that wrote the checkpoint. */
      attempt: maybe(z.number()),
      /** Hone, or the script from a checkpoint of its own; `why` then says which. */
      by: z.enum(['hone', 'script']),
      why: maybe(z.string()),
    }),
  ),
  /** The last one that it wrote, in bytes and seconds, and what all of them took. */
  checkpoint: maybe(
    z.object({
      step: maybe(z.number()),
      at: z.number(),
      bytes: z.number(),
      seconds: z.number(),
      count: z.number(),
      totalSeconds: z.number(),
    }),
  ),
  /** The most memory that the container used, in bytes. */
  memory: maybe(z.number()),
  heartbeatAt: maybe(z.number()),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  /** The last value of the objective that it reported, else of any metric; the value is null where it is not finite. */
  last: maybe(
    z.object({ name: z.string(), split: z.enum(SPLITS), value: maybe(z.number()), step: maybe(z.number()) }),
  ),
  /** Null when it did not come to say how it ended. */
  end: maybe(z.enum(['finished', 'failed', 'stopped'])),
})
export type AttemptReport = z.infer<typeof AttemptReport>

/**
 * Epochs that a further attempt need not train again; null where there is no checkpoint of Hone's. Pure.
 * @param reports of a trial's attempts, oldest first
 */
export function epochsSaved(reports: readonly (AttemptReport | null)[]): number | null {
  const saved = reports.map((report) => {
    const resumed = report?.resumed?.by === 'hone' ? report.resumed.step : null
    return report?.checkpoint?.step ?? resumed
  })
  return saved.findLast((step) => step !== null) ?? null
}
