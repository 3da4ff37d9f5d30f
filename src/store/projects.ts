import type { Project } from '../domain/project.ts'
import type { Settings } from '../domain/settings.ts'
import { json, parse, type StoreBase } from './base.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  name: string
  repo_url: string | null
  secret: string
  push_token_hash: string
  settings: string
  badge_turns: number
  created_at: number
}

const toProject = (row: Row): Project => ({
  id: row.id,
  name: row.name,
  repoUrl: row.repo_url,
  secret: row.secret,
  pushTokenHash: row.push_token_hash,
  settings: parse(row.settings),
  badgeTurns: row.badge_turns,
  createdAt: row.created_at,
})

export function projectTable({ db, now }: StoreBase) {
  const one = (row: unknown) => (row === undefined ? null : toProject(row as Row))
  return {
    /** @throws SqliteError SQLITE_CONSTRAINT_UNIQUE when the name is taken */
    insert(project: Pick<Project, 'name' | 'repoUrl' | 'secret' | 'pushTokenHash' | 'settings'>): Project {
      const row = db
        .prepare(
          `INSERT INTO projects (id, name, repo_url, secret, push_token_hash, settings, created_at)
           VALUES (${nextId('projects')}, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          project.name,
          project.repoUrl,
          project.secret,
          project.pushTokenHash,
          json(project.settings),
          now(),
        )
      return toProject(row as Row)
    },
    byId: (id: number): Project | null => one(db.prepare('SELECT * FROM projects WHERE id = ?').get(id)),
    byName: (name: string): Project | null =>
      one(db.prepare('SELECT * FROM projects WHERE name = ?').get(name)),
    all: (): Project[] => (db.prepare('SELECT * FROM projects ORDER BY name').all() as Row[]).map(toProject),
    /** Gives its badge another key. */
    turnBadge: (id: number): void =>
      void db.prepare('UPDATE projects SET badge_turns = badge_turns + 1 WHERE id = ?').run(id),
    update(
      id: number,
      change: { settings?: Partial<Settings>; secret?: string; pushTokenHash?: string },
    ): void {
      db.prepare(
        `UPDATE projects SET settings = ifnull(?, settings), secret = ifnull(?, secret),
         push_token_hash = ifnull(?, push_token_hash) WHERE id = ?`,
      ).run(
        change.settings ? json(change.settings) : null,
        change.secret ?? null,
        change.pushTokenHash ?? null,
        id,
      )
    },
  }
}
