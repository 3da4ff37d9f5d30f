import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { migrate } from './migrate.ts'

/** The database holds secrets, the folders beside it other people's source. */
const OWNER_ONLY = 0o700

/** Opens the database, in WAL with every commit flushed, and migrates it. `:memory:` is for tests. */
export function openDatabase(file: string): Database.Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY })
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  try {
    migrate(db)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/**
 * Takes the data folder for this process until it ends, however it ends: the operating system drops the lock.
 * @returns a function that lets go, or null when another process holds it
 */
export function lockFolder(folder: string): (() => void) | null {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY })
  const db = new Database(`${folder}/hone.lock`, { timeout: 0 })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null
    throw error
  }
  return () => db.close()
}
