import type { metaTable } from './meta.ts'

/** How long the engine has not answered. */
export interface Away {
  /** ms since the epoch. */
  since: number
  /** Of it, the time in which a server looked for the engine in vain, ms. */
  awayMs: number
}

const KEY = 'engine-away'

/** Stored, so that a restart of the server forgets neither. */
export const engineAwayFact = (meta: ReturnType<typeof metaTable>) => ({
  /** Null while the engine is there. */
  get(): Away | null {
    const stored = meta.get(KEY)
    return stored === null ? null : (JSON.parse(stored) as Away)
  },
  set: (away: Away) => meta.set(KEY, JSON.stringify(away)),
  clear: () => meta.remove(KEY),
})
