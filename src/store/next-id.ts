import type { Database } from 'better-sqlite3'

/** Tables whose ids stand in addresses, names of volumes, folders and labels: none is given twice, also after its row was deleted. */
export const NUMBERED = ['projects', 'runs', 'trials', 'attempts', 'jobs', 'mails', 'deliveries'] as const
type Numbered = (typeof NUMBERED)[number]

/** Of `meta`. */
const keyOf = (table: Numbered) => `last-id:${table}`

/** The id of a new row, as an expression of SQL. */
export const nextId = (table: Numbered) =>
  `(SELECT max(ifnull((SELECT max(id) FROM ${table}), 0),
     ifnull((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${keyOf(table)}'), 0)) + 1)`

/** Remembers the ids that were given so far: before rows are deleted, in the same transaction. */
export function keepLastIds(db: Database): void {
  for (const table of NUMBERED) {
    db.prepare(
      `INSERT INTO meta (key, value) SELECT '${keyOf(table)}', CAST(max(id) AS TEXT) FROM ${table} HAVING max(id) IS NOT NULL
       ON CONFLICT (key) DO UPDATE SET value = CAST(max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)`,
    ).run()
  }
}
