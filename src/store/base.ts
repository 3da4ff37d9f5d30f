import type { Database } from 'better-sqlite3'
import type { EventLog } from './events.ts'

/** What every table family is made with. */
export interface StoreBase {
  db: Database
  events: EventLog
  /** ms since the epoch. */
  now: () => number
}

export const json = (value: unknown) => JSON.stringify(value ?? null)

export const parse = <T>(text: string | null): T => (text === null ? null : JSON.parse(text)) as T

/** The one row, or an error that names what was looked for. */
export function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Error(`${what} does not exist`)
  return row
}
