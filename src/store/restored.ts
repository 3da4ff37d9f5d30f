import type { metaTable } from './meta.ts'

const KEY = 'restored-attempts'

/** Which attempts were open in the backup that this database came from: what ran them may have gone on, and ended, since. */
export const restoredFact = (meta: ReturnType<typeof metaTable>) => ({
  has(attemptId: number): boolean {
    const stored = meta.get(KEY)
    return stored !== null && (JSON.parse(stored) as number[]).includes(attemptId)
  },
  set: (attemptIds: readonly number[]) => meta.set(KEY, JSON.stringify(attemptIds)),
})
