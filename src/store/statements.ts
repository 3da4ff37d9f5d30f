import type { Database, Statement } from 'better-sqlite3'

/**
 * Lets a database compile each statement once: they are asked over and over, and to compile one takes longer than most of
 * them do. There are as many as stand in this folder.
 *
 * `pluck` changes the statement that it is called on, for all who share it: what it gives here is another one.
 */
export function rememberStatements(db: Database): void {
  const prepare = db.prepare.bind(db) as (sql: string) => Statement
  const plucked = rememberedBy((sql) => prepare(sql).pluck())
  const whole = rememberedBy((sql) => {
    const statement = prepare(sql)
    statement.pluck = () => plucked(sql)
    return statement
  })
  db.prepare = whole as Database['prepare']
}

function rememberedBy(make: (sql: string) => Statement): (sql: string) => Statement {
  const known = new Map<string, Statement>()
  return (sql) => {
    const statement = known.get(sql) ?? make(sql)
    known.set(sql, statement)
    return statement
  }
}
