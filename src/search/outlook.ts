import type { Outlook } from '../domain/outlook.ts'
import { meetsTarget } from '../domain/settings.ts'
import { importanceOf } from './importance.ts'
import { metricOf } from './metrics.ts'
import type { Curves } from './outlook/advice/curves.ts'
import { adviceFor } from './outlook/advice.ts'
import { candidatesOf } from './outlook/candidates.ts'
import { chanceOf, futuresOf } from './outlook/chance.ts'
import { type Model, modelOf } from './outlook/model.ts'
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

/**
 * The best value and how sure it is: `0.953 in trial 14; as the model sees it 0.949 ± 0.004`.
 * @param best the best trial as measured
 */
export function howSure(best: { number: number; metric: number }, outlook: Outlook | null): string {
  const measured = `${Number(best.metric.toPrecision(6))} in trial ${best.number}`
  const seen = outlook?.best
  if (!seen || seen.trial !== best.number || !(seen.sd > 0) || !Number.isFinite(seen.sd)) return measured
  // As many decimals as the deviation's first digit has.
  const decimals = Math.max(0, -Math.floor(Math.log10(Number(seen.sd.toPrecision(1)))))
  return decimals > 12
    ? measured
    : `${measured}; as the model sees it ${seen.mean.toFixed(decimals)} ± ${seen.sd.toFixed(decimals)}`
}
