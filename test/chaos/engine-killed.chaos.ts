import { engineKilled } from './faults/engine.ts'
import { matrix } from './matrix.ts'

matrix(engineKilled)
