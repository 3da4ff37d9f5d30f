import { json, parse, type StoreBase } from './base.ts'
import { keepLastIds } from './next-id.ts'

/** A project whose rows are gone and whose files are still to go. */
export interface Removal {
  projectId: number
  /** What its folders are named by; null once those are gone, and the name is free. */
  name: string | null
  runIds: readonly number[]
}

interface Row {
  project_id: number
  name: string | null
  run_ids: string
}

const toRemoval = (row: Row): Removal => ({
  projectId: row.project_id,
  name: row.name,
  runIds: parse(row.run_ids),
})

/** Children before what they point to; `@id` is the project's. */
const RUNS = 'SELECT id FROM runs WHERE project_id = @id'
const TRIALS = `SELECT id FROM trials WHERE run_id IN (${RUNS})`
const ATTEMPTS = `SELECT id FROM attempts WHERE trial_id IN (${TRIALS})`
const STATEMENTS = [
  `DELETE FROM metrics WHERE attempt_id IN (${ATTEMPTS})`,
  `DELETE FROM packed_metrics WHERE attempt_id IN (${ATTEMPTS})`,
  `DELETE FROM attempts WHERE trial_id IN (${TRIALS})`,
  'UPDATE runs SET best_trial_id = NULL, rerun_of = NULL WHERE project_id = @id',
  `DELETE FROM trials WHERE run_id IN (${RUNS})`,
  `DELETE FROM mails WHERE run_id IN (${RUNS})`,
  'DELETE FROM deliveries WHERE project_id = @id',
  `DELETE FROM jobs WHERE run_id IN (${RUNS})`,
  'DELETE FROM runs WHERE project_id = @id',
  'DELETE FROM projects WHERE id = @id',
]

/** What is left of deleted projects: written with the deletion of their rows, until the last of their files is gone. */
export function removalTable({ db, events, now }: StoreBase) {
  return {
    /** Deletes all rows of a project, and notes what else is to go. Inside a transaction, and only once its runs have ended. */
    begin({ id, name }: { id: number; name: string }): void {
      keepLastIds(db)
      const runIds = db.prepare(RUNS).pluck().all({ id }) as number[]
      db.prepare('INSERT INTO removals (project_id, name, run_ids, at) VALUES (?, ?, ?, ?)').run(
        ...[id, name, json(runIds), now()],
      )
      events.prune('project_id = ?', id)
      for (const runId of runIds) events.prune('run_id = ?', runId)
      for (const statement of STATEMENTS) db.prepare(statement).run({ id })
      events.append('project', {}, { id, name, state: 'deleted' })
    },
    /** Oldest first. */
    all: (): Removal[] =>
      (db.prepare('SELECT * FROM removals ORDER BY at, project_id').all() as Row[]).map(toRemoval),
    /** Whether folders of a deleted project still have this name. */
    holdsName: (name: string): boolean =>
      db.prepare('SELECT 1 FROM removals WHERE name = ?').get(name) !== undefined,
    freeName: (projectId: number): void =>
      void db.prepare('UPDATE removals SET name = NULL WHERE project_id = ?').run(projectId),
    done: (projectId: number): void =>
      void db.prepare('DELETE FROM removals WHERE project_id = ?').run(projectId),
  }
}
