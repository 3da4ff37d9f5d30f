import { serverKilled } from './faults/server.ts'
import { withTwoTrainings } from './faults/two-trainings.ts'
import { matrix } from './matrix.ts'

matrix(withTwoTrainings(serverKilled))
