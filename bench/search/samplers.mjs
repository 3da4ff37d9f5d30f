import { join } from 'node:path'

/**
 * One of Hone's samplers.
 * @param name `hone` for the default one, `hone:grid` and the like for the others
 * @param dist folder of a compiled build
 */
export async function loadSampler(name, dist) {
  const { samplerNamed } = await import(join(dist, 'src/search/samplers/index.js'))
  const sampler = samplerNamed(name === 'hone' ? 'gaussian-process' : name.replace('hone:', ''))
  if (sampler === undefined)
    throw new Error(`No sampler ${name}: tpe, gp, random, hone, hone:quasi-random, ...`)
  return sampler
}
