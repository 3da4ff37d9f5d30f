import { userError } from './failure.ts'
import { isFraction } from './metric.ts'
import type { Settings } from './settings.ts'

export const TARGET_REMEDY = 'Set a share such as 0.95, or a percentage such as 95.'

/**
 * What is wrong with a target that the metric never comes to, by the metric's name; null where nothing is known to be.
 * What is minimised comes below any such target at once.
 */
export const targetProblem = ({
  metric,
  direction,
  target,
}: Pick<Settings, 'metric' | 'direction' | 'target'>) =>
  isFraction(metric) && direction === 'maximize' && target > 100
    ? `has to be from 0 to 1, or a percentage up to 100, as ${metric} is a share, not ${target}`
    : null

/** For settings of which no one knew the metric while they were set. @throws HoneError `user`: `bad-target` */
export function requireReachableTarget(settings: Settings): void {
  const problem = targetProblem(settings)
  if (problem !== null) throw userError('bad-target', `The target ${problem}.`, TARGET_REMEDY)
}
