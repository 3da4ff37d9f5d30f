import type { AuditAction, AuditEntry } from '../domain/audit.ts'
import type { StoreBase } from './base.ts'

/** The newest rows that are kept, and for how long. */
const MOST_ROWS = 100_000
const KEEP_MS = 366 * 24 * 3600 * 1000
/** Rows between two looks at what may go. */
const PRUNE_EVERY = 100
/** Refused sign-ins of one address are one row an hour; of more addresses than these, one row for all the others. */
const HOUR_MS = 3_600_000
const MOST_ADDRESSES = 50
const OTHERS = 'other addresses'
const SUBJECT_CHARACTERS = 300

const REFUSED: AuditAction = 'sign-in refused'

export interface AuditFilter {
  user?: string
  action?: AuditAction
  /** Only rows before this one. */
  before?: number
  limit: number
}

export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at' | 'count'>

/** Who did what: each row is written in the transaction of the deed. */
export function auditTable({ db, now }: StoreBase) {
  const insert = (entry: NewAuditEntry, count: number): void => {
    const { lastInsertRowid } = db
      .prepare(
        `INSERT INTO audit (at, user, token, via, address, action, subject, count)
         VALUES (@at, @user, @token, @via, @address, @action, @subject, @count)`,
      )
      .run({ ...entry, subject: entry.subject.slice(0, SUBJECT_CHARACTERS), at: now(), count })
    if (Number(lastInsertRowid) % PRUNE_EVERY === 0) prune(Number(lastInsertRowid))
  }
  const prune = (last: number): void => {
    db.prepare('DELETE FROM audit WHERE id <= ?').run(last - MOST_ROWS)
    // In the order of ids, which is that of time but for a clock that was set.
    db.prepare('DELETE FROM audit WHERE id < (SELECT ifnull(min(id), 0) FROM audit WHERE at >= ?)').run(
      now() - KEEP_MS,
    )
  }
  const countUp = (address: string, count: number): boolean =>
    db
      .prepare(
        `UPDATE audit SET count = count + @count, at = @now
         WHERE id = (SELECT max(id) FROM audit WHERE action = @action AND address = @address) AND at - at % ${HOUR_MS} = @now - @now % ${HOUR_MS}`,
      )
      .run({ action: REFUSED, address, count, now: now() }).changes > 0
  return {
    append: (entry: NewAuditEntry): void => insert(entry, 1),
    /** Counts sign-ins that were refused. Inside a transaction. */
    refused(address: string, subject: string, count: number): void {
      if (countUp(address, count)) return
      const hour = now() - (now() % HOUR_MS)
      const addresses = db
        .prepare('SELECT count(*) FROM audit WHERE action = ? AND at >= ?')
        .pluck()
        .get(REFUSED, hour) as number
      const about = { user: null, token: null, via: null, action: REFUSED, subject }
      if (addresses < MOST_ADDRESSES) insert({ ...about, address }, count)
      else if (!countUp(OTHERS, count)) insert({ ...about, address: OTHERS }, count)
    },
    /** Newest first. */
    list({ user, action, before, limit }: AuditFilter): AuditEntry[] {
      const where = [
        ...(user === undefined ? [] : ['user = @user']),
        ...(action === undefined ? [] : ['action = @action']),
        ...(before === undefined ? [] : ['id < @before']),
      ]
      const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''
      return db
        .prepare(`SELECT * FROM audit ${condition} ORDER BY id DESC LIMIT @limit`)
        .all({ user, action, before, limit }) as AuditEntry[]
    },
    /** Everyone that rows are about. */
    users: (): string[] =>
      db
        .prepare('SELECT DISTINCT user FROM audit WHERE user IS NOT NULL ORDER BY user')
        .pluck()
        .all() as string[],
  }
}
