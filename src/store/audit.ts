import type { AuditAction, AuditEntry } from '../domain/audit.ts'
import type { StoreBase } from './base.ts'

/** The newest rows that are kept, and for how long. Refused sign-ins, which anybody can make, push nothing else out. */
const MOST_ROWS = 100_000
const MOST_REFUSED = 10_000
const KEEP_MS = 366 * 24 * 3600 * 1000
/** Rows between two looks at what may go. */
const PRUNE_EVERY = 100
/** Refused sign-ins of one address are one row an hour; of more addresses than these, one row for all the others. */
const HOUR_MS = 3_600_000
const MOST_ADDRESSES = 50
const OTHERS = 'other addresses'
const SUBJECT_CHARACTERS = 300

const REFUSED: AuditAction = 'sign-in refused'
/** By an index of these alone: whoever guesses tokens decides how often it is looked for. */
const REFUSED_THIS_HOUR = `audit INDEXED BY audit_refused WHERE action = '${REFUSED}' AND at >= @hour AND at < @hour + ${HOUR_MS}`
const hourOf = (now: number) => ({ now, hour: now - (now % HOUR_MS) })

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
  const insert = (entry: NewAuditEntry, count: number): number => {
    const { lastInsertRowid } = db
      .prepare(
        `INSERT INTO audit (at, user, token, via, address, action, subject, count)
         VALUES (@at, @user, @token, @via, @address, @action, @subject, @count)`,
      )
      .run({ ...entry, subject: entry.subject.slice(0, SUBJECT_CHARACTERS), at: now(), count })
    if (Number(lastInsertRowid) % PRUNE_EVERY === 0) prune(Number(lastInsertRowid))
    return Number(lastInsertRowid)
  }
  const pruneTo = (which: string, most: number): void => {
    db.prepare(
      `DELETE FROM audit WHERE ${which}
         AND id <= (SELECT id FROM audit WHERE ${which} ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    ).run(most)
  }
  const prune = (last: number): void => {
    pruneTo(`action = '${REFUSED}'`, MOST_REFUSED)
    if (last > MOST_ROWS) pruneTo(`action <> '${REFUSED}'`, MOST_ROWS)
    // In the order of ids, which is that of time but for a clock that was set.
    db.prepare('DELETE FROM audit WHERE id < (SELECT ifnull(min(id), 0) FROM audit WHERE at >= ?)').run(
      now() - KEEP_MS,
    )
  }
  const countUp = (address: string, count: number): boolean =>
    db
      .prepare(
        `UPDATE audit SET count = count + @count, at = @now
         WHERE id = (SELECT max(id) FROM ${REFUSED_THIS_HOUR} AND address = @address)`,
      )
      .run({ address, count, ...hourOf(now()) }).changes > 0
  return {
    /** @returns the row's id */
    append: (entry: NewAuditEntry): number => insert(entry, 1),
    /** What came of a deed, in the place of what it was when it began. */
    settle: (id: number, subject: string): void =>
      void db
        .prepare('UPDATE audit SET subject = ? WHERE id = ?')
        .run(subject.slice(0, SUBJECT_CHARACTERS), id),
    /** Counts sign-ins that were refused. Inside a transaction. */
    refused(address: string, subject: string, count: number): void {
      if (countUp(address, count)) return
      const addresses = db
        .prepare(`SELECT count(*) FROM ${REFUSED_THIS_HOUR}`)
        .pluck()
        .get({ hour: hourOf(now()).hour }) as number
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
