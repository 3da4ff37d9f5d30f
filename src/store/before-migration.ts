import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { unavailable } from '../domain/failure.ts'
import { renameDurably } from './durable.ts'

/**
 * Keeps a database of an earlier schema as `hone.sqlite.schema-<number>` before it is migrated; one such copy at a time.
 * @throws HoneError `disk-full`, and then nothing is changed
 */
export function keepBeforeMigration(db: Database, schema: number): void {
  const { name: file } = db
  const folder = dirname(file)
  const copy = `${file}.schema-${schema}`
  const partial = `${copy}.${process.pid}.partial`
  try {
    rmSync(partial, { force: true })
    db.prepare('VACUUM INTO ?').run(partial)
    renameDurably(partial, copy)
  } catch (error) {
    rmSync(partial, { force: true })
    if (!/^(SQLITE_FULL|SQLITE_IOERR_WRITE|ENOSPC)$/.test((error as { code?: string }).code ?? ''))
      throw error
    throw unavailable(
      'disk-full',
      `There is no room in ${folder} for a copy of the database, which is made before its schema changes.`,
      'Free some space and start again.',
      error,
    )
  }
  for (const name of readdirSync(folder)) {
    const isEarlier = name.startsWith(`${basename(file)}.schema-`) && name !== basename(copy)
    if (isEarlier && /-\d+$/.test(name)) rmSync(join(folder, name))
  }
}
