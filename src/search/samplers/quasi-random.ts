import { untriedIn } from '../combinations.ts'
import { createRandom, mixSeed, permutation } from '../random.ts'
import type { Sampler } from '../sampler.ts'
import { decode } from '../space.ts'

/** Points of the sequence that are looked at before the search for an untried one changes its way. */
const ATTEMPTS = 256

/**
 * Halton's sequence with random digit permutations (A. B. Owen, A randomized Halton algorithm in R, 2017,
 * arXiv:1706.02808): covers the space evenly from the first points on, in any number of dimensions, without a
 * correlation between the dimensions of large bases.
 */
export const quasiRandom: Sampler = {
  name: 'quasi-random',
  suggest(study, seed) {
    const { space, trials } = study
    const dimensions = Object.entries(space)
    if (dimensions.length === 0) return null
    const { isOpen, any } = untriedIn(study)
    const sequences = primes(dimensions.length).map((base, dimension) =>
      halton(base, mixSeed(seed, dimension)),
    )
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const index = trials.length + attempt
      const values = Object.fromEntries(
        dimensions.map(([name, distribution], at) => [
          name,
          decode(sequences[at]?.(index) ?? 0, distribution),
        ]),
      )
      if (isOpen(values)) return values
    }
    return any(mixSeed(seed, trials.length))
  },
}

/** The digits of the index, permuted by position, mirrored at the point; as many as a double tells apart. */
function halton(base: number, seed: number): (index: number) => number {
  const positions = Math.ceil(32 / Math.log2(base))
  const permutations = Array.from({ length: positions }, (_, position) =>
    permutation(base, createRandom(mixSeed(seed, position))),
  )
  return (index) => {
    let rest = index
    let scale = 1
    let point = 0
    for (const order of permutations) {
      scale /= base
      point += (order[rest % base] ?? 0) * scale
      rest = Math.floor(rest / base)
    }
    return point
  }
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}
