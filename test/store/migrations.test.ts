import Database from 'better-sqlite3'
import { describe, expect, it, test } from 'vitest'
import { tweak } from '../../jobs/tweak.ts'
import { Settings } from '../../src/domain/settings.ts'
import { migrate } from '../../src/store/migrate.ts'
import { sql as initial } from '../../src/store/migrations/0001-initial.ts'
import { sql as richerDetection } from '../../src/store/migrations/0002-richer-detection.ts'

/** A database of the first schema with one run for each detection. */
function oldDatabase(detections: (object | null)[]): Database.Database {
  const db = new Database(':memory:')
  migrate(db, [initial])
  db.exec(`INSERT INTO projects (id, name, secret, push_token_hash, settings, created_at)
    VALUES (1, 'digits', 's', 'h', '{}', 0)`)
  const insert =
    db.prepare(`INSERT INTO runs (id, project_id, number, ref, sha, "trigger", state, overrides, settings,
    detection, created_at) VALUES (@id, 1, @id, 'r', @id, 'push', 'running', '{}', '{}', @detection, 0)`)
  for (const [index, detection] of detections.entries()) {
    insert.run({ id: index + 1, detection: detection && JSON.stringify(detection) })
  }
  return db
}

const detectionsOf = (db: Database.Database): unknown[] =>
  (db.prepare('SELECT detection FROM runs ORDER BY id').pluck().all() as (string | null)[]).map(
    (text) => text && JSON.parse(text),
  )

const hidden = {
  name: 'hidden',
  file: 'train.py',
  line: 12,
  start: 310,
  end: 311,
  value: 4,
  distribution: { type: 'int', low: 4, high: 256, log: true },
}
const OLD = {
  framework: 'sklearn',
  entry: 'train.py',
  args: ['--fast'],
  evidence: [{ file: 'train.py', line: 3, text: 'import sklearn', why: 'imports sklearn' }],
  hyperparameters: [
    hidden,
    { ...hidden, name: 'alpha', value: 0.5 },
    { ...hidden, name: 'kind', value: 'x' },
  ],
  env: { SEED: '1' },
}

test('a detection of the first schema becomes one of today', () => {
  const db = oldDatabase([OLD, { ...OLD, framework: 'pytorch', hyperparameters: [] }, null])
  migrate(db)
  const added = {
    ...{ family: null, task: 'classification', metric: { name: 'accuracy', direction: 'maximize' } },
    ...{ versions: [], leftAlone: [], image: null },
  }
  const each = { column: 1, source: '', influence: 1, ties: [], condition: null, variants: null }
  expect(detectionsOf(db)).toEqual([
    {
      ...OLD,
      ...added,
      framework: 'scikit-learn',
      hyperparameters: OLD.hyperparameters.map((parameter) => ({ ...parameter, ...each })),
    },
    { ...OLD, ...added, framework: 'pytorch', hyperparameters: [] },
    null,
  ])
})

describe('a run of before the search', () => {
  const settings = {
    ...{
      metric: 'accuracy',
      direction: 'maximize',
      target: 0.9,
      trials: 12,
      timeLimit: 60,
      runTimeLimit: 600,
    },
    ...{ restarts: 5, seed: 7, network: true, logLimit: '16m', branches: ['main'], cancelRunning: false },
    ...{ mail: ['ada@example.com'], submodules: false, lfs: false },
  }
  const db = new Database(':memory:')
  migrate(db, [initial, richerDetection])
  db.exec(`INSERT INTO projects (id, name, secret, push_token_hash, settings, created_at)
    VALUES (1, 'digits', 's', 'h', '{}', 0)`)
  const run =
    db.prepare(`INSERT INTO runs (id, project_id, number, ref, sha, "trigger", state, overrides, settings,
    created_at) VALUES (@id, 1, @id, 'r', @id, 'push', 'running', '{}', @settings, 0)`)
  run.run({ id: 1, settings: JSON.stringify(settings) })
  run.run({ id: 2, settings: '{}' })
  db.exec(`INSERT INTO trials (run_id, number, state, "values", sha, diff, metric, created_at)
    VALUES (1, 0, 'completed', '{"lr":0.5}', 'a', '', 0.6, 0), (1, 1, 'failed', '{"lr":0.1}', 'b', 'd', NULL, 1),
      (2, 0, 'running', '{}', 'c', '', NULL, 2)`)
  db.exec(`INSERT INTO jobs (run_id, name, key, state, input, run_after, created_at)
    VALUES (1, 'tweak', 'tweak:2', 'queued', '{"number":2}', 5, 4)`)
  const jobs = () => db.prepare('SELECT * FROM jobs').all() as { input: string }[]
  const queued = jobs()
  migrate(db)
  const settingsOf = (id: number) =>
    JSON.parse(db.prepare('SELECT settings FROM runs WHERE id = ?').pluck().get(id) as string)

  it('goes on as it was begun: with the sampler that it had, and nothing that is new', () => {
    const before = {
      parallel: 1,
      sampler: 'quasi-random',
      pruner: 'none',
      confirm: 0,
      stopAtTarget: false,
      giveUp: 0,
      shm: '1g',
      data: [],
      keepImage: false,
      silentLimit: 15,
    }
    expect(settingsOf(1)).toEqual({ ...settings, ...before })
    expect(Settings.parse(settingsOf(1))).toEqual(settingsOf(1))
    expect(settingsOf(2)).toEqual(before)
    expect(db.prepare('SELECT outlook FROM runs').pluck().all()).toEqual([null, null])
  })

  it('has trials with an origin and the seed of their run, none of them a repeat or given up', () => {
    const columns = 'run_id AS run, number, state, metric, origin, seed, repeats, pruning'
    const rest = { repeats: null, pruning: null }
    expect(db.prepare(`SELECT ${columns} FROM trials ORDER BY id`).all()).toEqual([
      { run: 1, number: 0, state: 'completed', metric: 0.6, origin: 'your own values', seed: 7, ...rest },
      { run: 1, number: 1, state: 'failed', metric: null, origin: 'the sampler', seed: 7, ...rest },
      { run: 2, number: 0, state: 'running', metric: null, origin: 'your own values', seed: 0, ...rest },
    ])
  })

  it('keeps its queued jobs, which those of today can read', () => {
    expect(jobs()).toMatchObject(queued)
    expect(tweak.input.safeParse(JSON.parse(queued[0]?.input ?? '')).success).toBe(true)
  })
})
