import { engineKilled } from './faults/engine.ts'
import { withTwoTrainings } from './faults/two-trainings.ts'
import { matrix } from './matrix.ts'

matrix(withTwoTrainings(engineKilled))
