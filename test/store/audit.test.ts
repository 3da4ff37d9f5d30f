import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { OWNER } from '../../src/domain/access.ts'
import { MIGRATIONS, migrate } from '../../src/store/migrate.ts'
import { createStore } from '../../src/store/store.ts'
import { testStore } from './support.ts'

const deed = (subject: string) =>
  ({ user: OWNER, token: null, via: 'token', address: null, action: 'project made', subject }) as const
const HOUR = 3_600_000

describe('the record', () => {
  it('lets rows go after a year, and cuts a subject that is too long', () => {
    const { store, clock } = testStore()
    store.audit.append(deed('old'))
    clock.now += 367 * 24 * HOUR
    for (let count = 0; count < 100; count++) store.audit.append(deed('x'.repeat(500)))
    const all = store.audit.list({ limit: 1000 })
    expect(all).toHaveLength(100)
    expect(new Set(all.map(({ subject }) => subject))).toEqual(new Set(['x'.repeat(300)]))
  })

  /** Rows as `append` and `refused` write them, many at once. */
  const fill = ({ db, clock }: ReturnType<typeof testStore>, action: string, count: number) =>
    db
      .prepare(
        `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
         INSERT INTO audit (at, action, subject, address) SELECT ?, ?, 'filler', n FROM n`,
      )
      .run(count, clock.now, action)
  const subjects = (db: Database.Database, action: string) =>
    db.prepare('SELECT subject FROM audit WHERE action = ? ORDER BY id').pluck().all(action)

  it('keeps the newest hundred thousand rows', () => {
    const world = testStore()
    const { store, db } = world
    store.audit.append(deed('first'))
    fill(world, 'project made', 99_999)
    for (let count = 0; count < 100; count++) store.audit.append(deed('later'))
    const kept = subjects(db, 'project made')
    expect(kept).toHaveLength(100_000)
    expect(kept).not.toContain('first')
  })

  it('keeps ten thousand refused sign-ins, which push nothing else out', () => {
    const world = testStore()
    const { store, db } = world
    store.audit.append(deed('first'))
    fill(world, 'sign-in refused', 109_990)
    for (let count = 0; count < 10; count++) store.audit.append(deed('later'))
    expect(subjects(db, 'sign-in refused')).toHaveLength(10_000)
    expect(subjects(db, 'project made')).toHaveLength(11)
  })

  it('is undone with the deed', () => {
    const { store } = testStore()
    const work = () =>
      store.transaction(() => {
        store.audit.append(deed('undone'))
        throw new Error('no')
      })
    expect(work).toThrow('no')
    expect(store.audit.list({ limit: 10 })).toEqual([])
  })

  it('counts refused sign-ins of many addresses in few rows', () => {
    const { store } = testStore()
    for (let host = 0; host < 80; host++) store.audit.refused(`10.0.0.${host}`, 'a token', 2)
    store.audit.refused('10.0.0.3', 'a token', 1)
    const rows = store.audit.list({ limit: 1000 })
    expect(rows).toHaveLength(51)
    expect(rows.find(({ address }) => address === '10.0.0.3')?.count).toBe(3)
    expect(rows[0]).toMatchObject({ address: 'other addresses', count: 60 })
  })

  it('begins new rows for refused sign-ins with each hour', () => {
    const { store, clock } = testStore()
    store.audit.refused('10.0.0.1', 'a token', 2)
    clock.now += HOUR
    store.audit.refused('10.0.0.1', 'a token', 3)
    expect(store.audit.list({ limit: 10 }).map(({ count }) => count)).toEqual([3, 2])
  })
})

describe('sessions', () => {
  it('of one token are a hundred at most, and do not push out those of another', () => {
    const { store, db } = testStore()
    const user = store.users.insert({ name: 'ada', role: 'viewer' })
    const token = store.tokens.insert({ userId: user.id, name: 'a', hash: 'h', endsAt: null })
    store.sessions.open('owners', null)
    for (let count = 0; count < 120; count++) store.sessions.open(`s${count}`, token.id)
    expect(store.sessions.count(token.id)).toBe(100)
    expect(store.sessions.holder('owners')).toMatchObject({ user: OWNER })
    expect(store.sessions.holder('s119')).toMatchObject({ user: 'ada', token: 'a', role: 'viewer' })
    store.users.remove(user.id)
    expect(db.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1)
  })

  it('of before there were users go on as those of the owner', () => {
    const db = new Database(':memory:')
    const before = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE sessions'))
    migrate(db, MIGRATIONS.slice(0, before))
    db.prepare(`INSERT INTO meta (key, value) VALUES ('sessions', '{"abc":5000}')`).run()
    migrate(db)
    const store = createStore(db, () => 1000)
    expect(store.sessions.holder('abc')).toMatchObject({ user: OWNER, role: 'admin' })
    expect(store.meta.get('sessions')).toBeNull()
  })
})
