import type { Identity } from '../domain/access.ts'
import type { StoreBase } from './base.ts'
import { OWNER_IDENTITY } from './tokens.ts'

/** How long a browser stays signed in. */
export const SESSION_MS = 30 * 24 * 3600 * 1000
/** Of one token: the newest stay. */
const MOST = 100

/** Sessions of browsers, by the hash of their id. One ends with the token that it was opened with. */
export function sessionTable({ db, now }: StoreBase) {
  return {
    /** @param tokenId null: with the owner's. Inside a transaction. */
    open(hash: string, tokenId: number | null): void {
      db.prepare('DELETE FROM sessions WHERE ends_at <= ?').run(now())
      db.prepare('INSERT INTO sessions (hash, token_id, ends_at) VALUES (?, ?, ?)').run(
        hash,
        tokenId,
        now() + SESSION_MS,
      )
      db.prepare(
        `DELETE FROM sessions WHERE token_id IS @tokenId AND hash NOT IN (
           SELECT hash FROM sessions WHERE token_id IS @tokenId ORDER BY hash <> @hash, ends_at DESC LIMIT ${MOST})`,
      ).run({ tokenId, hash })
    },
    /** Whose it is; null for one that has ended, and one whose token has. */
    holder(hash: string): Identity | null {
      const row = db
        .prepare(
          `SELECT token_id AS tokenId, users.id AS userId, users.name AS user, role, tokens.name AS token
           FROM sessions LEFT JOIN tokens ON tokens.id = token_id LEFT JOIN users ON users.id = user_id
           WHERE sessions.hash = @hash AND sessions.ends_at > @now AND (tokens.ends_at IS NULL OR tokens.ends_at > @now)`,
        )
        .get({ hash, now: now() }) as Identity | undefined
      if (row === undefined) return null
      return row.tokenId === null ? OWNER_IDENTITY : row
    },
    close: (hash: string): void => {
      db.prepare('DELETE FROM sessions WHERE hash = ?').run(hash)
    },
    /** All of a user's. @param userId null: the owner's. @returns how many */
    closeAll: (userId: number | null): number =>
      userId === null
        ? db.prepare('DELETE FROM sessions WHERE token_id IS NULL').run().changes
        : db
            .prepare('DELETE FROM sessions WHERE token_id IN (SELECT id FROM tokens WHERE user_id = ?)')
            .run(userId).changes,
    /** How many are open. @param tokenId null: with the owner's token */
    count: (tokenId: number | null): number =>
      db
        .prepare('SELECT count(*) FROM sessions WHERE token_id IS ? AND ends_at > ?')
        .pluck()
        .get(tokenId, now()) as number,
  }
}
