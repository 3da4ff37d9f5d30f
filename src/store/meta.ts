import type { StoreBase } from './base.ts'

/** Facts about this installation: its id, the hash of the admin token. */
export function metaTable({ db }: StoreBase) {
  return {
    get(key: string): string | null {
      const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined
      return row?.value ?? null
    },
    remove(key: string): void {
      db.prepare('DELETE FROM meta WHERE key = ?').run(key)
    },
    set(key: string, value: string): void {
      db.prepare(
        'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ).run(key, value)
    },
  }
}
