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

  lastId(): number {
    return (this.#db.prepare('SELECT ifnull(max(id), 0) AS id FROM events').get() as { id: number }).id
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
