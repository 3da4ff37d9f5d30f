import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { rememberStatements } from '../../src/store/statements.ts'

test('a statement is compiled once, and sees a schema that changed since', () => {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE t (a INTEGER)')
  rememberStatements(db)
  const all = db.prepare('SELECT * FROM t')
  db.exec('INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 2')
  expect(db.prepare('SELECT * FROM t')).toBe(all)
  expect(all.all()).toEqual([{ a: 1, b: 2 }])
  db.close()
})
