import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import { toFailure } from '../../src/domain/failure.ts'
import { COMPACT_AFTER_MS } from '../../src/domain/retention.ts'
import type { DataPaths } from '../../src/paths.ts'
import type { Store } from '../../src/store/store.ts'

export interface CompactOptions {
  store: Store
  paths: DataPaths
  /** Puts a compressed log in the place of one. */
  compressLog: (path: string) => Promise<void>
}

/** Runs that are asked for at once. */
const PAGE = 100

/**
 * Gives what ended runs hold its compact form: their logs compressed, their metrics packed, their events let go; then the
 * room in the database back to the disk. Nothing that a page shows changes. In small steps, so that a server goes on answering.
 * @param failed hears of a run, or with null of the database, that is left as it is; the next call tries again
 * @returns how many runs
 */
export async function compactEnded(
  { store, paths, compressLog }: CompactOptions,
  failed: (runId: number | null, why: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const before = store.now() - COMPACT_AFTER_MS
  let count = 0
  for (let last = 0; ; ) {
    const due = store.compaction.due(before, last, PAGE)
    for (const runId of due) {
      if (signal?.aborted) return count
      last = runId
      try {
        for (const log of await logsOf(paths, runId)) await compressLog(log)
        if (signal?.aborted) return count
        store.transaction(() => store.compaction.compact(runId))
        count++
      } catch (error) {
        failed(runId, toFailure(error).message)
      }
      await others()
    }
    if (due.length < PAGE) break
  }
  for (const step of [
    () => store.transaction(() => store.compaction.pruneEvents(before)),
    async () => {
      while (!signal?.aborted && store.compaction.reclaim()) await others()
    },
  ]) {
    try {
      await step()
    } catch (error) {
      failed(null, toFailure(error).message)
    }
  }
  return count
}

/** Those that are not compressed yet. */
async function logsOf(paths: DataPaths, runId: number): Promise<string[]> {
  const folder = join(paths.logs, `run-${runId}`)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => /^attempt-\d+\.log$/.test(name)).map((name) => join(folder, name))
}
