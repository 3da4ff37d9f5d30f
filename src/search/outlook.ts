import type { Outlook } from '../domain/outlook.ts'
import { meetsTarget } from '../domain/settings.ts'
import { type Model, modelOf } from './gp/model.ts'
import { importanceOf } from './importance.ts'
import { metricOf } from './metrics.ts'
import type { Curves } from './outlook/advice/curves.ts'
import { adviceFor } from './outlook/advice.ts'
import { candidatesOf } from './outlook/candidates.ts'
import { chanceOf, futuresOf } from './outlook/chance.ts'
import { createRandom, mixSeed } from './random.ts'
import type { Study } from './sampler.ts'

export type { Curves }

/** What a run is after. */
export interface Goal {
  target: number
  /** Trials that the budget still has, running ones included. */
  left: number
  /** Name of the metric, for the sentences. */
  metric?: string | undefined
  /** Name of the hyperparameter that sets the number of epochs. */
  epochs?: string | null | undefined
}

/** Trials with a metric before anything is said. */
const LEAST = 5

/**
 * What the trials so far tell about the ones to come. Bounded in time, and equal for equal arguments.
 * @param curves of the training, for advice
 */
export function outlookOf(study: Study, goal: Goal, curves: Curves = {}): Outlook {
  const trials = study.trials.filter((trial) => metricOf(trial) !== null).length
  const model = modelOf(study, LEAST)
  const seed = mixSeed(study.trials.length, trials)
  const importance = model ? importanceOf(surfaceOf(model), createRandom(seed)) : []
  return {
    trials,
    chance: model && chance(model, study, goal, seed),
    best: model && bestAsSeen(model),
    importance,
    advice: trials < LEAST ? [] : adviceFor(study, goal, model, importance, curves),
  }
}

function chance(model: Model, { direction }: Study, { target, left }: Goal, seed: number): number | null {
  if (meetsTarget(model.best.metric, { target, direction })) return 1
  if (left <= 0) return 0
  // Seldom, a posterior is too degenerate to draw from.
  const futures = futuresOf(
    model.process,
    candidatesOf(model, seed),
    left,
    Math.max(model.trials - 1, 1),
    seed,
  )
  if (futures.length === 0) return null
  return chanceOf(futures, model.scale.toUnits(target), model.trials, left)
}

function bestAsSeen({ process, scale, best }: Model): Outlook['best'] {
  const [seen] = process.predict([best.point])
  if (!seen) return null
  return { trial: best.number, mean: scale.toMetric(seen.mean), sd: scale.unit * Math.sqrt(seen.variance) }
}

const surfaceOf = ({ process, encoding }: Model) => ({
  names: encoding.names,
  meanAt: process.means,
  snap: encoding.snap,
  noise: process.noise,
})
