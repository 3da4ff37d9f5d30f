import type { Database } from 'better-sqlite3'
import { attemptMachine } from '../domain/attempt.ts'
import type { Conclusion, RunState } from '../domain/run.ts'
import { SLOTS_BUSY } from '../domain/slots.ts'
import { attemptTable } from './attempts.ts'
import { auditTable } from './audit.ts'
import { compaction } from './compaction.ts'
import { deliveryTable } from './deliveries.ts'
import { engineAwayFact } from './engine-away.ts'
import { EventLog } from './events.ts'
import { jobTable } from './jobs.ts'
import { mailTable } from './mails.ts'
import { metaTable } from './meta.ts'
import { metricTable } from './metrics.ts'
import { projectTable } from './projects.ts'
import { removalTable } from './removals.ts'
import { restoredFact } from './restored.ts'
import { runTable } from './runs.ts'
import { sessionTable } from './sessions.ts'
import { shiftTimes } from './shift-times.ts'
import { rememberStatements } from './statements.ts'
import { tokenTable } from './tokens.ts'
import { trialTable } from './trials.ts'
import { userTable } from './users.ts'

export type Store = ReturnType<typeof createStore>

/** All tables over one database. Every call is synchronous: never await inside `transaction`. */
export function createStore(db: Database, now: () => number = Date.now) {
  rememberStatements(db)
  const events = new EventLog(db, now)
  const base = { db, events, now }
  const runs = runTable(base)
  const trials = trialTable(base)
  const jobs = jobTable(base)
  const attempts = attemptTable(base, () => jobs.hurry(SLOTS_BUSY))
  const metrics = metricTable(base)
  const meta = metaTable(base)
  let afterCommit: (() => void)[] = []
  return {
    events,
    now,
    meta,
    engineAway: engineAwayFact(meta),
    restored: restoredFact(meta),
    projects: projectTable(base),
    removals: removalTable(base),
    deliveries: deliveryTable(base),
    runs,
    jobs,
    trials,
    attempts,
    metrics,
    compaction: compaction(base, metrics),
    mails: mailTable(base),
    users: userTable(base),
    tokens: tokenTable(base),
    sessions: sessionTable(base),
    audit: auditTable(base),
    /** Ends a run, with every trial and attempt of it that is still open. @throws IllegalTransition */
    endRun(id: number, to: RunState, conclusion?: Conclusion): void {
      runs.transition(id, to, conclusion)
      this.cancelTrials(id)
    },
    /** A trial that is still open, with its attempt. */
    cancelTrial(id: number): void {
      const open = attempts.ofTrial(id).filter(({ state }) => !attemptMachine.isFinal(state))
      for (const attempt of open) attempts.transition(attempt.id, 'cancelled')
      trials.transition(id, 'cancelled')
    },
    /** Every trial and attempt of a run that is still open. */
    cancelTrials(runId: number): void {
      attempts.cancelOpen(runId)
      trials.cancelOpen(runId)
    },
    /** Calls back once the outermost transaction is durable, and never when it is rolled back. */
    afterCommit(callback: () => void): void {
      if (db.inTransaction) afterCommit.push(callback)
      else callback()
    },
    /** All or nothing, and durable on return; nested calls join the outer transaction. */
    transaction<T>(work: () => T): T {
      if (db.inTransaction) return work()
      afterCommit = []
      const result = db.transaction(work).immediate()
      for (const callback of afterCommit.splice(0)) callback()
      events.flush()
      return result
    },
    /** Moves the times that lie ahead along with a clock that was set by `ms`. */
    shiftTimes: (ms: number) => shiftTimes(db, ms),
    close: () => db.close(),
  }
}
