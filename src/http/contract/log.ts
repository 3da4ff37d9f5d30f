import { z } from 'zod'

/** What the API says of the logs of attempts. */

const time = z.number().int().describe('ms since the epoch')

/** Not stored, no id: the log of an attempt has grown to this many bytes. */
export const LogNotice = z
  .object({
    attemptId: z.number().int(),
    bytes: z.number().int(),
    /** Over half its limit: what is printed now is in the log when the attempt has ended. */
    held: z.boolean(),
  })
  .meta({ id: 'LogNotice' })

export const LogLineView = z
  .object({
    /** As a terminal leaves it: of what was overwritten the last state, of escape sequences only colours. */
    text: z.string(),
    /** When it was printed. */
    at: time.nullable(),
    /** Characters of the whole line, where `text` is only its beginning. */
    length: z.number().int().optional(),
  })
  .meta({ id: 'LogLine' })

export const LogLinesView = z
  .object({
    /** Number of the first line, counted from 1. */
    from: z.number().int(),
    lines: z.array(LogLineView),
    /** Lines of the log so far. */
    total: z.number().int(),
  })
  .meta({ id: 'LogLines' })

export const LogSearchView = z
  .object({
    /** Numbers of lines, in order. */
    hits: z.array(z.number().int()),
    /** Where to search on for more; null when all was searched. */
    next: z.number().int().nullable(),
    /** The last line that was searched. */
    through: z.number().int(),
  })
  .meta({ id: 'LogSearch' })

export type LogNotice = z.infer<typeof LogNotice>
export type LogLineView = z.infer<typeof LogLineView>
export type LogLinesView = z.infer<typeof LogLinesView>
export type LogSearchView = z.infer<typeof LogSearchView>
