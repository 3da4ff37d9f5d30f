import { type Identity, OWNER, OWNER_TOKEN, type Role, type Token } from '../domain/access.ts'
import type { StoreBase } from './base.ts'

interface Row {
  id: number
  user_id: number
  name: string
  created_at: number
  last_used_at: number | null
  ends_at: number | null
}

const COLUMNS = 'id, user_id, name, created_at, last_used_at, ends_at'
/** How exactly the last use of a token is known: not every request is a write. */
const USE_MS = 3_600_000

const toToken = (row: Row): Token => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  endsAt: row.ends_at,
})

export const OWNER_IDENTITY: Identity = {
  userId: null,
  user: OWNER,
  role: 'admin',
  tokenId: null,
  token: OWNER_TOKEN,
}

/** Tokens of users, by their hash. A revoked one is gone, and with it the sessions that were opened with it. */
export function tokenTable({ db, now }: StoreBase) {
  return {
    /** @throws SqliteError SQLITE_CONSTRAINT_UNIQUE when the user has one of this name */
    insert: (token: Pick<Token, 'userId' | 'name' | 'endsAt'> & { hash: string }): Token =>
      toToken(
        db
          .prepare(
            `INSERT INTO tokens (user_id, name, hash, created_at, ends_at) VALUES (?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
          )
          .get(token.userId, token.name, token.hash, now(), token.endsAt) as Row,
      ),
    byId(id: number): Token | null {
      const row = db.prepare(`SELECT ${COLUMNS} FROM tokens WHERE id = ?`).get(id)
      return row === undefined ? null : toToken(row as Row)
    },
    ofUser: (userId: number): Token[] =>
      (db.prepare(`SELECT ${COLUMNS} FROM tokens WHERE user_id = ? ORDER BY id`).all(userId) as Row[]).map(
        toToken,
      ),
    revoke: (id: number): void => {
      db.prepare('DELETE FROM tokens WHERE id = ?').run(id)
    },
    /** Whose token it is; null for an unknown one, and one that has come to its end. */
    holder(hash: string): Identity | null {
      const row = db
        .prepare(
          `SELECT users.id AS userId, users.name AS user, role, tokens.id AS tokenId, tokens.name AS token
           FROM tokens JOIN users ON users.id = user_id WHERE hash = ? AND (ends_at IS NULL OR ends_at > ?)`,
        )
        .get(hash, now()) as (Identity & { role: Role }) | undefined
      return row ?? null
    },
    /** Notes that it is used, at most once an hour. */
    used: (id: number): void => {
      const seen = db
        .prepare('SELECT 1 FROM tokens WHERE id = ? AND last_used_at > ?')
        .get(id, now() - USE_MS)
      if (seen === undefined) db.prepare('UPDATE tokens SET last_used_at = ? WHERE id = ?').run(now(), id)
    },
  }
}
