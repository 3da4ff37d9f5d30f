import type { TrialArtifacts } from '../domain/artifacts.ts'
import type { Failure } from '../domain/failure.ts'
import { type Trial, type TrialState, trialMachine } from '../domain/trial.ts'
import { found, json, parse, type StoreBase } from './base.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  run_id: number
  number: number
  state: TrialState
  values: string
  origin: string
  repeats: number | null
  seed: number
  sha: string
  diff: string
  metric: number | null
  failure: string | null
  pruning: string | null
  artifacts: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

const toTrial = (row: Row): Trial => ({
  id: row.id,
  runId: row.run_id,
  number: row.number,
  state: row.state,
  values: parse(row.values),
  origin: row.origin,
  repeats: row.repeats,
  seed: row.seed,
  sha: row.sha,
  diff: row.diff,
  metric: row.metric,
  failure: parse(row.failure),
  pruning: row.pruning,
  artifacts: parse(row.artifacts),
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
})

export type NewTrial = Pick<
  Trial,
  'runId' | 'number' | 'values' | 'origin' | 'repeats' | 'seed' | 'sha' | 'diff'
>

export type TrialResult = Pick<Trial, 'id' | 'number' | 'state' | 'repeats' | 'metric'>

export function trialTable({ db, events, now }: StoreBase) {
  const byId = (id: number): Trial | null => {
    const row = db.prepare('SELECT * FROM trials WHERE id = ?').get(id)
    return row === undefined ? null : toTrial(row as Row)
  }
  const get = (id: number): Trial => found(byId(id) ?? undefined, `trial ${id}`)
  const announce = ({ id, runId, number, state, values, metric, failure, pruning }: Trial) =>
    events.append('trial', { runId }, { id, number, state, values, metric, failure, pruning })
  return {
    byId,
    get,
    /** In state `queued`; the one that is there already when the run has a trial of this number. */
    insert(trial: NewTrial): Trial {
      const row = db
        .prepare(
          `INSERT INTO trials (id, run_id, number, state, "values", origin, repeats, seed, sha, diff, created_at)
           VALUES (${nextId('trials')}, @runId, @number, 'queued', @values, @origin, @repeats, @seed, @sha, @diff, @now)
           ON CONFLICT (run_id, number) DO NOTHING RETURNING *`,
        )
        .get({ ...trial, values: json(trial.values), now: now() })
      if (row === undefined) {
        const there = db
          .prepare('SELECT * FROM trials WHERE run_id = ? AND number = ?')
          .get(trial.runId, trial.number)
        return toTrial(there as Row)
      }
      announce(toTrial(row as Row))
      return toTrial(row as Row)
    },
    /** @throws IllegalTransition */
    transition(
      id: number,
      to: TrialState,
      result: { metric?: number; failure?: Failure; pruning?: string } = {},
    ): Trial {
      const trial = get(id)
      trialMachine.assert(trial.state, to)
      db.prepare(
        `UPDATE trials SET state = @to, metric = @metric, failure = @failure, pruning = @pruning,
         started_at = CASE WHEN @to = 'running' THEN ifnull(started_at, @now) ELSE started_at END,
         ended_at = CASE WHEN @ended THEN @now ELSE NULL END WHERE id = @id`,
      ).run({
        id,
        to,
        metric: result.metric ?? null,
        failure: result.failure ? json(result.failure) : null,
        pruning: result.pruning ?? null,
        now: now(),
        ended: trialMachine.isFinal(to) || to === 'pruned' ? 1 : 0,
      })
      const moved = get(id)
      announce(moved)
      return moved
    },
    /** What of its files has been kept. */
    keep(id: number, artifacts: TrialArtifacts): void {
      db.prepare('UPDATE trials SET artifacts = ? WHERE id = ?').run(json(artifacts), id)
    },
    /** By number. */
    ofRun: (runId: number): Trial[] =>
      (db.prepare('SELECT * FROM trials WHERE run_id = ? ORDER BY number').all(runId) as Row[]).map(toTrial),
    /** What a list of runs tells of their trials, by number: without their values and diffs, which are long. */
    results: (runId: number): TrialResult[] =>
      db
        .prepare('SELECT id, number, state, repeats, metric FROM trials WHERE run_id = ? ORDER BY number')
        .all(runId) as TrialResult[],
    /** All trials of a run that have not ended; one that was given up stays so. */
    cancelOpen(runId: number): void {
      for (const { id, state } of this.ofRun(runId))
        if (trialMachine.can(state, 'cancelled')) this.transition(id, 'cancelled')
    },
  }
}
