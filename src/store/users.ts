import type { Role, User } from '../domain/access.ts'
import type { StoreBase } from './base.ts'

interface Row {
  id: number
  name: string
  role: Role
  created_at: number
}

const toUser = ({ created_at, ...row }: Row): User => ({ ...row, createdAt: created_at })

/** People besides the owner. */
export function userTable({ db, now }: StoreBase) {
  const one = (row: unknown) => (row === undefined ? null : toUser(row as Row))
  return {
    /** @throws SqliteError SQLITE_CONSTRAINT_UNIQUE when the name is taken */
    insert: ({ name, role }: Pick<User, 'name' | 'role'>): User =>
      toUser(
        db
          .prepare('INSERT INTO users (name, role, created_at) VALUES (?, ?, ?) RETURNING *')
          .get(name, role, now()) as Row,
      ),
    byId: (id: number): User | null => one(db.prepare('SELECT * FROM users WHERE id = ?').get(id)),
    byName: (name: string): User | null => one(db.prepare('SELECT * FROM users WHERE name = ?').get(name)),
    all: (): User[] => (db.prepare('SELECT * FROM users ORDER BY name').all() as Row[]).map(toUser),
    setRole: (id: number, role: Role): void => {
      db.prepare('UPDATE users SET role = ? WHERE id = ?').run(role, id)
    },
    /** With all tokens and sessions of theirs. */
    remove: (id: number): void => {
      db.prepare('DELETE FROM users WHERE id = ?').run(id)
    },
  }
}
