import Database from 'better-sqlite3'
import type { World } from './world.ts'

/**
 * The first column of what the database answers, without ever waiting: the server may stand still in the middle of a
 * transaction.
 */
export function peek(world: World, sql: string): unknown[] {
  const db = new Database(world.paths.database, { readonly: true, timeout: 0 })
  try {
    return db.prepare(sql).pluck().all()
  } finally {
    db.close()
  }
}
