import { untriedIn } from '../combinations.ts'
import { encodingOf } from '../encode.ts'
import { promisingPoints } from '../gp/acquisition.ts'
import { type Evidence, evidenceOf } from '../gp/observations.ts'
import { condition, fitHyperparameters, type GaussianProcess } from '../gp/regression.ts'
import { subsetOf } from '../gp/subset.ts'
import { createRandom, mixSeed } from '../random.ts'
import type { Sampler } from '../sampler.ts'
import { transferred } from '../transfer.ts'
import { quasiRandom } from './quasi-random.ts'

/** Observations before the model takes over: the user's own trial, and points spread evenly. */
const FIRST = 4
/** Observations that the hyperparameters are fitted to, and that the model is made of, so that a suggestion stays quick. */
const FITTED = 80
const SEEN = 250
/** Best trials near which it looks. */
const TOP = 5

/**
 * Bayesian optimisation for few trials: a Gaussian process with Matern's kernel, fitted anew for each suggestion, and the
 * point with the highest upper confidence bound.
 */
export const gaussianProcess: Sampler = {
  name: 'gaussian-process',
  suggest(study, seed) {
    const encoding = encodingOf(study.space)
    if (encoding.names.length === 0) return quasiRandom.suggest(study, seed)
    const earlier = transferred(study)
    const evidence = evidenceOf(study, encoding, earlier)
    if (study.trials.length + earlier.length < FIRST || evidence === null) {
      return quasiRandom.suggest(study, seed)
    }
    const { isOpen, any } = untriedIn(study)
    const own = mixSeed(seed, study.trials.length)
    const best = evidence.ranking.slice(0, TOP)
    for (const point of promisingPoints(encoding, modelOf(evidence), best, createRandom(own))) {
      const values = encoding.decode(point)
      if (isOpen(values)) return values
    }
    return any(own)
  },
}

/** What still runs is believed to come out as the model says: a kriging believer (D. Ginsbourger et al., 2010). */
function modelOf({ observations, running }: Evidence): GaussianProcess {
  const hyperparameters = fitHyperparameters(subsetOf(observations, FITTED))
  const seen = subsetOf(observations, SEEN)
  const believed = condition(seen, hyperparameters).predict(running)
  const points = [...seen.points, ...running]
  const targets = [...seen.targets, ...believed.map(({ mean }) => mean)]
  return condition({ ...seen, points, targets }, hyperparameters)
}
