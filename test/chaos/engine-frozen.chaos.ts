import { engineFrozen } from './faults/engine.ts'
import { matrix } from './matrix.ts'

matrix(engineFrozen)
