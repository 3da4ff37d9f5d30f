import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { sql as initial } from '../../src/store/migrations/0001-initial.ts'

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
