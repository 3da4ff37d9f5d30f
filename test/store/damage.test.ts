import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fullCheck, quickCheck } from '../../src/store/damage.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'hone.sqlite')
})
afterEach(() => removeFolder(folder))

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({
    failure: expect.objectContaining({
      ...{ code, kind: 'user' },
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('hone restore FILE'),
    }),
  })

/** As a server leaves it that has ended, with some hundred pages. */
function filled(): void {
  const db = openDatabase(file)
  const store = createStore(db)
  store.transaction(() => {
    for (let n = 0; n < 300; n++) store.meta.set(`key-${n}`, String(n).repeat(300))
  })
  db.close()
}

/** Opens and looks as a start does. */
function start(): string[] {
  const db = openDatabase(file)
  try {
    return quickCheck(db, 60_000)
  } finally {
    db.close()
  }
}

describe('a database that is whole', () => {
  it('passes both checks', () => {
    filled()
    expect(start()).toEqual([])
    const db = openDatabase(file)
    expect(() => fullCheck(db)).not.toThrow()
    db.close()
  })

  it('is looked at table by table, the most needed first, until the time is up', () => {
    filled()
    const db = openDatabase(file)
    const left = quickCheck(db, -1)
    expect(left.slice(0, 3)).toEqual(['meta', 'projects', 'runs'])
    expect(left).toContain('events')
    db.close()
  })
})

describe('a damaged database is refused, and the error says what to do', () => {
  it('when pages of it were overwritten', () => {
    filled()
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 20 * 4096)
    writeFileSync(file, bytes)
    expect(start).toThrow(refused('database-damaged', /hone\.sqlite is damaged: \S/))
  })

  it('when it was cut off', () => {
    filled()
    truncateSync(file, statSync(file).size - 10 * 4096)
    expect(start).toThrow(refused('database-damaged', /malformed/))
  })

  it.each([
    ['of another kind', 'not a database at all, but long enough to look at. '.repeat(200)],
    ['of a few bytes', 'SQLite'],
  ])('when it is a file %s', (_, text) => {
    writeFileSync(file, text)
    expect(start).toThrow(refused('database-damaged', /not a database/))
  })

  it('when its log of changes is gone', () => {
    const db = openDatabase(file)
    rmSync(`${file}-wal`)
    expect(start).toThrow(
      refused('database-damaged', /hone\.sqlite-wal, which holds the latest changes, is gone/),
    )
    db.close()
  })

  it.each([
    ['missing', () => rmSync(file, { force: true })],
    ['empty', () => truncateSync(file, 0)],
  ])('when it is %s and logs of its runs are there', (word, damage) => {
    filled()
    mkdirSync(join(folder, 'logs', 'run-1'), { recursive: true })
    damage()
    expect(start).toThrow(refused('database-missing', new RegExp(`is ${word}, but logs`)))
  })

  it('by the full check also when a row points to nothing', () => {
    filled()
    const db = new Database(file)
    db.pragma('foreign_keys = OFF')
    db.exec(`INSERT INTO jobs (run_id, name, key, state, input, run_after, created_at)
      VALUES (77, 'train', 'train:0', 'queued', '{}', 0, 0)`)
    expect(() => fullCheck(db)).toThrow(refused('database-damaged', /row 1 of jobs points to a row of runs/))
    db.close()
  })
})

it('a new folder begins a new database', () => {
  mkdirSync(join(folder, 'logs'))
  expect(start()).toEqual([])
})
