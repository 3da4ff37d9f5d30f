import type { Importance } from '../../domain/outlook.ts'
import type { Model } from '../gp/model.ts'
import { metricOf } from '../metrics.ts'
import type { Study } from '../sampler.ts'
import { bestAtEnds } from './advice/best-at-end.ts'
import { type CurveGoal, type Curves, gap, longer } from './advice/curves.ts'
import { plain } from './advice/numbers.ts'
import { beyondRanges } from './advice/range-ends.ts'

/** Trials with a metric before they say that nothing matters. */
const LEAST = 10
/** Share of the variation that the values explain at least. */
const EXPLAINED = 0.15

/**
 * What to try outside of the search space, in words; the most promising first.
 * @param model null where none could be fitted
 */
export function adviceFor(
  study: Study,
  goal: CurveGoal,
  model: Model | null,
  importance: readonly Importance[],
  curves: Curves,
): string[] {
  const better = model ? beyondRanges(study, model, importance) : []
  const unknown = bestAtEnds(study, goal, curves).filter(
    ({ name }) => !better.some((told) => told.name === name),
  )
  return [
    ...longer(study, goal, curves),
    ...better.map(({ sentence }) => sentence),
    ...gap(study, goal, curves),
    ...unknown.map(({ sentence }) => sentence),
    ...nothingMatters(study, goal, importance),
  ]
}

function nothingMatters(
  { trials }: Study,
  { metric }: CurveGoal,
  importance: readonly Importance[],
): string[] {
  const metrics = trials.flatMap((trial) => metricOf(trial) ?? [])
  const [first] = metrics
  if (first !== undefined && metrics.every((value) => value === first)) {
    return [
      `all ${metrics.length} trials gave ${plain(first)}: the values searched do not change ${metric ?? 'the metric'}; look at the data, the model, and what is measured`,
    ]
  }
  const explained = importance.reduce((sum, { share }) => sum + share, 0)
  if (metrics.length < LEAST || explained >= EXPLAINED) return []
  return [`the values searched explain little of ${metric ?? 'the metric'}: look at the data or the model`]
}
