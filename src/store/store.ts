import type { Database } from 'better-sqlite3'
import { attemptTable } from './attempts.ts'
import { deliveryTable } from './deliveries.ts'
import { EventLog } from './events.ts'
import { jobTable } from './jobs.ts'
import { mailTable } from './mails.ts'
import { metaTable } from './meta.ts'
import { metricTable } from './metrics.ts'
import { projectTable } from './projects.ts'
import { runTable } from './runs.ts'
import { trialTable } from './trials.ts'

export type Store = ReturnType<typeof createStore>

/** All tables over one database. Every call is synchronous: never await inside `transaction`. */
export function createStore(db: Database, now: () => number = Date.now) {
  const events = new EventLog(db, now)
  const base = { db, events, now }
  return {
    events,
    now,
    meta: metaTable(base),
    projects: projectTable(base),
    deliveries: deliveryTable(base),
    runs: runTable(base),
    jobs: jobTable(base),
    trials: trialTable(base),
    attempts: attemptTable(base),
    metrics: metricTable(base),
    mails: mailTable(base),
    /** All or nothing, and durable on return; nested calls join the outer transaction. */
    transaction<T>(work: () => T): T {
      if (db.inTransaction) return work()
      const result = db.transaction(work).immediate()
      events.flush()
      return result
    },
    close: () => db.close(),
  }
}
