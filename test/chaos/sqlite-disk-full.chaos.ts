import { databaseDiskFull } from './faults/disk.ts'
import { matrix } from './matrix.ts'

matrix(databaseDiskFull)
