import type { Database } from 'better-sqlite3'
import type { EventType, StoredEvent } from '../domain/event.ts'
import { json, parse } from './base.ts'

interface Row {
  id: number
  run_id: number | null
  project_id: number | null
  type: EventType
  data: string
  at: number
}

const toEvent = (row: Row): StoredEvent => ({
  id: row.id,
  runId: row.run_id,
  projectId: row.project_id,
  type: row.type,
  data: parse(row.data),
  at: row.at,
})

/** Key of `meta`. */
const PRUNED = 'events-pruned-to'

/** Gets the types of the events that were appended. */
export type Listener = (types: ReadonlySet<EventType>) => void

/** The order of all that happened: written in the transaction of the change itself, read by the live streams. */
export class EventLog {
  readonly #db: Database
  readonly #now: () => number
  readonly #listeners = new Set<Listener>()
  #appended = new Set<EventType>()

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
  }

  append(
    type: EventType,
    about: { runId?: number | null; projectId?: number | null },
    data: Record<string, unknown>,
  ): void {
    this.#db
      .prepare('INSERT INTO events (run_id, project_id, type, data, at) VALUES (?, ?, ?, ?, ?)')
      .run(about.runId ?? null, about.projectId ?? null, type, json(data), this.#now())
    this.#appended.add(type)
    if (!this.#db.inTransaction) queueMicrotask(() => this.flush())
  }

  /** Events of these types after the cursor, oldest first. */
  ofTypes(types: readonly EventType[], after: number, limit = 1000): StoredEvent[] {
    const rows = this.#db
      .prepare(
        `SELECT * FROM events WHERE id > ? AND type IN (${types.map(() => '?').join()}) ORDER BY id LIMIT ?`,
      )
      .all(after, ...types, limit)
    return (rows as Row[]).map(toEvent)
  }

  /** Events after the cursor, oldest first; of one run when it is given. */
  after(id: number, filter: { runId?: number; limit?: number } = {}): StoredEvent[] {
    const limit = filter.limit ?? 1000
    const rows =
      filter.runId === undefined
        ? this.#db.prepare('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?').all(id, limit)
        : this.#db
            .prepare('SELECT * FROM events WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?')
            .all(filter.runId, id, limit)
    return (rows as Row[]).map(toEvent)
  }

  /** Id of the newest event, also where it was let go since. */
  lastId(): number {
    return (this.#db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'events'`).pluck().get() ??
      0) as number
  }

  /** Id of the newest event of a run; null where all of them were let go. */
  lastOfRun(runId: number): number | null {
    return this.#db.prepare('SELECT max(id) FROM events WHERE run_id = ?').pluck().get(runId) as number | null
  }

  /** Id of the newest event that was let go: who knows only of earlier ones has missed something for good. */
  prunedTo(): number {
    return Number(this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(PRUNED) ?? 0)
  }

  /** Lets events go. @param where condition in SQL with one parameter */
  prune(where: string, value: number): void {
    const last = this.#db.prepare(`SELECT max(id) FROM events WHERE ${where}`).pluck().get(value) as
      | number
      | null
    if (last === null) return
    this.#db.prepare(`DELETE FROM events WHERE ${where}`).run(value)
    this.#db
      .prepare(
        `INSERT INTO meta (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
      )
      .run(PRUNED, String(last))
  }

  /** Calls back after a commit that appended events. @returns a function that ends it */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Wakes the listeners if anything was appended since the last time; for the store, after its commits. */
  flush(): void {
    if (this.#appended.size === 0) return
    const types = this.#appended
    this.#appended = new Set()
    for (const listener of this.#listeners) {
      try {
        listener(types)
      } catch (error) {
        // What was committed stays committed, whatever a listener makes of it.
        process.emitWarning(error as Error)
      }
    }
  }
}
