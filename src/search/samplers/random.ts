import { untriedIn } from '../combinations.ts'
import { createRandom, mixSeed } from '../random.ts'
import type { Sampler } from '../sampler.ts'
import { decode } from '../space.ts'

/** Draws before the search for an untried combination walks through what is left. */
const DRAWS = 256

/**
 * Each hyperparameter by itself, evenly over its scale (J. Bergstra and Y. Bengio, Random search for hyper-parameter
 * optimization, 2012, JMLR 13).
 */
export const random: Sampler = {
  name: 'random',
  suggest(study, seed) {
    const dimensions = Object.entries(study.space)
    if (dimensions.length === 0) return null
    const { isOpen, any } = untriedIn(study)
    const own = mixSeed(seed, study.trials.length)
    const draw = createRandom(own)
    for (let attempt = 0; attempt < DRAWS; attempt++) {
      const values = Object.fromEntries(
        dimensions.map(([name, dimension]) => [name, decode(draw(), dimension)]),
      )
      if (isOpen(values)) return values
    }
    return any(own)
  },
}
