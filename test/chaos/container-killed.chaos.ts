import { containerKilled } from './faults/container.ts'
import { matrix } from './matrix.ts'

matrix(containerKilled)
