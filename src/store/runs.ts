import type { DataSet } from '../domain/data.ts'
import type { Outlook } from '../domain/outlook.ts'
import type { RetainedRun } from '../domain/retention.ts'
import {
  type Conclusion,
  type RerunFrom,
  type Run,
  type RunState,
  runMachine,
  type Trigger,
} from '../domain/run.ts'
import type { Settings } from '../domain/settings.ts'
import { found, json, parse, type StoreBase } from './base.ts'
import { nextId } from './next-id.ts'
import { type RunFilter, runQuery } from './run-filter.ts'

interface Row {
  id: number
  project_id: number
  number: number
  ref: string
  sha: string
  trigger: Trigger
  state: RunState
  author: string | null
  message: string | null
  overrides: string
  settings: string
  detection: string | null
  data: string | null
  image: string | null
  trained_in: string | null
  best_trial_id: number | null
  outlook: string | null
  conclusion: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
  deadline: number | null
  rerun_of: number | null
  rerun_from: RerunFrom | null
}

const toRun = (row: Row): Run => ({
  id: row.id,
  projectId: row.project_id,
  number: row.number,
  ref: row.ref,
  sha: row.sha,
  trigger: row.trigger,
  rerun: row.rerun_of === null ? null : { run: row.rerun_of, from: row.rerun_from ?? 'git-import' },
  state: row.state,
  author: row.author,
  message: row.message,
  overrides: parse(row.overrides),
  settings: parse(row.settings),
  detection: parse(row.detection),
  data: parse(row.data),
  image: row.image,
  trainedIn: row.trained_in,
  bestTrialId: row.best_trial_id,
  outlook: parse(row.outlook),
  conclusion: parse(row.conclusion),
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  deadline: row.deadline,
})

export type NewRun = Pick<
  Run,
  'projectId' | 'ref' | 'sha' | 'trigger' | 'author' | 'message' | 'overrides' | 'settings'
> & {
  /** The commit that the push moved the ref from. */
  beforeSha?: string | null
  rerun?: Run['rerun']
}

export type RecentRun = Pick<
  Run,
  'id' | 'number' | 'ref' | 'sha' | 'message' | 'state' | 'bestTrialId' | 'createdAt'
> &
  Pick<Settings, 'metric' | 'direction' | 'target' | 'confirm'>

export function runTable({ db, events, now }: StoreBase) {
  const byId = (id: number): Run | null => {
    const row = db.prepare('SELECT * FROM runs WHERE id = ?').get(id)
    return row === undefined ? null : toRun(row as Row)
  }
  const get = (id: number): Run => found(byId(id) ?? undefined, `run ${id}`)
  return {
    byId,
    get,
    /** Numbered within its project, in state `queued`. */
    insert({ rerun, ...fields }: NewRun): Run {
      const row = db
        .prepare(
          `INSERT INTO runs (id, project_id, number, ref, sha, "trigger", state, author, message, overrides, settings, before_sha, rerun_of, rerun_from, created_at)
           VALUES (${nextId('runs')}, @projectId, (SELECT ifnull(max(number), 0) + 1 FROM runs WHERE project_id = @projectId),
                   @ref, @sha, @trigger, 'queued', @author, @message, @overrides, @settings, @beforeSha,
                   @rerunOf, @rerunFrom, @now) RETURNING *`,
        )
        .get({
          beforeSha: null,
          ...fields,
          rerunOf: rerun?.run ?? null,
          rerunFrom: rerun?.from ?? null,
          overrides: json(fields.overrides),
          settings: json(fields.settings),
          now: now(),
        })
      const inserted = toRun(row as Row)
      const { id, projectId, number, ref, sha } = inserted
      events.append('run', { runId: id, projectId }, { id, number, state: 'queued', ref, sha })
      return inserted
    },
    byNumber(projectId: number, number: number): Run | null {
      const row = db.prepare('SELECT * FROM runs WHERE project_id = ? AND number = ?').get(projectId, number)
      return row === undefined ? null : toRun(row as Row)
    },
    /** Ids of those that have not ended, those at work before the others, each oldest first. */
    aliveIds: (): number[] =>
      db
        .prepare(
          `SELECT id FROM runs WHERE state IN ('queued', 'running') ORDER BY NOT EXISTS (
             SELECT 1 FROM jobs WHERE jobs.run_id = runs.id AND jobs.state = 'running'), id`,
        )
        .pluck()
        .all() as number[],
    /** What a curve over the last runs is drawn from, newest first; those of one ref where it is given. */
    recent: (projectId: number, limit: number, ref?: string): RecentRun[] =>
      db
        .prepare(
          `SELECT id, number, ref, sha, message, state, best_trial_id AS bestTrialId, created_at AS createdAt,
             json_extract(settings, '$.metric') AS metric, json_extract(settings, '$.direction') AS direction,
             json_extract(settings, '$.target') AS target, json_extract(settings, '$.confirm') AS confirm
           FROM runs WHERE project_id = @projectId ${ref === undefined ? '' : 'AND ref = @ref'} ORDER BY id DESC LIMIT @limit`,
        )
        .all({ projectId, limit, ...(ref === undefined ? {} : { ref }) }) as RecentRun[],
    /** The run that a push of this commit to this ref made. */
    ofPush(projectId: number, ref: string, sha: string): Run | null {
      const row = db
        .prepare(
          `SELECT * FROM runs WHERE project_id = ? AND ref = ? AND sha = ? AND "trigger" IN ('push', 'poll')`,
        )
        .get(projectId, ref, sha)
      return row === undefined ? null : toRun(row as Row)
    },
    /** The commits that known pushes moved this ref to, from this commit on, one push after the other. */
    pushedAfter: (projectId: number, ref: string, sha: string): string[] =>
      db
        .prepare(
          `WITH RECURSIVE later (sha) AS (
             SELECT sha FROM runs INDEXED BY runs_by_before
             WHERE project_id = @projectId AND ref = @ref AND before_sha = @sha
             UNION
             SELECT runs.sha FROM later JOIN runs INDEXED BY runs_by_before
             ON runs.project_id = @projectId AND runs.ref = @ref AND runs.before_sha = later.sha
           ) SELECT sha FROM later`,
        )
        .pluck()
        .all({ projectId, ref, sha }) as string[],
    /** Newest first. */
    list(filter: RunFilter = {}): Run[] {
      const [sql, values] = runQuery(filter)
      return (db.prepare(sql).all(values) as Row[]).map(toRun)
    },
    /** The runs of the same branch right before and after this one. */
    neighbours({ projectId, ref, number }: Pick<Run, 'projectId' | 'ref' | 'number'>): {
      before: Pick<Run, 'id' | 'number'> | null
      after: Pick<Run, 'id' | 'number'> | null
    } {
      const next = (side: '<' | '>', order: 'ASC' | 'DESC') =>
        (db
          .prepare(
            `SELECT id, number FROM runs WHERE project_id = ? AND number ${side} ? AND ref = ? ORDER BY number ${order} LIMIT 1`,
          )
          .get(projectId, number, ref) ?? null) as Pick<Run, 'id' | 'number'> | null
      return { before: next('<', 'DESC'), after: next('>', 'ASC') }
    },
    /** Refs of a project's runs, by name. */
    refsOf: (projectId: number, limit: number): string[] =>
      db
        .prepare('SELECT DISTINCT ref FROM runs WHERE project_id = ? ORDER BY ref LIMIT ?')
        .pluck()
        .all(projectId, limit) as string[],
    /** Authors of a project's runs, by name. */
    authorsOf: (projectId: number, limit: number): string[] =>
      db
        .prepare(
          `SELECT DISTINCT author FROM runs WHERE project_id = ? AND author IS NOT NULL ORDER BY author LIMIT ?`,
        )
        .pluck()
        .all(projectId, limit) as string[],
    /** The last run of the project before this one that knew what its data sets were. */
    dataBefore(run: Run): Run | null {
      const row = db
        .prepare(
          `SELECT * FROM runs WHERE project_id = ? AND number < ? AND data IS NOT NULL AND data <> '[]'
           ORDER BY number DESC LIMIT 1`,
        )
        .get(run.projectId, run.number)
      return row === undefined ? null : toRun(row as Row)
    },
    /** What the retention of a run's leavings depends on, for all runs. */
    retained(): RetainedRun[] {
      const rows = db
        .prepare(
          `SELECT id, project_id, number, state, ended_at, trained_in,
             EXISTS (SELECT 1 FROM trials WHERE run_id = runs.id AND number > 0) AS has_changes FROM runs`,
        )
        .all()
      type Retained = Pick<Row, 'id' | 'project_id' | 'number' | 'state' | 'ended_at' | 'trained_in'>
      return (rows as (Retained & { has_changes: number })[]).map(
        ({ id, project_id, number, state, ended_at, trained_in, has_changes }) => ({
          ...{ id, projectId: project_id, number, state, endedAt: ended_at, trainedIn: trained_in },
          hasChanges: has_changes === 1,
        }),
      )
    },
    /** Of a project: those that are alive and have not begun to train, oldest first. */
    waiting: (projectId: number): Pick<Run, 'id' | 'ref' | 'trigger'>[] =>
      db
        .prepare(
          `SELECT id, ref, "trigger" FROM runs INDEXED BY runs_alive WHERE project_id = ? AND state IN ('queued', 'running') AND NOT EXISTS (
             SELECT 1 FROM trials JOIN attempts ON attempts.trial_id = trials.id WHERE trials.run_id = runs.id)
           ORDER BY id`,
        )
        .all(projectId) as Pick<Run, 'id' | 'ref' | 'trigger'>[],
    countOf: (projectId: number): number =>
      db.prepare('SELECT count(*) FROM runs WHERE project_id = ?').pluck().get(projectId) as number,
    /** Numbers of a project's runs that have not ended. */
    aliveOf: (projectId: number): number[] =>
      db
        .prepare(
          `SELECT number FROM runs INDEXED BY runs_alive WHERE project_id = ? AND state IN ('queued', 'running') ORDER BY id`,
        )
        .pluck()
        .all(projectId) as number[],
    alive: (): Run[] =>
      (db.prepare(`SELECT * FROM runs WHERE state IN ('queued', 'running') ORDER BY id`).all() as Row[]).map(
        toRun,
      ),
    countByState: (): Record<string, number> =>
      Object.fromEntries(
        (
          db.prepare('SELECT state, count(*) AS n FROM runs GROUP BY state').all() as {
            state: string
            n: number
          }[]
        ).map(({ state, n }) => [state, n]),
      ),
    /** @throws IllegalTransition */
    transition(id: number, to: RunState, conclusion?: Conclusion): Run {
      const run = get(id)
      runMachine.assert(run.state, to)
      const ended = runMachine.isFinal(to)
      const at = now()
      db.prepare(
        `UPDATE runs SET state = @to, conclusion = ifnull(@conclusion, conclusion),
         started_at = CASE WHEN @to = 'running' THEN @at ELSE started_at END,
         deadline = CASE WHEN @to = 'running' THEN @deadline ELSE deadline END,
         ended_at = CASE WHEN @ended THEN @at ELSE ended_at END WHERE id = @id`,
      ).run({
        id,
        to,
        at,
        conclusion: conclusion ? json(conclusion) : null,
        deadline: at + Math.ceil(run.settings.runTimeLimit * 60_000),
        ended: ended ? 1 : 0,
      })
      events.append(
        'run',
        { runId: id, projectId: run.projectId },
        { id, number: run.number, state: to, conclusion },
      )
      return get(id)
    },
    /** What became known on the way. */
    update(
      id: number,
      change: {
        settings?: Settings
        detection?: unknown
        data?: DataSet[]
        image?: string
        trainedIn?: string
        bestTrialId?: number
        outlook?: Outlook
        deadline?: number
        message?: string
        author?: string
      },
    ): void {
      db.prepare(
        `UPDATE runs SET settings = ifnull(@settings, settings), detection = ifnull(@detection, detection),
         data = ifnull(@data, data), image = ifnull(@image, image),
         trained_in = ifnull(@trainedIn, trained_in),
         best_trial_id = ifnull(@bestTrialId, best_trial_id), outlook = ifnull(@outlook, outlook), deadline = ifnull(@deadline, deadline),
         message = ifnull(@message, message), author = ifnull(@author, author) WHERE id = @id`,
      ).run({
        id,
        settings: change.settings === undefined ? null : json(change.settings),
        detection: change.detection === undefined ? null : json(change.detection),
        data: change.data === undefined ? null : json(change.data),
        image: change.image ?? null,
        trainedIn: change.trainedIn ?? null,
        bestTrialId: change.bestTrialId ?? null,
        outlook: change.outlook === undefined ? null : json(change.outlook),
        deadline: change.deadline ?? null,
        message: change.message ?? null,
        author: change.author ?? null,
      })
    },
    /** A line for the person who watches, such as the progress of an image build. */
    progress(id: number, text: string): void {
      events.append('progress', { runId: id }, { text })
    },
  }
}
