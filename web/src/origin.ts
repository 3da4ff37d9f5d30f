import type { TrialSummary } from '../../src/http/contract.ts'

/** What most trials have: not worth a line in each row. */
const USUAL = /^the (\S+ )?sampler$/

/**
 * Where a row's values come from, where that is worth a line, up to the first comma or colon; for a repeat what it
 * repeats. Pure.
 */
export function originWords({
  repeats,
  seed,
  origin,
}: Pick<TrialSummary, 'repeats' | 'seed' | 'origin'>): string {
  if (repeats !== null) return `seed ${seed} of trial ${repeats}`
  return USUAL.test(origin) ? '' : origin.replace(/[,:].*/s, '')
}
