import type { TrialSummary } from '../../src/http/contract.ts'

/** What most trials have: not worth a line in each row. */
const USUAL = 'the sampler'

/** Where a row's values come from, where that is worth a line; for a repeat what it repeats. Pure. */
export function originWords({
  repeats,
  seed,
  origin,
}: Pick<TrialSummary, 'repeats' | 'seed' | 'origin'>): string {
  if (repeats !== null) return `seed ${seed} of trial ${repeats}`
  return origin === USUAL ? '' : origin
}
