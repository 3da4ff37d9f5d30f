import type { Settings } from '../../domain/settings.ts'
import type { Sampler } from '../sampler.ts'
import { gaussianProcess } from './gaussian-process.ts'
import { grid } from './grid.ts'
import { plain } from './plain.ts'
import { quasiRandom } from './quasi-random.ts'
import { random } from './random.ts'

const SAMPLERS: Record<Settings['sampler'], Sampler> = {
  'gaussian-process': gaussianProcess,
  'quasi-random': quasiRandom,
  random,
  grid,
  plain,
}

export const samplerNamed = (name: Settings['sampler']): Sampler => SAMPLERS[name]
