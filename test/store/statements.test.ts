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

test('a statement that gives bare values changes none that gives rows', () => {
  const db = new Database(':memory:')
  rememberStatements(db)
  const read = 'SELECT 1 AS a'
  expect(db.prepare(read).pluck().get()).toBe(1)
  expect(db.prepare(read).get()).toEqual({ a: 1 })
  expect(db.prepare(read).pluck()).toBe(db.prepare(read).pluck())
  db.close()
})
