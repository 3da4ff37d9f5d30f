import { databaseDiskFull } from './faults/disk.ts'
import { withTwoTrainings } from './faults/two-trainings.ts'
import { matrix } from './matrix.ts'

matrix(withTwoTrainings(databaseDiskFull))
