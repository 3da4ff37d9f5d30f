import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { finishRemovals, type RemovalOptions, setAsideNamed } from '../../jobs/monitor/removals.ts'

/** Also what a command deletes beside a server is seen then, and an engine that was away is asked again. */
const EVERY_MS = 5_000
/** An engine that does not answer must not hold up the end of the server. */
const STOP_WITHIN_MS = 5_000

/** Removes what deleted projects left: at the start, when asked, and again until all of it is gone. */
export function removals(options: RemovalOptions & { logger: Logger }) {
  const { store, logger } = options
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | null = null
  /** Projects whose failure was told: once is enough. */
  const told = new Set<number>()

  const failed: Parameters<typeof setAsideNamed>[1] = ({ projectId }, { message }) => {
    if (told.has(projectId)) return
    told.add(projectId)
    const about = { project: projectId, why: message }
    logger.info(about, 'what a deleted project left could not be removed; it is tried again')
  }

  /** Frees the names at once. The rest goes in one pass at a time: what came meanwhile is seen by the next. */
  function now(): void {
    setAsideNamed(options, failed)
    if (working !== null) return
    working = finishRemovals(options, failed)
      .catch((error: unknown) => logger.warn({ err: error }, 'what deleted projects left was not looked at'))
      .finally(() => {
        working = null
      })
  }

  return {
    now,
    start(): void {
      now()
      timer = setInterval(() => {
        if (store.removals.all().length > 0) now()
      }, EVERY_MS)
    },
    /** What is not gone yet goes after the next start. */
    async stop(): Promise<void> {
      clearInterval(timer)
      await Promise.race([working, delay(STOP_WITHIN_MS, null, { ref: false })])
    },
  }
}
