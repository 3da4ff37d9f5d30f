import { MAIL_STATES, type Mail, type MailState, nextMessageId } from '../domain/mail.ts'
import { json, parse, type StoreBase } from './base.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  run_id: number
  kind: string
  message_id: string
  recipient: string
  subject: string
  text: string
  html: string
  attachments: string
  state: MailState
  tries: number
  refusals: number
  next_try_at: number
  error: string | null
  created_at: number
  sent_at: number | null
}

const toMail = (row: Row): Mail => ({
  id: row.id,
  runId: row.run_id,
  kind: row.kind,
  messageId: row.message_id,
  to: row.recipient,
  subject: row.subject,
  text: row.text,
  html: row.html,
  attachments: parse(row.attachments),
  state: row.state,
  tries: row.tries,
  refusals: row.refusals,
  nextTryAt: row.next_try_at,
  error: row.error,
  createdAt: row.created_at,
  sentAt: row.sent_at,
})

export type NewMail = Pick<
  Mail,
  'runId' | 'kind' | 'messageId' | 'to' | 'subject' | 'text' | 'html' | 'attachments'
>

/** The outbox: a mail is written with the change it tells of, and sent afterwards. */
export function mailTable({ db, events, now }: StoreBase) {
  const announce = (runId: number, data: Record<string, unknown>) => events.append('mail', { runId }, data)
  return {
    /** Does nothing when the run already has a mail of this kind to this recipient. */
    insert(mail: NewMail): void {
      const row = db
        .prepare(
          `INSERT INTO mails (id, run_id, kind, message_id, recipient, subject, text, html, attachments, state, next_try_at, created_at)
           VALUES (${nextId('mails')}, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?) ON CONFLICT DO NOTHING RETURNING *`,
        )
        .get(
          mail.runId,
          mail.kind,
          mail.messageId,
          mail.to,
          mail.subject,
          mail.text,
          mail.html,
          json(mail.attachments),
          now(),
          now(),
        )
      if (row === undefined) return
      announce(mail.runId, { id: (row as Row).id, state: 'pending', subject: mail.subject, to: mail.to })
    },
    /**
     * Pending mails whose time has come, oldest first.
     * @param longestWaitMs what lies further ahead was set by a clock that went wrong, and is due as well
     */
    due: (limit = 20, longestWaitMs = Number.MAX_SAFE_INTEGER): Mail[] =>
      (
        db
          .prepare(
            `SELECT * FROM mails WHERE state = 'pending' AND next_try_at NOT BETWEEN @now + 1 AND @now + @longestWaitMs
             ORDER BY id LIMIT @limit`,
          )
          .all({ now: now(), longestWaitMs, limit }) as Row[]
      ).map(toMail),
    /** When the next pending mail is due, ms since the epoch; null when none waits. */
    nextDue: (): number | null =>
      (
        db.prepare(`SELECT min(next_try_at) AS at FROM mails WHERE state = 'pending'`).get() as {
          at: number | null
        }
      ).at,
    /** Like its fellows, does nothing where the mail went with its project while it was under way. */
    markSent(mail: Mail, state: 'sent' | 'written' = 'sent'): void {
      const { changes } = db
        .prepare('UPDATE mails SET state = ?, sent_at = ?, error = NULL, tries = tries + 1 WHERE id = ?')
        .run(state, now(), mail.id)
      if (changes === 0) return
      announce(mail.runId, { id: mail.id, state, subject: mail.subject, to: mail.to })
    },
    /** No answer came, or none about this mail. @returns false where there is no such mail any more */
    markFailed(mail: Mail, error: string, nextTryAt: number): boolean {
      const { changes } = db
        .prepare(`UPDATE mails SET tries = tries + 1, error = ?, next_try_at = ? WHERE id = ?`)
        .run(error, nextTryAt, mail.id)
      if (changes === 0) return false
      announce(mail.runId, { id: mail.id, state: 'pending', subject: mail.subject, to: mail.to, error })
      return true
    },
    /** @param nextTryAt null: it is given up */
    markRefused(mail: Mail, error: string, nextTryAt: number | null): void {
      const state: MailState = nextTryAt === null ? 'failed' : 'pending'
      const { changes } = db
        .prepare(
          `UPDATE mails SET state = ?, tries = tries + 1, refusals = refusals + 1, error = ?,
           next_try_at = ifnull(?, next_try_at) WHERE id = ?`,
        )
        .run(state, error, nextTryAt, mail.id)
      if (changes === 0) return
      announce(mail.runId, { id: mail.id, state, subject: mail.subject, to: mail.to, error })
    },
    /** One that was given up, that waits, or that lies in the mailbox folder, is tried now. @returns false for one that has been sent */
    sendAgain(mail: Mail): boolean {
      const changed = db
        .prepare(
          `UPDATE mails SET state = 'pending', refusals = 0, next_try_at = ? WHERE id = ? AND state <> 'sent'`,
        )
        .run(now(), mail.id).changes
      if (changed === 0) return false
      announce(mail.runId, { id: mail.id, state: 'pending', subject: mail.subject, to: mail.to })
      return true
    },
    /** All mails of a run are sent once more, those that had been sent as new ones. @returns how many */
    repeat(runId: number): number {
      const mails = this.list({ runId, limit: Number.MAX_SAFE_INTEGER })
      for (const mail of mails) {
        const messageId = mail.state === 'sent' ? nextMessageId(mail.messageId) : mail.messageId
        db.prepare(
          `UPDATE mails SET state = 'pending', message_id = ?, tries = 0, refusals = 0, error = NULL,
           sent_at = NULL, next_try_at = ? WHERE id = ?`,
        ).run(messageId, now(), mail.id)
        announce(runId, { id: mail.id, state: 'pending', subject: mail.subject, to: mail.to })
      }
      return mails.length
    },
    byId(id: number): Mail | null {
      const row = db.prepare('SELECT * FROM mails WHERE id = ?').get(id)
      return row === undefined ? null : toMail(row as Row)
    },
    /** Newest first. */
    list({ runId, limit = 100 }: { runId?: number; limit?: number } = {}): Mail[] {
      const ofRun = runId === undefined ? '' : 'WHERE run_id = @runId'
      const rows = db
        .prepare(`SELECT * FROM mails ${ofRun} ORDER BY id DESC LIMIT @limit`)
        .all({ runId, limit })
      return (rows as Row[]).map(toMail)
    },
    givenUpCount: (): number =>
      (db.prepare(`SELECT count(*) AS n FROM mails WHERE state = 'failed'`).get() as { n: number }).n,
    /** When a mail was sent last, among the newest fifty; null: none of them. */
    lastSentAt: (): number | null =>
      db
        .prepare(`SELECT max(sent_at) FROM (SELECT sent_at FROM mails ORDER BY id DESC LIMIT 50)`)
        .pluck()
        .get() as number | null,
    countByState(): Record<MailState, number> {
      const rows = db.prepare('SELECT state, count(*) AS n FROM mails GROUP BY state').all()
      const counts = Object.fromEntries(MAIL_STATES.map((state) => [state, 0])) as Record<MailState, number>
      for (const { state, n } of rows as { state: MailState; n: number }[]) counts[state] = n
      return counts
    },
    pendingCount: (): number =>
      (db.prepare(`SELECT count(*) AS n FROM mails WHERE state = 'pending'`).get() as { n: number }).n,
  }
}
