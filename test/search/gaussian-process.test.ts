import { gaussianProcess } from '../../src/search/samplers/gaussian-process.ts'
import { samplerContract } from '../contracts/sampler.ts'

samplerContract('gaussian-process', gaussianProcess, { slow: true })
