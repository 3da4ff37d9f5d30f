import { lastStep, valueAt } from '../curves.ts'
import type { Curve, Pruner } from '../pruner.ts'
import type { Direction } from '../sampler.ts'
import { show } from './show.ts'

export interface HalvingOptions {
  /** One of so many goes on at each rung, and each rung is so many times as long as the one before. */
  eta: number
  /** Steps of the first rung. */
  first: number
}

/** The longest training has at most so many rungs' worth of length over the first one: eta cubed. */
const HALVINGS = 3
/** A rung must leave so much of the training to save: half as long again as it took. */
const REST = 1.5

/**
 * Asynchronous successive halving (Li et al. 2020, MLSys, arXiv:1810.05934): at steps 3, 9, 27 ... a trial goes on only
 * when it is among the best third of all that came so far, the best one always. What falls behind is paused, and goes on
 * when it has risen into the best third. The rule is the same at every step after a rung, up to the next, so that
 * nothing depends on the moment at which it is asked. Trial 0, the measure of all others, always goes on.
 */
export function createHalving({ eta, first }: HalvingOptions = { eta: 3, first: 3 }): Pruner {
  /** Steps of the rungs for trainings of a length: from the first, or a 27th of a long one, to two thirds of it. */
  function rungsFor(length: number): number[] {
    const rungs: number[] = []
    for (let rung = first; rung * REST <= length; rung *= eta) rungs.push(rung)
    return rungs.filter((rung, index) => index === rungs.length - 1 || rung * eta > length / eta ** HALVINGS)
  }

  function standingOf(trial: Curve, all: readonly Curve[], direction: Direction): Standing | null {
    const length = Math.max(...all.map(({ points }) => lastStep(points)))
    const rung = rungsFor(length).findLast((step) => step <= lastStep(trial.points))
    const value = rung === undefined ? null : valueAt(trial.points, rung)
    if (rung === undefined || value === null) return null
    const others = all
      .filter(({ number }) => number !== trial.number)
      .flatMap(({ points }) => valueAt(points, rung) ?? [])
    const ahead = others.filter((other) => isAhead(other, value, direction)).length
    const places = Math.max(1, Math.floor((others.length + 1) / eta))
    return { rung, value, ahead, others: others.length, goesOn: ahead < places && Number.isFinite(value) }
  }

  return {
    name: 'halving',
    shouldPrune(trial, others, direction) {
      const standing = standingOf(trial, [trial, ...others], direction)
      if (trial.number === 0 || standing === null || standing.goesOn) return null
      const { rung, value, ahead } = standing
      const behind = standing.others > 0 ? `, behind ${ahead} of ${standing.others} others` : ''
      return { step: lastStep(trial.points), reason: `${show(value)} after ${rung} epochs${behind}` }
    },
    nextToResume(curves, direction) {
      const risen = curves
        .filter(({ state }) => state === 'pruned')
        .flatMap(({ number, points }) => {
          const standing = standingOf({ number, points, state: 'pruned' }, curves, direction)
          return standing?.goesOn ? [{ number, ...standing }] : []
        })
      return (
        risen.sort((a, b) => b.rung - a.rung || a.ahead - b.ahead || a.number - b.number)[0]?.number ?? null
      )
    },
  }
}

interface Standing {
  /** Step of the highest rung that it has reached. */
  rung: number
  /** Its value there. */
  value: number
  /** Those of the others that reached the rung with a better value. */
  ahead: number
  others: number
  goesOn: boolean
}

/** Every number is ahead of NaN and of what left the numbers. */
function isAhead(other: number, value: number, direction: Direction): boolean {
  if (!Number.isFinite(other)) return false
  if (!Number.isFinite(value)) return true
  return direction === 'maximize' ? other > value : other < value
}
