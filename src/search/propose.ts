import { moreEpochs } from './epochs.ts'
import type { Curve } from './pruner.ts'
import type { Sampler, Study, Values } from './sampler.ts'
import { isForbidden } from './space.ts'
import { parentBest } from './transfer/parent-best.ts'

/** The values of the next trial. */
export interface Proposal {
  values: Values
  /** Where they come from, in words: `the best of run #12`. */
  origin: string
}

/** What is known beyond the trials. */
export interface ProposalExtras {
  /** The run of the nearest related study, as it is called: `#12`. */
  parent?: string | undefined
  /** Curves of the objective, of all trials. */
  curves?: readonly Curve[] | undefined
  /** Name of the hyperparameter that sets the number of epochs. */
  epochs?: string | null | undefined
  /** The value of the metric to reach. */
  target?: number | undefined
}

/**
 * The next values and why: first the best of an earlier commit, then more epochs where the best trial's curve still rises,
 * else what the sampler says. Pure.
 * @returns null when every combination has been tried
 */
export function propose(
  study: Study,
  sampler: Sampler,
  seed: number,
  { parent, curves = [], epochs = null, target }: ProposalExtras = {},
): Proposal | null {
  const inherited = study.trials.length <= 1 ? parentBest(study) : null
  if (inherited) {
    const run = inherited.related === 0 && parent ? `run ${parent}` : 'an earlier commit'
    return { values: inherited.values, origin: `the best of ${run}, its trial ${inherited.trial}` }
  }
  const longer = target === undefined ? null : moreEpochs(study, curves, epochs, target)
  if (longer && !isForbidden(study.space, study.forbidden, longer.values)) {
    return { values: longer.values, origin: `more epochs: ${longer.reason}` }
  }
  const values = sampler.suggest(study, seed)
  return values && { values, origin: `the ${sampler.name} sampler` }
}
