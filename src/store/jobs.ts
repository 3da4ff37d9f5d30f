import type { Failure } from '../domain/failure.ts'
import { failsSince, type Job, type JobName, type JobState, jobMachine, waitsSince } from '../domain/job.ts'
import { found, json, parse, type StoreBase } from './base.ts'
import { CLAIM, NEXT_DUE } from './claim.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  run_id: number
  name: JobName
  key: string
  state: JobState
  input: string
  output: string | null
  failure: string | null
  tries: number
  run_after: number
  owner: string | null
  lease_until: number | null
  waiting_since: number | null
  failing_since: number | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

const toJob = (row: Row): Job => ({
  id: row.id,
  runId: row.run_id,
  name: row.name,
  key: row.key,
  state: row.state,
  input: parse(row.input),
  output: parse(row.output),
  failure: parse(row.failure),
  tries: row.tries,
  runAfter: row.run_after,
  owner: row.owner,
  leaseUntil: row.lease_until,
  waitingSince: row.waiting_since,
  failingSince: row.failing_since,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
})

/** Another process has taken the job over, or it was cancelled: the result must not be written. */
export class LostLease extends Error {
  constructor(job: Job) {
    super(`job ${job.id} (${job.key}) no longer belongs to this worker`)
    this.name = 'LostLease'
  }
}

/** Names of jobs that a worker takes; of the exclusive ones only one of a run, or of a project, at a time. */
export interface Claimable {
  names: readonly JobName[]
  exclusive: readonly JobName[]
  inProject?: readonly JobName[]
}

export function jobTable({ db, events, now }: StoreBase) {
  const byId = (id: number): Job =>
    toJob(found(db.prepare('SELECT * FROM jobs WHERE id = ?').get(id) as Row | undefined, `job ${id}`))

  const announce = (job: Job) =>
    events.append(
      'job',
      { runId: job.runId },
      {
        id: job.id,
        name: job.name,
        key: job.key,
        state: job.state,
        failure: job.failure,
        runAfter: job.runAfter,
      },
    )

  /** Only the owner may move a running job on. */
  function move(
    job: Job,
    to: JobState,
    change: Partial<Pick<Job, 'output' | 'failure' | 'tries' | 'runAfter' | 'waitingSince' | 'failingSince'>>,
    isTurn = true,
  ): Job {
    jobMachine.assert(job.state, to)
    const next = { ...job, ...change }
    const changed = db
      .prepare(
        `UPDATE jobs SET state = @to, output = @output, failure = @failure, tries = @tries, run_after = @runAfter,
         owner = NULL, lease_until = NULL, waiting_since = @waitingSince, failing_since = @failingSince,
         turn = CASE WHEN @isTurn THEN turn ELSE NULL END, ended_at = CASE WHEN @to = 'queued' THEN NULL ELSE @now END
         WHERE id = @id AND state = @from AND owner IS @owner`,
      )
      .run({
        id: job.id,
        from: job.state,
        to,
        owner: job.owner,
        output: next.output === null ? null : json(next.output),
        failure: next.failure === null ? null : json(next.failure),
        tries: next.tries,
        runAfter: next.runAfter,
        waitingSince: next.waitingSince,
        failingSince: next.failingSince,
        isTurn: isTurn ? 1 : 0,
        now: now(),
      })
    if (changed.changes !== 1) throw new LostLease(job)
    const moved = byId(job.id)
    announce(moved)
    return moved
  }

  return {
    byId,
    /** Whether it is this owner's to end; not once its project was deleted. */
    isHeld: (id: number, owner: string): boolean =>
      db.prepare(`SELECT 1 FROM jobs WHERE id = ? AND owner = ? AND state = 'running'`).get(id, owner) !==
      undefined,
    /** Does nothing when the run already has a job of this key. */
    enqueue(runId: number, name: JobName, key: string, input: unknown): void {
      const row = db
        .prepare(
          `INSERT INTO jobs (id, run_id, project_id, name, key, state, input, run_after, created_at)
           VALUES (${nextId('jobs')}, @runId, (SELECT project_id FROM runs WHERE id = @runId), @name, @key, 'queued', @input, @now, @now)
           ON CONFLICT (run_id, key) DO NOTHING RETURNING *`,
        )
        .get({ runId, name, key, input: json(input), now: now() })
      if (row !== undefined) announce(toJob(row as Row))
    },
    /**
     * Takes the next job of these names, for `leaseMs`, fairly between projects: see `CLAIM` for the order. Also a running
     * one of another owner whose lease has run out. A machine that slept finds its own leases run out, but its jobs are still going.
     * @returns null when there is none
     */
    claim({ names, exclusive, inProject = [] }: Claimable, owner: string, leaseMs: number): Job | null {
      const row = db.prepare(CLAIM).get({
        names: json(names),
        exclusive: json(exclusive),
        inProject: json(inProject),
        owner,
        now: now(),
        leaseMs,
      })
      if (row === undefined) return null
      const job = toJob(row as Row)
      announce(job)
      return job
    },
    /** @returns false when the job no longer belongs to the owner */
    heartbeat(id: number, owner: string, leaseMs: number): boolean {
      return (
        db
          .prepare(`UPDATE jobs SET lease_until = ? WHERE id = ? AND owner = ? AND state = 'running'`)
          .run(now() + leaseMs, id, owner).changes === 1
      )
    },
    /** @throws LostLease */
    complete: (job: Job, output: unknown) => move(job, 'done', { output, failure: null }),
    /** @throws LostLease */
    fail: (job: Job, failure: Failure) => move(job, 'failed', { failure }),
    /** Back into the queue until `runAfter`, with the reason it waits. @throws LostLease */
    retry(job: Job, failure: Failure, runAfter: number, countTry: boolean): Job {
      const since = {
        waitingSince: waitsSince(job, failure, now()),
        failingSince: failsSince(job, failure, now()),
      }
      const tries = job.tries + (countTry ? 1 : 0)
      // What was not there when its turn came costs no turn.
      const isTurn = failure.kind !== 'unavailable'
      return move(job, 'queued', { failure, runAfter, tries, ...since }, isTurn)
    },
    /** Back into the queue at once, as if it had not been claimed. @throws LostLease */
    requeue: (job: Job) => move(job, 'queued', { runAfter: now() }),
    /** Lets every job that waits for something unavailable try now; with a code, those that wait for that. */
    hurry(code: string | null = null): void {
      db.prepare(
        `UPDATE jobs SET run_after = @now WHERE state = 'queued' AND failure IS NOT NULL AND run_after > @now
           AND json_extract(failure, '$.kind') = 'unavailable' AND (@code IS NULL OR json_extract(failure, '$.code') = @code)`,
      ).run({ code, now: now() })
    },
    /** Queued jobs that wait for this, the one that has waited longest first. */
    keptWaiting: (code: string): Job[] =>
      (
        db
          .prepare(
            `SELECT * FROM jobs WHERE state = 'queued' AND failure IS NOT NULL
               AND json_extract(failure, '$.code') = ? ORDER BY waiting_since, id`,
          )
          .all(code) as Row[]
      ).map(toJob),
    /** Those of this name that run now, oldest first. */
    running: (name: JobName): Job[] =>
      (
        db.prepare(`SELECT * FROM jobs WHERE state = 'running' AND name = ? ORDER BY id`).all(name) as Row[]
      ).map(toJob),
    /** All jobs of a run that have not ended. */
    cancelOpen(runId: number): void {
      const rows = db
        .prepare(`SELECT * FROM jobs WHERE run_id = ? AND state IN ('queued', 'running')`)
        .all(runId) as Row[]
      for (const row of rows) move(toJob(row), 'cancelled', {})
    },
    /** Gives every job that a dead server was running back to the queue; for the start, under the folder's lock. */
    recover(): number {
      const rows = db.prepare(`SELECT * FROM jobs WHERE state = 'running'`).all() as Row[]
      for (const row of rows) move(toJob(row), 'queued', { runAfter: now() })
      return rows.length
    },
    /**
     * When the next queued job of these names becomes due after a time, ms since the epoch; null when none does. What is due
     * before and was not claimed waits for another job, whose end is an event.
     */
    nextDue({ names }: Pick<Claimable, 'names'>, after: number): number | null {
      return (db.prepare(NEXT_DUE).get({ names: json(names), after }) as { at: number | null }).at
    },
    ofRun: (runId: number): Job[] =>
      (db.prepare('SELECT * FROM jobs WHERE run_id = ? ORDER BY id').all(runId) as Row[]).map(toJob),
    countByState: (): Record<string, number> =>
      Object.fromEntries(
        (
          db.prepare('SELECT state, count(*) AS n FROM jobs GROUP BY state').all() as {
            state: string
            n: number
          }[]
        ).map(({ state, n }) => [state, n]),
      ),
  }
}
