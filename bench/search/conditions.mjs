import { createHash } from 'node:crypto'

/** Uniform in [0, 1), the same for equal names. */
const drawn = (...name) => createHash('sha256').update(name.join(' ')).digest().readUInt32LE() / 2 ** 32
/** Standard normal, by Box and Muller. */
const drawnNormal = (...name) =>
  Math.sqrt(-2 * Math.log(1 - drawn(...name, 'radius'))) * Math.cos(2 * Math.PI * drawn(...name, 'angle'))

/**
 * What a search meets whatever its sampler: by trial, in the order of their start, its length on the simulated clock and
 * what is added to the metric that the sampler sees.
 */
export const conditions = (seed, trials, noise) => ({
  durations: Array.from({ length: trials }, (_, trial) => 0.5 + drawn('duration', seed, trial)),
  noise: Array.from({ length: trials }, (_, trial) => noise * drawnNormal('noise', seed, trial)),
})
