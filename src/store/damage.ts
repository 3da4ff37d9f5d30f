import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { type HoneError, userError } from '../domain/failure.ts'

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/
/** Tables in the order in which their loss would hurt; the others follow. */
const MOST_NEEDED = ['meta', 'projects', 'runs', 'jobs', 'trials', 'attempts', 'mails', 'deliveries']
/** The folder beside the database that a restore puts its own into before it exchanges them. */
export const RESTORING = 'restoring'
/** Findings that are told; a broken page has dozens. */
const TOLD = 3

/** @param what is wrong, in words or in SQLite's own */
export const databaseDamaged = (file: string, what: string): HoneError =>
  userError(
    'database-damaged',
    `The database ${file} is damaged: ${what}.`,
    `Restore your newest backup with \`hone restore FILE\`; the damaged database is kept in a folder \`replaced-<time>\`. Without one, ` +
      `\`sqlite3 ${file} .recover\` saves what can still be read.`,
  )

/** What SQLite says of a broken file while it works, in words. @throws HoneError `database-damaged` */
export function whileReadable<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (!DAMAGED.test(code)) throw error
    throw databaseDamaged(file, message)
  }
}

/**
 * Refuses a folder whose database went away: an empty one in its place would number its runs from 1 again, over the
 * logs and files of others.
 * @throws HoneError `restore-cut-off`, `database-missing`, `database-damaged`
 */
export function refuseIncomplete(file: string): void {
  const isEmpty = !existsSync(file) || statSync(file).size === 0
  if (isEmpty && existsSync(join(dirname(file), RESTORING))) throw restoreCutOff(dirname(file))
  if (existsSync(`${file}-shm`) && !existsSync(`${file}-wal`)) {
    throw databaseDamaged(file, `its log ${basename(file)}-wal, which holds the latest changes, is gone`)
  }
  if (!isEmpty || !hasRuns(dirname(file))) return
  throw userError(
    'database-missing',
    `The database ${file} is ${existsSync(file) ? 'empty' : 'missing'}, but logs of its runs are there.`,
    'Put it back, restore a backup with `hone restore FILE`, or set HONE_DATA to a new folder to begin anew.',
  )
}

function restoreCutOff(folder: string): HoneError {
  const kept = readdirSync(folder).filter((name) => name.startsWith('replaced-'))
  const before = kept.length > 0 ? ` What was there before lies in ${join(folder, kept.at(-1) ?? '')}.` : ''
  return userError(
    'restore-cut-off',
    `A restore into ${folder} was cut off: it has no database.${before}`,
    'Run `hone restore FILE` again with the same backup.',
  )
}

function hasRuns(folder: string): boolean {
  const logs = join(folder, 'logs')
  return existsSync(logs) && readdirSync(logs).some((name) => /^run-\d+$/.test(name))
}

/**
 * A look at the structure of each table, the most needed first, until the time is up; a table that was begun is looked at
 * in full.
 * @param withinMs time after which no other table is begun
 * @returns the tables that were not reached
 * @throws HoneError `database-damaged`
 */
export function quickCheck(db: Database, withinMs: number): string[] {
  const began = performance.now()
  return whileReadable(db.name, () => {
    const names = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
    const rank = (name: string) => (MOST_NEEDED.indexOf(name) + 1 || MOST_NEEDED.length + 1) as number
    return names
      .toSorted((a, b) => rank(a) - rank(b))
      .filter((name) => {
        if (performance.now() - began > withinMs) return true
        refuse(db.name, db.pragma(`quick_check("${name}")`) as Finding[])
        return false
      })
  })
}

type Finding = Record<string, string>

/** Every page, index and reference between rows; as long as that takes. @throws HoneError `database-damaged`, of `file` */
export function fullCheck(db: Database, file = db.name): void {
  whileReadable(file, () => {
    refuse(file, db.pragma(`integrity_check(${TOLD})`) as Finding[])
    const [broken] = db.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
    if (broken) {
      const { table, rowid, parent } = broken
      throw databaseDamaged(file, `row ${rowid} of ${table} points to a row of ${parent} that is gone`)
    }
  })
}

function refuse(file: string, findings: readonly Finding[]): void {
  const told = findings.map((finding) => String(Object.values(finding)[0]))
  if (told.length === 1 && told[0] === 'ok') return
  throw databaseDamaged(file, told.slice(0, TOLD).join('; ').replaceAll(/\s+/g, ' '))
}
