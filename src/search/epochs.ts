import { isBetter } from '../domain/settings.ts'
import type { ParameterValue } from '../domain/trial.ts'
import { isStillRising, projectTo } from './curves.ts'
import { countOf, levelOf } from './levels.ts'
import { bestOf, metricOf } from './metrics.ts'
import { baseName } from './names.ts'
import { normaliseName, PRIORS } from './priors/index.ts'
import type { Curve } from './pruner.ts'
import type { Dimension, Study, Values } from './sampler.ts'

/** Families of priors whose values are a number of steps of the training, the surest first. */
const LENGTHS = [
  'epochs of a call that trains for all of them',
  'epochs of fine-tuning',
  'epochs',
  'rounds of boosting',
  'rounds of boosting of scikit-learn by histograms',
  'iterations of a solver',
  'training steps',
]
const LENGTH_NAMES = LENGTHS.flatMap((family) =>
  PRIORS.filter((prior) => prior.family === family).flatMap(({ names }) => names),
)

/**
 * Which hyperparameter is the length of the training: epochs before boosting rounds before iterations.
 * @param names of hyperparameters, in any spelling, with or without their place (`epochs@31`)
 * @returns the name as given; null when there is none
 */
export function epochsOf(names: readonly string[]): string | null {
  const rankOf = (name: string) => LENGTH_NAMES.indexOf(normaliseName(baseName(name)))
  const ranked = names
    .map((name) => ({ name, rank: rankOf(name) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
  return ranked[0]?.name ?? null
}

export interface MoreEpochs {
  values: Values
  /** The trial that it carries on. */
  of: number
  /** In words: `trial 4 still rises after 20 epochs: 0.91, by its curve 0.93 after 40`. */
  reason: string
}

const FACTOR = 2
/** Part of the way to the target that twice the epochs must promise. */
const PROMISE = 0.2

/**
 * The best trial's values with twice the epochs, where its curve still rises at its end and by its own law would come a
 * fifth of the rest of the way to the target. Not where that was tried, nor right after a try that did not help.
 * @param curves of all trials
 * @param epochsName the hyperparameter that is the number of epochs, from `epochsOf`
 * @returns null where other values are the better try
 */
export function moreEpochs(
  study: Study,
  curves: readonly Curve[],
  epochsName: string | null,
  target: number,
): MoreEpochs | null {
  const dimension = epochsName === null ? undefined : study.space[epochsName]
  const best = bestOf(study.trials, study.direction)
  if (epochsName === null || !dimension || !best) return null
  const { trial, metric } = best
  const epochs = trial.values[epochsName]
  if (typeof epochs !== 'number') return null
  const more = stepUp(dimension, epochs * FACTOR)
  const points = curves.find(({ number }) => number === trial.number)?.points ?? []
  if (more === null || more <= epochs || !isStillRising(points, study.direction)) return null
  if (isBetter(metric, target, study.direction) || metric === target) return null
  const values = { ...trial.values, [epochsName]: more }
  if (wasTried(study, values, epochsName) || lastDidNotHelp(study, epochsName)) return null
  const end = points.at(-1) as { step: number; value: number }
  const projected = projectTo(points, (end.step * more) / epochs, study.direction)
  const gain = projected === null ? 0 : Math.abs(projected - end.value)
  if (gain < PROMISE * Math.abs(target - metric)) return null
  const expected = show(metric + Math.sign(target - metric) * gain)
  const course = `trial ${trial.number} still ${study.direction === 'maximize' ? 'rises' : 'falls'}`
  const unit = /epoch/i.test(epochsName) ? 'epochs' : 'steps'
  const reason = `${course} after ${epochs} ${unit}: ${show(metric)}, by its curve ${expected} after ${more}`
  return { values, of: trial.number, reason }
}

const show = (value: number) => String(Number(value.toPrecision(3)))

/** The largest value of the distribution up to a wish; null when there is none, or none of numbers. */
function stepUp(dimension: Dimension, wish: number): number | null {
  if (dimension.type === 'categorical') {
    const choices = dimension.choices.filter((choice) => typeof choice === 'number' && choice <= wish)
    return choices.length > 0 ? Math.max(...(choices as number[])) : null
  }
  const { low, high } = dimension
  if (wish < low) return null
  const bounded = Math.min(wish, high)
  const count = countOf({ ...dimension, high: bounded })
  return Number.isFinite(count) ? Number(levelOf(dimension, count - 1)) : bounded
}

/** Equal in all that the space names but the epochs. */
const isSameBut = (
  space: Study['space'],
  epochsName: string,
  a: Readonly<Record<string, ParameterValue>>,
  b: Readonly<Record<string, ParameterValue>>,
) => Object.keys(space).every((name) => name === epochsName || a[name] === b[name])

/** Whether a trial with these values, or even more epochs, exists, in whatever state. */
const wasTried = ({ space, trials }: Study, values: Values, epochsName: string): boolean =>
  trials.some(
    (trial) =>
      isSameBut(space, epochsName, trial.values, values) &&
      Number(trial.values[epochsName]) >= Number(values[epochsName]),
  )

/** Whether the last trial was an earlier one with more epochs, and not better. */
function lastDidNotHelp({ space, trials, direction }: Study, epochsName: string): boolean {
  const last = trials.at(-1)
  const origin = trials.findLast(
    (trial) =>
      trial.number !== last?.number &&
      last !== undefined &&
      isSameBut(space, epochsName, trial.values, last.values) &&
      Number(trial.values[epochsName]) < Number(last.values[epochsName]),
  )
  if (!last || !origin) return false
  const metric = metricOf(last)
  return metric === null || !isBetter(metric, metricOf(origin), direction)
}
