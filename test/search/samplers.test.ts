import { grid } from '../../src/search/samplers/grid.ts'
import { plain } from '../../src/search/samplers/plain.ts'
import { random } from '../../src/search/samplers/random.ts'
import { samplerContract } from '../contracts/sampler.ts'

samplerContract('random', random)
samplerContract('grid', grid, { seedless: true })
samplerContract('plain', plain, { seedless: true, early: true })
