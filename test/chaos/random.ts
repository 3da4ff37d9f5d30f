/** Chance that a seed decides. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
}

/** mulberry32 by Tommy Ettinger, seeded by a hash (FNV-1a) of the text. */
export function chanceOf(text: string): Chance {
  let state = 2166136261
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 16777619)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { next, whole: (low, high) => low + Math.floor(next() * (high - low + 1)) }
}
