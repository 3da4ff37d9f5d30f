import type { Database } from 'better-sqlite3'

/** Times of what goes on, which a later moment is compared with. Those of the past stay as they were shown. */
const TIMES = [
  `UPDATE runs SET deadline = deadline + @ms, started_at = started_at + @ms WHERE state IN ('queued', 'running')`,
  `UPDATE attempts SET deadline = deadline + @ms, not_before = not_before + @ms, started_at = started_at + @ms
   WHERE state IN ('starting', 'running')`,
  `UPDATE jobs SET run_after = run_after + @ms, lease_until = lease_until + @ms, waiting_since = waiting_since + @ms,
     failing_since = failing_since + @ms
   WHERE state IN ('queued', 'running')`,
  `UPDATE mails SET next_try_at = next_try_at + @ms WHERE state = 'pending'`,
]

/** Inside a transaction. @param ms by how much the clock was set */
export function shiftTimes(db: Database, ms: number): void {
  for (const sql of TIMES) db.prepare(sql).run({ ms })
}
