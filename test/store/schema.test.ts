import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { migrate, NewerSchema } from '../../src/store/migrate.ts'
import { openDatabase } from '../../src/store/open.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'
import { testStore } from './support.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach(removeFolder))
function file() {
  const folder = temporaryFolder()
  folders.push(folder)
  return join(folder, 'data', 'hone.sqlite')
}

describe('the database', () => {
  test('is in WAL, flushed at every commit, with foreign keys', () => {
    const db = openDatabase(file())
    const pragma = (name: string) => db.pragma(name, { simple: true })
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1])
    db.close()
  })

  test('refuses a row that points to nothing', () => {
    const { store } = testStore()
    expect(() => store.jobs.enqueue(99, 'train', 'train:0', {})).toThrow(/FOREIGN KEY/)
  })

  test('keeps what was committed when it is opened again', () => {
    const path = file()
    const first = openDatabase(path)
    first.prepare(`INSERT INTO meta (key, value) VALUES ('a', 'b')`).run()
    first.close()
    const second = openDatabase(path)
    expect(second.prepare('SELECT * FROM meta').all()).toEqual([{ key: 'a', value: 'b' }])
    second.close()
  })
})

describe('migrations', () => {
  const version = (db: Database.Database) => db.pragma('user_version', { simple: true })

  test('run in order, each once', () => {
    const db = new Database(':memory:')
    migrate(db, ['CREATE TABLE a (x TEXT)'])
    migrate(db, ['CREATE TABLE a (x TEXT)', 'ALTER TABLE a ADD COLUMN y TEXT'])
    migrate(db, ['CREATE TABLE a (x TEXT)', 'ALTER TABLE a ADD COLUMN y TEXT'])
    expect(version(db)).toBe(2)
    expect(db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('a')).toEqual(['x', 'y'])
  })

  test('leave nothing of one that fails, and all of those before it', () => {
    const db = new Database(':memory:')
    expect(() =>
      migrate(db, ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT); CREATE TABEL c']),
    ).toThrow()
    expect(version(db)).toBe(1)
    expect(db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all()).toEqual(['a'])
  })

  test('refuse a newer database and leave it alone', () => {
    const path = file()
    const db = openDatabase(path)
    const known = version(db) as number
    db.pragma(`user_version = ${known + 1}`)
    db.close()
    expect(() => openDatabase(path)).toThrow(NewerSchema)
    expect(() => openDatabase(path)).toThrow(`has schema ${known + 1}; this Hone knows up to ${known}`)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})

describe('names', () => {
  const { db } = testStore()
  const objects = db.prepare('SELECT type, name, tbl_name AS owner, sql FROM sqlite_master').all() as {
    type: string
    name: string
    owner: string
    sql: string | null
  }[]
  const tables = objects.filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'))

  test('every table is strict', () => {
    expect(tables.map(({ name }) => name).sort()).toEqual(
      [
        'attempts',
        'audit',
        'deliveries',
        'events',
        'jobs',
        'mails',
        'meta',
        'metrics',
        'packed_metrics',
        'projects',
        'removals',
        'runs',
        'sessions',
        'tokens',
        'trials',
        'users',
      ].sort(),
    )
    const strict = db
      .prepare(`SELECT name FROM pragma_table_list WHERE strict = 1 AND schema = 'main'`)
      .pluck()
      .all()
    expect(strict.sort()).toEqual(tables.map(({ name }) => name).sort())
  })

  test('every index that SQLite made itself belongs to a constraint with a name', () => {
    for (const { name, sql } of tables) {
      const automatic = objects.filter(
        (object) => object.owner === name && object.name.startsWith('sqlite_autoindex_'),
      )
      const named = sql?.match(/CONSTRAINT \w+ (?:PRIMARY KEY|UNIQUE)/g) ?? []
      const all = sql?.match(/\b(?:PRIMARY KEY|UNIQUE)\b/g) ?? []
      expect(all.length, name).toBe(named.length)
      expect(automatic.length, name).toBeLessThanOrEqual(named.length)
    }
  })

  test('every foreign key and check has a name', () => {
    for (const { name, sql } of tables) {
      const anonymous = sql?.replaceAll(/CONSTRAINT \w+ (?:REFERENCES|CHECK|FOREIGN KEY)/g, '')
      expect(anonymous, name).not.toMatch(/\b(?:REFERENCES|CHECK|FOREIGN KEY)\b/)
    }
  })

  test('no two constraints have the same', () => {
    const names = tables.flatMap(({ sql }) =>
      [...(sql?.matchAll(/CONSTRAINT (\w+)/g) ?? [])].map((match) => match[1]),
    )
    expect(new Set(names).size).toBe(names.length)
  })
})
