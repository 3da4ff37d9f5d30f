import { containerKilled } from './faults/container.ts'
import { withTwoTrainings } from './faults/two-trainings.ts'
import { matrix } from './matrix.ts'

matrix(withTwoTrainings(containerKilled))
