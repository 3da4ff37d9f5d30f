import type { Settings } from '../../domain/settings.ts'
import type { Pruner } from '../pruner.ts'
import { createHalving } from './halving.ts'
import { createMedian } from './median.ts'

export { hasDiverged } from './diverged.ts'

/** Up to so many trials too few come to a rung to be told apart there. */
const FEW = 10

/** Lets every training come to its end. */
const none: Pruner = { name: 'none', shouldPrune: () => null, nextToResume: () => null }

/** @param trials trainings that the run may have */
export function prunerFor(setting: Settings['pruner'], trials: number): Pruner {
  switch (setting) {
    case 'none':
      return none
    case 'median':
      return createMedian()
    case 'halving':
      return createHalving()
    case 'auto':
      return trials <= FEW ? createMedian() : createHalving()
  }
}
