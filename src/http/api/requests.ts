import { z } from 'zod'
import { RERUN_FROM } from '../../domain/run.ts'
import { REF, SHA } from '../github.ts'

const settings = z.record(z.string(), z.unknown())

/** Settings are merged into those there are; null takes one back to its default. */
export const ProjectChange = z.strictObject({ settings }).meta({ id: 'ProjectChange' })

export const RunRequest = z
  .strictObject({
    /** `main` or `refs/heads/main`; the project's first branch when left out. */
    ref: z
      .string()
      .refine((ref) => REF.test(ref.startsWith('refs/') ? ref : `refs/heads/${ref}`), {
        error: 'is no name of a branch',
      })
      .optional(),
    sha: z.string().regex(SHA, 'must be a full commit id, in lower case'),
    settings: settings.default({}),
  })
  .meta({ id: 'RunRequest' })

export const SessionRequest = z.strictObject({ token: z.string().max(1000) }).meta({ id: 'SessionRequest' })

export const RerunRequest = z
  .strictObject({
    /** The job to begin with: what came before it is taken over; `notify` only sends the mails again. */
    from: z.enum([...RERUN_FROM, 'notify']).default('git-import'),
    /** Over those that were in force. */
    settings: settings.default({}),
  })
  .meta({ id: 'RerunRequest' })
