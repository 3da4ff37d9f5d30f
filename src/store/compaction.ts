import { deflateRawSync } from 'node:zlib'
import type { StoreBase } from './base.ts'
import type { metricTable } from './metrics.ts'

/** Free pages that stay in the file: what comes next takes them. */
const CUSHION_PAGES = 2_000
/** In one step; each page is some tens of microseconds. */
const STEP_PAGES = 500

/** What keeps the database small. Nothing that a page shows is lost. */
export function compaction({ db, events, now }: StoreBase, metrics: ReturnType<typeof metricTable>) {
  const freePages = () => db.pragma('freelist_count', { simple: true }) as number
  return {
    /** Ids of runs that ended before a time and were not compacted yet, from an id on. */
    due: (endedBefore: number, afterId: number, limit: number): number[] =>
      db
        .prepare(
          `SELECT id FROM runs INDEXED BY runs_to_compact WHERE compacted_at IS NULL AND ended_at IS NOT NULL AND ended_at < ? AND id > ?
           ORDER BY id LIMIT ?`,
        )
        .pluck()
        .all(endedBefore, afterId, limit) as number[],
    /** Packs the metrics and the delivery of a run and lets its events go. Inside a transaction. */
    compact(runId: number): void {
      metrics.pack(runId)
      const deliveries = db
        .prepare('SELECT id, payload FROM deliveries WHERE run_id = ? AND payload_packed = 0')
        .all(runId) as { id: number; payload: Buffer }[]
      for (const { id, payload } of deliveries) {
        db.prepare('UPDATE deliveries SET payload = ?, payload_packed = 1 WHERE id = ?').run(
          deflateRawSync(payload),
          id,
        )
      }
      events.prune('run_id = ?', runId)
      db.prepare('UPDATE runs SET compacted_at = ? WHERE id = ?').run(now(), runId)
    },
    /** Lets events go that are older than a time and belong to no run, or to one that was compacted. Inside a transaction. */
    pruneEvents(before: number): void {
      const isNeeded = 'SELECT 1 FROM runs WHERE runs.id = events.run_id AND compacted_at IS NULL'
      events.prune(`at < ? AND NOT EXISTS (${isNeeded})`, before)
    },
    /** Gives a part of the free pages back to the file system. @returns whether there are more */
    reclaim(): boolean {
      const free = freePages()
      if (free <= CUSHION_PAGES) return false
      db.pragma(`incremental_vacuum(${Math.min(STEP_PAGES, free - CUSHION_PAGES)})`)
      const left = freePages()
      // A database of an earlier Hone keeps its free pages, and uses them again.
      return left < free && left > CUSHION_PAGES
    },
  }
}
