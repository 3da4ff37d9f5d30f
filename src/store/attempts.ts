import { type Attempt, type AttemptState, attemptMachine } from '../domain/attempt.ts'
import type { AttemptReport } from '../domain/attempt-report.ts'
import type { Pulse } from '../domain/pulse.ts'
import type { Slot } from '../domain/slots.ts'
import { found, json, parse, type StoreBase } from './base.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  trial_id: number
  number: number
  state: AttemptState
  container: string
  exit_code: number | null
  signal: string | null
  out_of_memory: number
  failure: string | null
  report: string | null
  slot: string | null
  deadline: number
  not_before: number | null
  shm_bytes: number | null
  silent_ms: number
  usage: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
  engine_started_at: number | null
  engine_ended_at: number | null
}

const toAttempt = (row: Row): Attempt => ({
  id: row.id,
  trialId: row.trial_id,
  number: row.number,
  state: row.state,
  container: row.container,
  exitCode: row.exit_code,
  signal: row.signal,
  outOfMemory: row.out_of_memory === 1,
  failure: parse(row.failure),
  report: parse(row.report),
  slot: parse(row.slot),
  deadline: row.deadline,
  notBefore: row.not_before,
  shmBytes: row.shm_bytes,
  pulse: { silentMs: row.silent_ms, usage: parse(row.usage) },
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  engineStartedAt: row.engine_started_at,
  engineEndedAt: row.engine_ended_at,
})

type NewAttempt = Pick<Attempt, 'trialId' | 'number' | 'container' | 'deadline'> &
  Partial<Pick<Attempt, 'slot' | 'notBefore' | 'shmBytes'>>

type Result = Partial<
  Pick<
    Attempt,
    | 'exitCode'
    | 'signal'
    | 'outOfMemory'
    | 'failure'
    | 'report'
    | 'deadline'
    | 'endedAt'
    | 'engineStartedAt'
    | 'engineEndedAt'
  >
>

/** @param released called, inside its transaction, when an attempt ends and no longer holds its slot */
export function attemptTable({ db, events, now }: StoreBase, released: () => void) {
  const byId = (id: number): Attempt | null => {
    const row = db.prepare('SELECT * FROM attempts WHERE id = ?').get(id)
    return row === undefined ? null : toAttempt(row as Row)
  }
  const get = (id: number): Attempt => found(byId(id) ?? undefined, `attempt ${id}`)
  const runOf = (trialId: number) =>
    (db.prepare('SELECT run_id AS runId FROM trials WHERE id = ?').get(trialId) as { runId: number }).runId
  const announce = ({ id, trialId, number, state, exitCode, signal, outOfMemory, failure }: Attempt) =>
    events.append(
      'attempt',
      { runId: runOf(trialId) },
      { id, trialId, number, state, exitCode, signal, outOfMemory, failure },
    )
  return {
    byId,
    get,
    /** In state `starting`. */
    insert(attempt: NewAttempt): Attempt {
      const row = db
        .prepare(
          `INSERT INTO attempts (id, trial_id, number, state, container, deadline, not_before, shm_bytes, slot, created_at)
           VALUES (${nextId('attempts')}, @trialId, @number, 'starting', @container, @deadline, @notBefore, @shmBytes, @slot, @now) RETURNING *`,
        )
        .get({
          ...{ notBefore: null, shmBytes: null },
          ...attempt,
          slot: attempt.slot ? json(attempt.slot) : null,
          now: now(),
        })
      announce(toAttempt(row as Row))
      return toAttempt(row as Row)
    },
    /** @throws IllegalTransition */
    transition(id: number, to: AttemptState, result: Result = {}): Attempt {
      const attempt = get(id)
      attemptMachine.assert(attempt.state, to)
      const next = { ...attempt, ...result }
      db.prepare(
        `UPDATE attempts SET state = @to, exit_code = @exitCode, signal = @signal, out_of_memory = @outOfMemory,
         failure = @failure, report = @report, deadline = @deadline, started_at = @startedAt, ended_at = @endedAt,
         engine_started_at = @engineStartedAt, engine_ended_at = @engineEndedAt WHERE id = @id`,
      ).run({
        id,
        to,
        exitCode: next.exitCode,
        signal: next.signal,
        outOfMemory: next.outOfMemory ? 1 : 0,
        failure: next.failure ? json(next.failure) : null,
        report: next.report ? json(next.report) : null,
        deadline: next.deadline,
        startedAt: next.startedAt ?? (to === 'running' ? now() : null),
        endedAt: attemptMachine.isFinal(to) ? (next.endedAt ?? now()) : null,
        engineStartedAt: next.engineStartedAt,
        engineEndedAt: next.engineEndedAt,
      })
      const moved = get(id)
      announce(moved)
      if (attemptMachine.isFinal(to)) released()
      return moved
    },
    /** What it has of the engine from now on. */
    hold(id: number, slot: Slot): Attempt {
      db.prepare('UPDATE attempts SET slot = ? WHERE id = ?').run(json(slot), id)
      return get(id)
    },
    /** What the runtime told so far. @param aloud whether the dashboards are to hear of it at once */
    tell(id: number, report: AttemptReport, aloud: boolean): void {
      db.prepare('UPDATE attempts SET report = ? WHERE id = ?').run(json(report), id)
      if (aloud) announce(get(id))
    },
    /** What was seen of it at the last look. @param aloud whether the dashboards are to hear of it */
    feel(id: number, { silentMs, usage }: Pulse, aloud: boolean): void {
      db.prepare('UPDATE attempts SET silent_ms = ?, usage = ? WHERE id = ?').run(
        Math.round(silentMs),
        usage && json(usage),
        id,
      )
      if (aloud) announce(get(id))
    },
    /** By number. */
    ofTrial: (trialId: number): Attempt[] =>
      (db.prepare('SELECT * FROM attempts WHERE trial_id = ? ORDER BY number').all(trialId) as Row[]).map(
        toAttempt,
      ),
    ofRun: (runId: number): Attempt[] =>
      (
        db
          .prepare(
            `SELECT a.* FROM attempts a JOIN trials t ON t.id = a.trial_id WHERE t.run_id = ? ORDER BY t.number, a.number`,
          )
          .all(runId) as Row[]
      ).map(toAttempt),
    open: (): Attempt[] =>
      (
        db.prepare(`SELECT * FROM attempts WHERE state IN ('starting', 'running') ORDER BY id`).all() as Row[]
      ).map(toAttempt),
    runOf,
    /** All attempts of a run that have not ended. */
    cancelOpen(runId: number): void {
      for (const { id, state } of this.ofRun(runId))
        if (!attemptMachine.isFinal(state)) this.transition(id, 'cancelled')
    },
  }
}
