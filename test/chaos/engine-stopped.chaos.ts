import { engineStopped } from './faults/engine.ts'
import { matrix } from './matrix.ts'

matrix(engineStopped)
