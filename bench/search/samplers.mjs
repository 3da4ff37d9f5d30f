import { join } from 'node:path'

/**
 * @param name of one of Hone's samplers; `hone` is the default one
 * @param dist folder of a compiled build
 */
export async function loadSampler(name, dist) {
  const { samplers, defaultSampler } = await import(join(dist, 'src/search/samplers/index.js'))
  const sampler = name === 'hone' ? defaultSampler : samplers[name]
  if (sampler === undefined)
    throw new Error(`No sampler ${name}: tpe, gp, random, hone, ${Object.keys(samplers)}`)
  return sampler
}
