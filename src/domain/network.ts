import type { Detection } from './detection.ts'
import type { Settings } from './settings.ts'

/** Whether a run's trainings may use the network; a run of before it was looked for keeps it. */
export const networkOf = (
  { network }: Pick<Settings, 'network'>,
  detection: Pick<Detection, 'network'>,
): boolean => (network === 'auto' ? (detection.network?.wanted ?? true) : network)
