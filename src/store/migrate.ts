import type { Database } from 'better-sqlite3'
import { sql as initial } from './migrations/0001-initial.ts'
import { sql as richerDetection } from './migrations/0002-richer-detection.ts'
import { sql as search } from './migrations/0003-search.ts'
import { sql as runtime } from './migrations/0004-runtime.ts'
import { sql as keep } from './migrations/0005-keep.ts'
import { sql as refusedMails } from './migrations/0006-refused-mails.ts'
import { sql as fairness } from './migrations/0007-fairness.ts'
import { sql as compact } from './migrations/0008-compact.ts'
import { sql as monitor } from './migrations/0009-monitor.ts'
import { sql as pushOrder } from './migrations/0010-push-order.ts'
import { sql as turns } from './migrations/0011-turns.ts'
import { sql as engineClock } from './migrations/0012-engine-clock.ts'
import { sql as rerun } from './migrations/0013-rerun.ts'
import { sql as runFilters } from './migrations/0014-run-filters.ts'
import { sql as access } from './migrations/0015-access.ts'
import { sql as refusedSignIns } from './migrations/0016-refused-sign-ins.ts'
import { sql as failingSince } from './migrations/0017-failing-since.ts'
import { sql as removals } from './migrations/0018-removals.ts'

/** In order; the position plus one is the schema's number. Never edited after a release, only added to. */
export const MIGRATIONS = [
  initial,
  richerDetection,
  search,
  runtime,
  keep,
  refusedMails,
  fairness,
  compact,
  monitor,
  pushOrder,
  turns,
  engineClock,
  rerun,
  runFilters,
  access,
  refusedSignIns,
  failingSince,
  removals,
]

/** Number of the schema that this Hone works with. */
export const SCHEMA = MIGRATIONS.length

/** Number of the schema that a database has; 0 for one without tables. */
export const schemaOf = (db: Database) => db.pragma('user_version', { simple: true }) as number

/** The database was written by a newer Hone than this one. */
export class NewerSchema extends Error {
  constructor(found: number, known: number) {
    super(
      `The database has schema ${found}; this Hone knows up to ${known}. ` +
        'Start the newer Hone again, or restore a backup made before the upgrade.',
    )
    this.name = 'NewerSchema'
  }
}

/**
 * Brings the schema up to date, each migration in one transaction with its number.
 * @throws NewerSchema
 */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): void {
  const current = () => schemaOf(db)
  if (current() > migrations.length) throw new NewerSchema(current(), migrations.length)
  for (let number = current() + 1; number <= migrations.length; number++) {
    db.transaction(() => {
      // Another process may have been faster.
      if (current() >= number) return
      db.exec(migrations[number - 1] as string)
      db.pragma(`user_version = ${number}`)
    }).immediate()
  }
}
