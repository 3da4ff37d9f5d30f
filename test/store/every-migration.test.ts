import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { fullCheck } from '../../src/store/damage.ts'
import { MIGRATIONS, migrate, SCHEMA, schemaOf } from '../../src/store/migrate.ts'
import { openDatabase } from '../../src/store/open.ts'
import { packMetrics } from '../../src/store/packed-metrics.ts'
import { createStore } from '../../src/store/store.ts'
import { aDetection } from '../helpers/detections.ts'
import { removeFolder, temporaryFolder } from '../helpers/git.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

type Row = Record<string, string | number | Buffer | null>

const failure = JSON.stringify({ kind: 'system', code: 'killed', message: 'm', remedy: 'r' })
/**
 * A row for each table, with every column that has no default; those that a schema does not have yet are left out of it.
 * A table that a new migration makes belongs here, too.
 */
const ROWS: Record<string, Row> = {
  meta: { key: 'instance', value: 'abcd' },
  projects: {
    id: 1,
    name: 'digits',
    secret: 's',
    push_token_hash: 'h',
    settings: '{"target":0.9}',
    created_at: 1,
  },
  runs: {
    ...{
      id: 1,
      project_id: 1,
      number: 1,
      ref: 'refs/heads/main',
      sha: 'a',
      trigger: 'push',
      state: 'running',
    },
    ...{
      overrides: '{}',
      settings: JSON.stringify(defaultSettings),
      detection: JSON.stringify(aDetection()),
    },
    ...{ created_at: 1, started_at: 2, deadline: 3, message: 'grün' },
  },
  deliveries: {
    ...{ id: 1, project_id: 1, delivery_id: 'd', event: 'push', outcome: 'run', run_id: 1 },
    ...{ payload: Buffer.from('{"a":1}'), received_at: 1 },
  },
  jobs: {
    ...{
      id: 1,
      run_id: 1,
      project_id: 1,
      name: 'train',
      key: 'train:0',
      state: 'running',
      input: '{"number":0}',
      failure,
    },
    ...{ tries: 2, run_after: 1, owner: 'o', lease_until: 5, created_at: 1, started_at: 2 },
  },
  trials: {
    ...{
      id: 1,
      run_id: 1,
      number: 0,
      state: 'completed',
      values: '{"lr":0.1}',
      sha: 'a',
      diff: 'd',
      metric: 0.8,
    },
    ...{ created_at: 1 },
  },
  attempts: {
    ...{ id: 1, trial_id: 1, number: 1, state: 'failed', container: 'c', exit_code: 137, signal: 'SIGKILL' },
    ...{ out_of_memory: 1, failure, deadline: 9, created_at: 1, ended_at: 2 },
  },
  metrics: {
    ...{ id: 1, attempt_id: 1, name: 'accuracy', split: 'test', value: 0.8, step: 3, source: 'log' },
    ...{ evidence: 'accuracy: 0.8', line: 7, decisive: 1, at: 1 },
  },
  mails: {
    ...{ id: 1, run_id: 1, kind: 'target', message_id: '<a@b>', recipient: 'a@b', subject: 's', text: 't' },
    ...{ html: '<p>', attachments: '[]', state: 'pending', next_try_at: 1, created_at: 1 },
  },
  events: { id: 1, run_id: 1, project_id: 1, type: 'progress', data: '{"text":"t"}', at: 1 },
  packed_metrics: { attempt_id: 1, data: packMetrics([]) },
  users: { id: 1, name: 'ada', role: 'viewer', created_at: 1 },
  tokens: { id: 1, user_id: 1, name: 'laptop', hash: 'h', created_at: 1 },
  sessions: { hash: 's', token_id: 1, ends_at: 1 },
  removals: { project_id: 1, name: 'digits', run_ids: '[1]', at: 1 },
  audit: { id: 1, at: 1, user: 'ada', action: 'run cancelled', subject: 'digits #1' },
}

const tablesOf = (db: Database.Database) =>
  db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .pluck()
    .all() as string[]
const columnsOf = (db: Database.Database, table: string) =>
  db.prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY name').all(table) as {
    name: string
  }[]
const shapeOf = (db: Database.Database) => ({
  tables: Object.fromEntries(tablesOf(db).map((table) => [table, columnsOf(db, table)])),
  indices: db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`)
    .all(),
})

/** A database of an earlier schema with a row in each of its tables. */
function aDatabaseOf(schema: number, file: string): Record<string, Row> {
  const db = new Database(file)
  migrate(db, MIGRATIONS.slice(0, schema))
  db.pragma('foreign_keys = OFF')
  const written: Record<string, Row> = {}
  for (const table of tablesOf(db)) {
    const known = columnsOf(db, table).map(({ name }) => name)
    const row = Object.fromEntries(Object.entries(ROWS[table] ?? {}).filter(([name]) => known.includes(name)))
    const names = Object.keys(row)
    db.prepare(
      `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join()}) VALUES (${names.map(() => '?').join()})`,
    ).run(...Object.values(row))
    written[table] = row
  }
  fullCheck(db)
  db.close()
  return written
}

it('every table of today has a row to be migrated', () => {
  const db = new Database(':memory:')
  migrate(db)
  expect(Object.keys(ROWS).sort()).toEqual(tablesOf(db))
})

describe.each(Array.from({ length: SCHEMA - 1 }, (_, index) => index + 1))(
  'a database of schema %i',
  (schema) => {
    it('becomes one of today, with all its rows, and a copy of it is kept', () => {
      const file = join(folder, 'hone.sqlite')
      const written = aDatabaseOf(schema, file)
      const db = openDatabase(file)
      const fresh = new Database(':memory:')
      migrate(fresh)
      expect(schemaOf(db)).toBe(SCHEMA)
      expect(shapeOf(db)).toEqual(shapeOf(fresh))
      fullCheck(db)
      for (const [table, row] of Object.entries(written)) {
        const [found, ...others] = db.prepare(`SELECT * FROM ${table}`).all() as Row[]
        expect(others, table).toEqual([])
        // Settings and detection gain what is new; see migrations.test.ts.
        const { settings: _, detection: __, ...kept } = row
        expect(found, table).toMatchObject(kept)
      }
      const store = createStore(db)
      expect(store.runs.list({ projectId: 1 }).map(({ message }) => message)).toEqual(['grün'])
      expect(store.trials.ofRun(1).map(({ values, metric }) => [values, metric])).toEqual([
        [{ lr: 0.1 }, 0.8],
      ])
      expect(store.attempts.ofRun(1)[0]?.failure?.code).toBe('killed')
      expect(store.metrics.ofTrial(1)[0]).toMatchObject({
        value: 0.8,
        decisive: true,
        evidence: 'accuracy: 0.8',
      })
      expect(store.deliveries.ofProject(1)[0]?.payload.toString()).toBe('{"a":1}')
      expect(store.mails.due().map(({ to }) => to)).toEqual(['a@b'])
      expect(store.events.after(0).map(({ data }) => data)).toEqual([{ text: 't' }])
      expect(store.jobs.recover()).toBe(1)
      expect(store.jobs.claim({ names: ['train'], exclusive: [] }, 'w', 1000)?.key).toBe('train:0')
      db.close()

      const copy = new Database(`${file}.schema-${schema}`, { readonly: true })
      expect(schemaOf(copy)).toBe(schema)
      expect(copy.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(1)
      copy.close()
    })
  },
)

describe('the copy before a migration', () => {
  const file = () => join(folder, 'hone.sqlite')
  const copies = () => readdirSync(folder).filter((name) => name.includes('schema'))

  it('is one at a time', () => {
    aDatabaseOf(2, file())
    new Database(`${file()}.schema-1`).close()
    openDatabase(file()).close()
    expect(copies()).toEqual(['hone.sqlite.schema-2'])
  })

  it('is made of no database of today, nor of a new one', () => {
    openDatabase(file()).close()
    openDatabase(file()).close()
    expect(copies()).toEqual([])
  })

  it('must succeed, or the schema stays as it is', () => {
    aDatabaseOf(2, file())
    // In its way: a folder that is not empty cannot be replaced by a file.
    const blocked = `${file()}.schema-2`
    mkdirSync(join(blocked, 'something'), { recursive: true })
    expect(() => openDatabase(file())).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
    const after = new Database(file(), { readonly: true })
    expect(schemaOf(after)).toBe(2)
    after.close()
    expect(copies()).toEqual(['hone.sqlite.schema-2'])
  })
})
