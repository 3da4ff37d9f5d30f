import { modelOf } from './gp/model.ts'
import { metricOf } from './metrics.ts'
import type { PastTrial, RelatedStudy, Study, Values } from './sampler.ts'
import { differenceOf } from './transfer/difference.ts'
import { areAlike, isWithin, mapValues } from './transfer/map-values.ts'

/** An observation of an earlier commit in the terms of the present one. */
export interface Transferred {
  /** In the present space. */
  values: Values
  /** At the present level; null for one that failed. */
  metric: number | null
  /** Beyond the noise; in units of the variance of the outputs. */
  extraVariance: number
}

/** Earlier searches that are looked at. */
const STUDIES = 3
/** Present trials and observations of all of them together: the more a search sees itself, the less it has to be told. */
const MOST = 40
/** Present trials before anything is told: without some of its own a search does not see that a commit is unlike. */
const PRESENT = 3
/** Trials that a search needs to tell anything. */
const LEAST = 4
/**
 * Observations that count as one: neighbouring ones differ from the present function in the same way, so that many of them
 * are no surer than few.
 */
const TOGETHER = 5
/** Variance of the difference from which on an earlier search tells less than none. */
const DISAGREES = 0.7

/**
 * The trials of earlier commits as observations of the present one: of the same hyperparameters by name, with what is new
 * at the user's own value, moved to the present level, and the less certain, the less the present results are what a
 * model of the earlier ones says. Dropped where they disagree or lie outside of the present space, and fewer the more
 * present trials there are. The setting is that of D. Stoll et al., Hyperparameter transfer across developer adjustments,
 * 2020, arXiv:2010.13117. Pure.
 * @returns at most 40, those of the nearest commit first; none where the spaces are unlike, and to a search that has just
 *   begun or is well on its way
 */
export function transferred(study: Study): Transferred[] {
  const found: Transferred[] = []
  const present = study.trials.length
  if (present < PRESENT) return found
  for (const related of (study.related ?? []).slice(0, STUDIES)) {
    const room = MOST - present - found.length
    if (room < LEAST || !areAlike(study.space, related.space)) continue
    found.push(...observationsOf(related, study, room))
  }
  return found
}

function observationsOf(related: RelatedStudy, study: Study, room: number): Transferred[] {
  const { space, direction } = study
  const own = study.trials.find(({ number }) => number === 0)?.values ?? {}
  const within = related.trials.filter(({ values }) => isWithin(space, related.space, values))
  const trials = thinned(within, direction === 'maximize' ? 1 : -1, room).map((trial) => ({
    ...trial,
    values: mapValues(space, related.space, trial.values, own),
  }))
  const model = modelOf({ space, direction, trials }, LEAST)
  if (model === null) return []
  const { shift, variance } = differenceOf(model, study.trials)
  if (variance > DISAGREES) return []
  const extraVariance = TOGETHER * variance
  return trials.map((trial) => {
    const metric = metricOf(trial)
    return { values: trial.values, metric: metric === null ? null : metric + shift, extraVariance }
  })
}

/** Half of the room for the best, the rest for others from all along the search; in the order of the trials. */
function thinned(trials: readonly PastTrial[], sign: number, room: number): PastTrial[] {
  const ended = trials.filter(({ state }) => state !== 'running')
  if (ended.length <= room) return ended
  const scored = ended.map((trial) => ({
    trial,
    score: sign * (metricOf(trial) ?? -sign * Number.MAX_VALUE),
  }))
  const ranked = scored.sort((a, b) => b.score - a.score).map(({ trial }) => trial)
  const best = new Set(ranked.slice(0, Math.ceil(room / 2)))
  const others = ended.filter((trial) => !best.has(trial))
  const every = others.length / (room - best.size)
  const spread = new Set(
    Array.from({ length: room - best.size }, (_, index) => others[Math.floor(index * every)]),
  )
  return ended.filter((trial) => best.has(trial) || spread.has(trial))
}
