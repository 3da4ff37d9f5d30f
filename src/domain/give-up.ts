import { isFraction } from './metric.ts'
import type { Outlook } from './outlook.ts'
import type { Settings } from './settings.ts'

/** When a run is given up for want of a chance to meet its target. */
export interface GiveUpRule {
  /** The chance that it ends below, 0 .. 1. */
  below: number
  /** Trials with a metric before it is judged: fewer have not seen enough of the space. */
  after: number
}

const JUDGED_AFTER = 10

/**
 * The rule of a run; null: it spends its budget whatever its chance. So does one with `giveUp: 0`, and one whose target nothing can pass
 * and that only means `as good as possible`: 0 for what is minimised, 1 or more for a fraction such as accuracy. Pure.
 */
export function giveUpRule({
  metric,
  direction,
  target,
  giveUp,
}: Pick<Settings, 'metric' | 'direction' | 'target' | 'giveUp'>): GiveUpRule | null {
  const isOpen = direction === 'minimize' ? target === 0 : isFraction(metric) && target >= 1
  return isOpen || giveUp === 0 ? null : { below: giveUp, after: JUDGED_AFTER }
}

/** Whether the chance to meet the target in what is left is too small, by an outlook that was fitted to all trials so far. Pure. */
export function isHopeless(
  outlook: Outlook | null,
  rule: GiveUpRule | null,
): outlook is Outlook & { chance: number } {
  if (rule === null || outlook === null || outlook.trials < rule.after) return false
  return outlook.chance !== null && outlook.chance < rule.below
}
