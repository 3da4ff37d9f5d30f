import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { userError } from '../domain/failure.ts'
import { fullCheck, whileReadable } from './damage.ts'
import { NewerSchema, SCHEMA, schemaOf } from './migrate.ts'

/** Pages in one step; the process does other things in between. */
const PAGES = 4096

/**
 * A copy of the database as of one moment, while others go on writing to it; neither migrates nor changes it.
 * @param to a file that is not there yet; its owner alone may read it, since it holds secrets
 * @returns the copy's schema
 * @throws HoneError `database-damaged`; NewerSchema
 */
export async function snapshot(file: string, to: string): Promise<{ schema: number }> {
  const source = new Database(file, { fileMustExist: true })
  try {
    whileReadable(file, () => {
      source.pragma('busy_timeout = 5000')
      // One view for all steps: without it each commit of a running server would make the copy begin anew.
      source.exec('BEGIN')
      schemaOf(source)
    })
    // Made here, since SQLite would let everyone read it. What it makes beside it takes over the mode.
    closeSync(openSync(to, 'wx', 0o600))
    await source.backup(to, { progress: () => PAGES })
  } finally {
    source.close()
  }
  return checkCopy(to, file)
}

/**
 * Looks at all of a copy that nobody else uses, and leaves it as one file without a log beside it.
 * @param origin the database that it was copied from, which is the one to mend
 * @returns its schema
 * @throws HoneError `database-damaged`, `not-a-backup`; NewerSchema
 */
export function checkCopy(file: string, origin = file): { schema: number } {
  const db = new Database(file, { fileMustExist: true })
  try {
    return whileReadable(origin, () => {
      db.pragma('journal_mode = DELETE')
      const schema = schemaOf(db)
      if (schema > SCHEMA) throw new NewerSchema(schema, SCHEMA)
      const isHone = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'projects'`).get() !== undefined
      if (schema === 0 || !isHone)
        throw userError(
          'not-a-backup',
          `${file} is no database of Hone's.`,
          'Name a backup that `hone backup` made.',
        )
      fullCheck(db, origin)
      return { schema }
    })
  } finally {
    db.close()
  }
}
