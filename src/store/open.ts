import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { userError } from '../domain/failure.ts'
import { keepBeforeMigration } from './before-migration.ts'
import { refuseIncomplete, whileReadable } from './damage.ts'
import { migrate, SCHEMA, schemaOf } from './migrate.ts'

/** The database holds secrets, the folders beside it other people's source. */
const OWNER_ONLY = 0o700

const UNUSABLE = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'ENOENT'],
  ...['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_PERM'],
])

/** What only the person who chose the folder can mend, in words. */
function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (![...UNUSABLE].some((known) => code.startsWith(known))) throw error
    throw userError(
      'data-folder',
      `The data folder ${folder} cannot be used: ${message}.`,
      'Set HONE_DATA to a folder that may be written to, or correct the rights of this one.',
    )
  }
}

/** Made one by one: Node itself never comes back from some folders of the kernel's, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return void readdirSync(folder)
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: OWNER_ONLY })
}

/** What the log of changes may keep of the disk after a long read, such as a backup, made it grow. */
const LOG_BYTES = 64 * 1024 * 1024

/**
 * Opens the database, in WAL with every commit flushed, and migrates it; one of an earlier schema is copied before.
 * `:memory:` is for tests.
 * @throws HoneError `data-folder`, `database-damaged`, `database-missing`; NewerSchema
 */
export function openDatabase(file: string): Database.Database {
  const isFile = file !== ':memory:'
  const db = inFolder(dirname(file), () => {
    if (isFile) {
      makeFolder(dirname(file))
      refuseIncomplete(file)
    }
    return new Database(file)
  })
  try {
    whileReadable(file, () => {
      // Only a database without tables takes it on.
      db.pragma('auto_vacuum = INCREMENTAL')
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      db.pragma('foreign_keys = ON')
      db.pragma('busy_timeout = 5000')
      db.pragma(`journal_size_limit = ${LOG_BYTES}`)
      const schema = schemaOf(db)
      if (isFile && schema > 0 && schema < SCHEMA) keepBeforeMigration(db, schema)
      migrate(db)
    })
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** A database that is there already, for a row more; null when it has another schema, since it is not migrated. */
export function openAsIs(file: string): Database.Database | null {
  const db = new Database(file, { fileMustExist: true })
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  if (schemaOf(db) === SCHEMA) return db
  db.close()
  return null
}

/**
 * Takes the data folder for this process until it ends, however it ends: the operating system drops the lock.
 * @returns a function that lets go, or null when another process holds it
 * @throws HoneError `data-folder`
 */
export function lockFolder(folder: string): (() => void) | null {
  const db = inFolder(folder, () => {
    makeFolder(folder)
    return new Database(`${folder}/hone.lock`, { timeout: 0 })
  })
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
