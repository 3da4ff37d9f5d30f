import { logDiskFull } from './faults/disk.ts'
import { matrix } from './matrix.ts'

matrix(logDiskFull)
