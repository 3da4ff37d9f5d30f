import type { Metric, MetricSource, Split, StepMetric } from '../domain/metric.ts'
import type { StoreBase } from './base.ts'
import { packMetrics, unpackMetrics } from './packed-metrics.ts'

export interface StoredMetric extends Metric {
  id: number
  attemptId: number
  /** The one that became the trial's objective. */
  decisive: boolean
  at: number
}

/** SQLite has no NaN: it is stored as NULL. */
type Row = Omit<Metric, 'value'> & {
  id: number
  attempt_id: number
  value: number | null
  decisive: number
  at: number
}

const toMetric = ({ attempt_id, decisive, value, ...row }: Row): StoredMetric => ({
  ...row,
  value: value ?? Number.NaN,
  attemptId: attempt_id,
  decisive: decisive === 1,
})

type StepRow = [trialId: number, split: Split, source: MetricSource, step: number, value: number | null]

interface Packed {
  attempt_id: number
  trial_id: number
  data: Buffer
}

/** The metrics of ended runs lie packed, an attempt in a row of `packed_metrics`; all others in rows of their own. */
export function metricTable({ db, events, now }: StoreBase) {
  const rowsOf = (attemptId: number) =>
    (db.prepare('SELECT * FROM metrics WHERE attempt_id = ? ORDER BY id').all(attemptId) as Row[]).map(
      toMetric,
    )
  const packedOf = (column: 't.run_id' | 'a.trial_id' | 'a.id', id: number) =>
    (
      db
        .prepare(
          `SELECT p.attempt_id, a.trial_id, p.data FROM attempts a JOIN packed_metrics p ON p.attempt_id = a.id
           JOIN trials t ON t.id = a.trial_id WHERE ${column} = ? ORDER BY a.id`,
        )
        .all(id) as Packed[]
    ).map(({ attempt_id, trial_id, data }) => ({
      trialId: trial_id,
      metrics: unpackMetrics(attempt_id, data),
    }))
  /** Bare rows: a run has tens of thousands, and most of the time is spent on making objects of them. */
  const stepsOf = (column: 't.run_id' | 'a.trial_id', id: number, name: string) => {
    const found = new Map<number, StepMetric[]>()
    const add = (trialId: number, metric: StepMetric) => {
      const own = found.get(trialId)
      if (own) own.push(metric)
      else found.set(trialId, [metric])
    }
    for (const { trialId, metrics } of packedOf(column, id))
      for (const { name: of, split, source, step, value } of metrics)
        if (of === name && step !== null) add(trialId, { name, split, source, step, value })
    const rows = db
      .prepare(
        `SELECT a.trial_id, m.split, m.source, m.step, m.value
         FROM metrics m JOIN attempts a ON a.id = m.attempt_id JOIN trials t ON t.id = a.trial_id
         WHERE ${column} = ? AND m.name = ? AND m.step IS NOT NULL ORDER BY m.id`,
      )
      .raw()
      .all(id, name) as StepRow[]
    for (const [trialId, split, source, step, value] of rows)
      add(trialId, { name, split, source, step, value: value ?? Number.NaN })
    return found
  }
  return {
    /**
     * A metric read from the same place twice is stored once, so that a log may be read again; what is packed has been read
     * to its end.
     */
    insert(about: { runId: number; trialId: number; attemptId: number }, metric: Metric): void {
      const changed = db
        .prepare(
          `INSERT INTO metrics (attempt_id, name, split, value, step, source, evidence, line, at)
           SELECT @attemptId, @name, @split, @value, @step, @source, @evidence, @line, @at
           WHERE NOT EXISTS (SELECT 1 FROM packed_metrics WHERE attempt_id = @attemptId) ON CONFLICT DO NOTHING`,
        )
        .run({ ...metric, attemptId: about.attemptId, at: now() })
      if (changed.changes === 0) return
      const { name, split, value, step } = metric
      events.append('metric', { runId: about.runId }, { ...about, name, split, value, step })
    },
    /** Marks the metric that became the objective. */
    decide(attemptId: number, metric: Metric): void {
      db.prepare(
        `UPDATE metrics SET decisive = 1 WHERE attempt_id = ? AND source = ? AND ifnull(line, 0) = ? AND name = ? AND split = ?`,
      ).run(attemptId, metric.source, metric.line ?? 0, metric.name, metric.split)
    },
    /**
     * Those of a run that have this name and belong to a step, by id of the trial, each in the order they were reported; only
     * what a curve is made of.
     */
    stepsOfRun: (runId: number, name: string): Map<number, StepMetric[]> => stepsOf('t.run_id', runId, name),
    /**
     * A number for each trial of a run that was attempted, another one once it has reported more: the id of the newest metric
     * in a row of its own, else how many attempts are packed, below zero.
     */
    versionsOfRun: (runId: number): Map<number, number> =>
      new Map(
        db
          .prepare(
            `SELECT t.id, ifnull(max(m.id), -count(p.attempt_id)) FROM trials t JOIN attempts a ON a.trial_id = t.id
             LEFT JOIN metrics m ON m.attempt_id = a.id LEFT JOIN packed_metrics p ON p.attempt_id = a.id
             WHERE t.run_id = ? GROUP BY t.id`,
          )
          .raw()
          .all(runId) as [trialId: number, version: number][],
      ),
    /** The same as `stepsOfRun` of one trial. */
    stepsOfTrial: (trialId: number, name: string): StepMetric[] =>
      stepsOf('a.trial_id', trialId, name).get(trialId) ?? [],
    /** In the order they were reported. */
    ofTrial: (trialId: number): StoredMetric[] => [
      ...packedOf('a.trial_id', trialId).flatMap(({ metrics }) => metrics),
      ...(
        db
          .prepare(
            `SELECT m.* FROM metrics m JOIN attempts a ON a.id = m.attempt_id WHERE a.trial_id = ? ORDER BY m.id`,
          )
          .all(trialId) as Row[]
      ).map(toMetric),
    ],
    ofAttempt: (attemptId: number): StoredMetric[] => [
      ...packedOf('a.id', attemptId).flatMap(({ metrics }) => metrics),
      ...rowsOf(attemptId),
    ],
    /** Packs what all attempts of a run reported. Inside a transaction, once nothing is added any more. */
    pack(runId: number): void {
      const attempts = db
        .prepare(
          `SELECT a.id FROM attempts a JOIN trials t ON t.id = a.trial_id
           WHERE t.run_id = ? AND NOT EXISTS (SELECT 1 FROM packed_metrics p WHERE p.attempt_id = a.id)`,
        )
        .pluck()
        .all(runId) as number[]
      for (const id of attempts) {
        const rows = rowsOf(id)
        if (rows.length === 0) continue
        db.prepare('INSERT INTO packed_metrics (attempt_id, data) VALUES (?, ?)').run(id, packMetrics(rows))
        db.prepare('DELETE FROM metrics WHERE attempt_id = ?').run(id)
      }
    },
  }
}
