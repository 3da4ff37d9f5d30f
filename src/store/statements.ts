import type { Database, Statement } from 'better-sqlite3'

/**
 * Lets a database compile each statement once: they are asked over and over, and to compile one takes longer than most of
 * them do. There are as many as stand in this folder.
 */
export function rememberStatements(db: Database): void {
  const known = new Map<string, Statement>()
  const prepare = db.prepare.bind(db) as (sql: string) => Statement
  const remembered = (sql: string) => {
    const statement = known.get(sql) ?? prepare(sql)
    known.set(sql, statement)
    return statement
  }
  db.prepare = remembered as Database['prepare']
}
